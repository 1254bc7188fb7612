import { describe, expect, it } from 'vitest'
import { bounds, corners, holdsOn } from './survival'

const steps = [
  { day: 45, at_risk: 4, events: 1, survival: 0.75, low: 0.3, high: 0.95 },
  { day: 100, at_risk: 2, events: 1, survival: 0.375, low: 0.05, high: 0.7 },
]

describe('how long fixes last', () => {
  it('holds whole until the first came back, then as the last step says', () => {
    expect(holdsOn(steps, 30, 120)).toEqual({ share: 1, low: null, high: null })
    expect(holdsOn(steps, 45, 120)).toEqual({ share: 0.75, low: 0.3, high: 0.95 })
    expect(holdsOn(steps, 119, 120)?.share).toBe(0.375)
  })
  it('says nothing of days that nobody watched', () => {
    expect(holdsOn(steps, 180, 120)).toBeNull()
    expect(holdsOn([], 30, 0)).toBeNull()
    expect(holdsOn([], 30, 90)?.share).toBe(1)
  })
  it('draws from whole on day 0 to the end of watching', () => {
    expect(corners(steps, 120)).toEqual([[0, 1], [45, 0.75], [100, 0.375], [120, 0.375]])
    expect(corners(steps, 100)).toHaveLength(3)
    expect(corners([], 60)).toEqual([[0, 1], [60, 1]])
  })
  it('has an interval only where the server gave one', () => {
    expect(bounds(steps, 'low', 120)).toEqual([[45, 0.3], [100, 0.05], [120, 0.05]])
    expect(bounds([{ ...steps[0]!, high: null }], 'high', 120)).toEqual([])
  })
})
