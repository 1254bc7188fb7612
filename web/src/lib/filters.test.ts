import { describe, expect, it } from 'vitest'
import { columnsFrom, defaultColumns, filtersOf, sortOf, without } from './filters'

describe('ledger filters', () => {
  it('takes only known words from the address', () => {
    expect(filtersOf({ q: '燃气', state: 'doing', junk: '1', mine: '' })).toEqual({ q: '燃气', state: 'doing' })
    expect(sortOf({ sort: '-created' })).toBe('-created')
    expect(sortOf({ sort: 'title; drop' })).toBe('due')
    expect(without({ q: 'a', mine: '1' }, 'q')).toEqual({ mine: '1' })
  })
  it('keeps columns that exist, in the order chosen', () => {
    expect(columnsFrom(['due', 'gone', 'no']).map((c) => c.key)).toEqual(['due', 'no'])
    expect(columnsFrom(null).map((c) => c.key)).toEqual(defaultColumns)
    expect(columnsFrom(['progress', 'region']).map((c) => c.sheet)).toEqual(['percent', undefined])
    expect(columnsFrom([]).map((c) => c.key)).toEqual(defaultColumns)
  })
})
