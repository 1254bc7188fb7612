// The server counts Unicode code points, JavaScript UTF-16 units. The two differ by one for every
// character beyond U+FFFF before the place, so only the places of those few are kept.
export class CodeText {
  readonly length: number // in code points
  private readonly wide: number[] = [] // code-point offsets of characters beyond U+FFFF, ascending

  constructor(readonly text: string) {
    let cp = 0
    for (let i = 0; i < text.length; i++, cp++) {
      const u = text.charCodeAt(i)
      if (u >= 0xd800 && u <= 0xdbff && i + 1 < text.length) {
        const low = text.charCodeAt(i + 1)
        if (low >= 0xdc00 && low <= 0xdfff) {
          this.wide.push(cp)
          i++
        }
      }
    }
    this.length = cp
  }

  /* UTF-16 offset of a code-point offset (clamped to the text). */
  unit(cp: number): number {
    const at = Math.max(0, Math.min(cp, this.length))
    return at + lowerBound(this.wide, at)
  }

  /* Code-point offset of a UTF-16 offset; one inside a pair counts as the pair's start. */
  point(unit: number): number {
    const at = Math.max(0, Math.min(unit, this.text.length))
    let lo = 0
    let hi = this.wide.length
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (this.wide[mid]! + mid + 1 < at) lo = mid + 1
      else hi = mid
    }
    const inside = lo < this.wide.length && this.wide[lo]! + lo + 1 === at
    return inside ? this.wide[lo]! : at - lo
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.unit(start), this.unit(end))
  }
}

/* How many members of an ascending list are below x. */
export function lowerBound(list: number[], x: number): number {
  let lo = 0
  let hi = list.length
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if (list[mid]! < x) lo = mid + 1
    else hi = mid
  }
  return lo
}

/* Code points in a stretch of UTF-16. */
export function countPoints(s: string): number {
  return [...s].length
}
