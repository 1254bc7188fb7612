// Dates as an office in China reads them. The country has one zone without summer time, so a fixed
// shift is exact and independent of the reader's machine.
const CST_MS = 8 * 3600_000
const two = (n: number) => String(n).padStart(2, '0')
const at = (ms: number) => new Date(ms + CST_MS)

export function day(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return ''
  const d = at(ms)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}
export function clock(ms: number): string {
  const d = at(ms)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}
export function dayTime(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '' : `${day(ms)} ${clock(ms)}`
}
export function weekday(ms: number): number {
  return at(ms).getUTCDay()
}
/* Month and day, with the year only when it is not this year's. */
export function shortDay(ms: number, now: number): string {
  const s = day(ms)
  return s.slice(0, 4) === day(now).slice(0, 4) ? s.slice(5) : s
}
export function dayPlus(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86400_000).toISOString().slice(0, 10)
}

export interface DueWords { key: string; args: Record<string, string | number> }
export interface DueLike { due_ms: number | null; days_left: number | null; closed_ms: number | null; phase: string }

/* Message key and arguments that say a deadline in words; days are working days as the server counts. */
export function dueWords(m: DueLike, now: number): DueWords {
  if (m.phase === 'closed') {
    if (m.closed_ms === null) return { key: 'page.due.ended', args: {} }
    return { key: 'page.due.closed', args: { date: shortDay(m.closed_ms, now) } }
  }
  if (m.due_ms === null) return { key: 'page.due.none', args: {} }
  const date = shortDay(m.due_ms, now)
  const n = m.days_left
  if (m.due_ms < now) {
    const late = Math.abs(n ?? 0)
    if (late === 0) return { key: 'page.due.over_today', args: { date } }
    return { key: late === 1 ? 'page.due.over_one' : 'page.due.over', args: { n: late, date } }
  }
  if (n === null) return { key: 'page.due.on', args: { date } }
  if (day(m.due_ms) === day(now)) return { key: 'page.due.today', args: { time: clock(m.due_ms) } }
  return { key: n === 1 ? 'page.due.in_one' : 'page.due.in', args: { n, date } }
}
