import { describe, expect, it } from 'vitest'
import { clock, day, dayPlus, dueWords, shortDay } from './time'

const now = Date.UTC(2026, 10, 23, 1, 0) // 2026-11-23 09:00 in China
const item = (due: number | null, left: number | null) => ({ due_ms: due, days_left: left, closed_ms: null, phase: 'open' })

describe('time', () => {
  it('reads the day in China', () => {
    expect(day(Date.UTC(2026, 10, 22, 17, 0))).toBe('2026-11-23')
    expect(clock(now)).toBe('09:00')
    expect(shortDay(Date.UTC(2027, 0, 4), now)).toBe('2027-01-04')
    expect(dayPlus('2026-12-31', 1)).toBe('2027-01-01')
  })
  it('says a deadline in words', () => {
    expect(dueWords(item(Date.UTC(2026, 10, 27, 10), 4), now)).toEqual({ key: 'page.due.in', args: { n: 4, date: '11-27' } })
    expect(dueWords(item(Date.UTC(2026, 10, 24, 10), 1), now).key).toBe('page.due.in_one')
    expect(dueWords(item(Date.UTC(2026, 10, 23, 10), 0), now)).toEqual({ key: 'page.due.today', args: { time: '18:00' } })
    expect(dueWords(item(Date.UTC(2026, 10, 18, 10), -3), now)).toEqual({ key: 'page.due.over', args: { n: 3, date: '11-18' } })
    expect(dueWords(item(null, null), now).key).toBe('page.due.none')
    expect(dueWords({ ...item(1, -1), phase: 'closed', closed_ms: now }, now).key).toBe('page.due.closed')
  })
})
