import { describe, expect, it } from 'vitest'
import { periodOf, presetOf } from './period'

describe('periods of a report', () => {
  it('are whole months, quarters and years', () => {
    expect(periodOf('month', '2026-11-23')).toEqual({ from: '2026-11-01', to: '2026-11-30' })
    expect(periodOf('quarter', '2026-11-23')).toEqual({ from: '2026-10-01', to: '2026-12-31' })
    expect(periodOf('year', '2026-11-23')).toEqual({ from: '2026-01-01', to: '2026-12-31' })
    expect(periodOf('last_year', '2026-11-23')).toEqual({ from: '2025-01-01', to: '2025-12-31' })
  })
  it('reach back over the turn of the year, and know February', () => {
    expect(periodOf('last_month', '2027-01-05')).toEqual({ from: '2026-12-01', to: '2026-12-31' })
    expect(periodOf('last_quarter', '2027-02-05')).toEqual({ from: '2026-10-01', to: '2026-12-31' })
    expect(periodOf('month', '2028-02-29')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
  })
  it('are recognised again', () => {
    expect(presetOf({ from: '2026-11-01', to: '2026-11-30' }, '2026-11-23')).toBe('month')
    expect(presetOf({ from: '2026-11-02', to: '2026-11-30' }, '2026-11-23')).toBeUndefined()
  })
})
