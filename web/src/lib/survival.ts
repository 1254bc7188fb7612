// Steps of a survival curve (Kaplan–Meier) as the server gives them: what holds on a day, and the corners to draw.
export interface Step { day: number; at_risk: number; events: number; survival: number; low: number | null; high: number | null }

/* The share still fixed `day` days after: that of the last step on or before it. Null when nobody was watched so long. */
export function holdsOn(steps: Step[], day: number, watched: number): { share: number; low: number | null; high: number | null } | null {
  if (day > watched) return null
  let at: Step | null = null
  for (const s of steps) {
    if (s.day > day) break
    at = s
  }
  return at ? { share: at.survival, low: at.low, high: at.high } : { share: 1, low: null, high: null }
}
/* Points of the step line: begins whole on day 0, ends where watching ended. */
export function corners(steps: Step[], until: number): [number, number][] {
  const points: [number, number][] = [[0, 1]]
  for (const s of steps) points.push([s.day, s.survival])
  const last = points[points.length - 1]!
  if (until > last[0]) points.push([until, last[1]])
  return points
}
/* One edge of the interval, only from where there is one. */
export function bounds(steps: Step[], which: 'low' | 'high', until: number): [number, number][] {
  const points = steps.filter((s) => s[which] !== null).map((s): [number, number] => [s.day, s[which]!])
  const last = points[points.length - 1]
  if (last && until > last[0]) points.push([until, last[1]])
  return points
}
