import { describe, expect, it } from 'vitest'
import { drawAll, drawIds, drawKey, drawSecond, fingerprint, type Candidate } from './draw'
import { sha256Text } from './hash'

const SEED = '双色球 2026133 期：03 08 14 21 26 30 + 09'
const things: Candidate[] = Array.from({ length: 500 }, (_, i) => ({ id: String(7000000000000000000n + BigInt(i * 7919)), weight: 1000 * (1 + (i % 5)) + i }))

describe('a draw repeated', () => {
  // Given by src/num/draw.c for the same seed and candidates.
  it('gives what the server gives', () => {
    expect(drawIds(SEED, things, 12)).toEqual(['7000000000003072572', '7000000000003753606', '7000000000002906273', '7000000000001401663', '7000000000000783981', '7000000000003104248', '7000000000001567962', '7000000000001781775', '7000000000001084903', '7000000000000356355', '7000000000003112167', '7000000000000894847'])
    expect(drawKey(sha256Text(SEED).slice(0, 16), things[3]!.id, things[3]!.weight / 1000)).toBe(0.50464524976221137)
  })
  it('does not depend on the order or on who else is there', () => {
    const twelve = drawIds(SEED, things, 12)
    expect(drawIds(SEED, [...things].reverse(), 12)).toEqual(twelve)
    const without = things.filter((t) => t.id !== twelve[0])
    expect(drawIds(SEED, without, 11)).toEqual(twelve.slice(1))
  })
  it('draws nobody twice, nobody without weight, and no more than there are', () => {
    const some = things.slice(0, 5).map((t, i) => ({ ...t, weight: i ? t.weight : 0 }))
    const got = drawIds(SEED, some, 99)
    expect(new Set(got).size).toBe(4)
    expect(got).not.toContain(some[0]!.id)
  })
  it('never sends an inspector to what their own organisation runs', () => {
    const thing = { ...things[0]!, avoid: '77' }
    const others = Array.from({ length: 6 }, (_, i) => ({ id: String(100 + i), weight: 1000, avoid: i < 4 ? '77' : '88' }))
    const got = drawSecond(SEED, thing, others, 6)
    expect([...got].sort()).toEqual(['104', '105'])
    expect(drawAll(SEED, [thing], others, 1, 2)).toEqual([{ id: thing.id, second: got.slice(0, 2) }])
  })
  it('tells a changed candidate by the fingerprint', () => {
    const before = fingerprint(things, [])
    expect(fingerprint([...things].reverse(), [])).toBe(before)
    expect(fingerprint(things.map((t, i) => (i === 9 ? { ...t, weight: t.weight + 1 } : t)), [])).not.toBe(before)
  })
})
