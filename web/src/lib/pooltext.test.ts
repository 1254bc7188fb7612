import { describe, expect, it } from 'vitest'
import { drawIds, fingerprint } from './draw'
import { candidatesOf } from './pooltext'
import { hex, sha256Text } from './hash'

describe('the published list of a draw', () => {
  const text = '0 912466389615247360 1500 0\n0 915727883710758912 1000 0\n1 7 1000 3\n'
  it('is read kind by kind', () => {
    expect(candidatesOf(text).first.map((c) => c.weight)).toEqual([1500, 1000])
    expect(candidatesOf(text).others).toEqual([{ id: '7', weight: 1000, avoid: '3' }])
    expect(candidatesOf('')).toEqual({ first: [], others: [] })
  })
  it('has the fingerprint of its own text, and can be drawn from', () => {
    const { first, others } = candidatesOf(text)
    expect(fingerprint(first, others)).toBe(hex(sha256Text(text)))
    expect(drawIds('03 08 14', first, 1)).toHaveLength(1)
  })
})
