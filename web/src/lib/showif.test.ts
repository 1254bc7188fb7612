import { describe, expect, it } from 'vitest'
import { parseShowIf, shownItems } from './showif'

const on = (text: string, a: Record<string, string | number>) => parseShowIf(text)((id) => a[id] ?? null)

describe('show_if', () => {
  it('compares choices and numbers', () => {
    expect(on('a = yes', { a: 'yes' })).toBe(true)
    expect(on('a != yes', { a: 'no' })).toBe(true)
    expect(on('n >= 3', { n: 3 })).toBe(true)
    expect(on('n < 3 | a=na', { n: 3, a: 'na' })).toBe(true)
    expect(on('n > 1 & !(a = no | a = na)', { n: 2, a: 'yes' })).toBe(true)
  })
  it('is false where nothing was answered, whatever the operator', () => {
    expect(on('a != yes', {})).toBe(false)
    expect(on('n != 3', { n: 'yes' })).toBe(false)
  })
  it('refuses what it does not understand', () => {
    for (const bad of ['', 'a =', 'a = maybe', 'a < yes', '(a = yes', 'a = yes b', 'a == yes']) expect(() => parseShowIf(bad)).toThrow()
  })
  it('skips an item, and what depends on the skipped one', () => {
    const items = [{ id: 'a' }, { id: 'b', show_if: 'a = yes' }, { id: 'c', show_if: 'b = no' }, { id: 'd', show_if: 'broken =' }]
    const answers = new Map<string, string | number>([['a', 'no'], ['b', 'no']])
    expect(shownItems(items, answers).map((i) => i.id)).toEqual(['a', 'd'])
    answers.set('a', 'yes')
    expect(shownItems(items, answers).map((i) => i.id)).toEqual(['a', 'b', 'c', 'd'])
  })
})
