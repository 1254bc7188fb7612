import { describe, expect, it } from 'vitest'
import { ageWords, cssOf, dayMs, figure, formulaOf, fromInput, gapsOf, inkOn, isSilent, lineOf, monthPlus, nearest, runsOf, scaleOf, stepOf, toInput, weekOf, weeksOf } from './sense'

const H = 3600_000
const c = { at_ms: [0, H, 2 * H, 6 * H, 7 * H], value: [1, 2, null, 4, 5], flag: 'NMM N' }
const counts = (f: string) => f !== 'M'

describe('times of inputs, and weeks', () => {
  it('go to and fro in China’s time', () => {
    const ms = Date.parse('2026-11-02T08:05:00+08:00')
    expect(toInput(ms)).toBe('2026-11-02T08:05')
    expect(fromInput('2026-11-02T08:05')).toBe(ms)
    expect(fromInput('')).toBeNull()
    expect(fromInput('2026-13-45T99:99')).toBeNull()
  })
  it('a week belongs to the year of its Thursday', () => {
    expect(weekOf('2026-11-02')).toBe('2026-W45')
    expect(weekOf('2027-01-03')).toBe('2026-W53')
    expect(weekOf('2025-12-29')).toBe('2026-W01')
    expect(weekOf('2024-12-30')).toBe('2025-W01')
  })
})

describe('a column of readings', () => {
  it('breaks its line where values are missing, and knows which reading a point is', () => {
    const l = lineOf(c, H)
    expect(l.points).toEqual([[0, 1], [H, 2], [2 * H, null], [3 * H, null], [6 * H, 4], [7 * H, 5]])
    expect(l.from).toEqual([0, 1, 2, -1, 3, 4])
  })
  it('tells gaps and stretches that do not count', () => {
    expect(gapsOf(c, H)).toEqual([{ from: 3 * H, to: 6 * H, flag: '', n: 3 }])
    expect(runsOf(c, counts, H)).toEqual([{ from: H, to: 3 * H, flag: 'M', n: 2 }])
    expect(gapsOf({ at_ms: [], value: [], flag: '' }, H)).toEqual([])
  })
  it('takes the usual step of values that come more sparsely than their kind', () => {
    expect(stepOf('hour', [0, 4 * H, 8 * H, 12 * H])).toBe(4 * H)
    expect(stepOf('minute', [])).toBe(60_000)
  })
  it('finds the reading next to a moment', () => {
    expect(nearest([], 5)).toBe(-1)
    expect(nearest(c.at_ms, 3.9 * H)).toBe(2)
    expect(nearest(c.at_ms, 4.1 * H)).toBe(3)
    expect(nearest(c.at_ms, 99 * H)).toBe(4)
  })
})
describe('words and figures', () => {
  it('says ages in the unit that suits', () => {
    expect(ageWords(59_000, 0).key).toBe('page.sense.age_now')
    expect(ageWords(5 * 60_000, 0)).toEqual({ key: 'page.sense.age_min', args: { n: 5 } })
    expect(ageWords(3 * H, 0)).toEqual({ key: 'page.sense.age_h', args: { n: 3 } })
    expect(ageWords(72 * H, 0)).toEqual({ key: 'page.sense.age_d', args: { n: 3 } })
    expect(isSilent(4 * H, H)).toBe(false)
    expect(isSilent(5 * H, H)).toBe(true)
    expect(isSilent(5 * H, H, 'water')).toBe(false)
    expect(isSilent(0, null)).toBe(true)
  })
  it('writes no more places than a figure needs', () => {
    expect([134.567, 34.567, 3.4567, 0.034567, 0, null].map(figure)).toEqual(['135', '34.6', '3.46', '0.0346', '0', '—'])
  })
  it('writes black on light colours and white on dark ones', () => {
    expect(cssOf('0,228,0')).toBe('rgb(0,228,0)')
    expect(cssOf('')).toBe('#9aa5b1')
    expect(['0,228,0', '255,255,0', '255,126,0', '255,0,0', '153,0,76', '126,0,35'].map(inkOn)).toEqual(['#000', '#000', '#000', '#000', '#fff', '#fff'])
  })
  it('shows the formula with its figures', () => {
    const b = { rounded: 97, lo: 60, hi: 115, index_lo: 100, index_hi: 150, sub: 134, above: false }
    expect(formulaOf(b)).toBe('(150 − 100) ÷ (115 − 60) × (97 − 60) + 100 = 133.64 → 134')
    expect(formulaOf({ ...b, lo: null })).toBe('')
  })
})
describe('calendars and scales', () => {
  it('lays a month out in weeks from Monday', () => {
    const w = weeksOf('2026-11')
    expect(w[0]).toEqual(['', '', '', '', '', '', '2026-11-01'])
    expect(w).toHaveLength(6)
    expect(w[5]![0]).toBe('2026-11-30')
    expect([monthPlus('2026-12', 1), monthPlus('2026-01', -1), monthPlus('2026-03', -15)]).toEqual(['2027-01', '2025-12', '2024-12'])
    expect(dayMs('2026-11-02')).toBe(1793548800000)
  })
  it('keeps values beyond the ends of a scale on it', () => {
    const s = scaleOf([10, 20, 30])
    expect(s.share(0)).toBe(0)
    expect(s.share(99)).toBeLessThan(1)
    expect(scaleOf([]).share(3)).toBeLessThan(1)
  })
})
