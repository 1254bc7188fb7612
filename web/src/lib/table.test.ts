import { describe, expect, it } from 'vitest'
import { fromTsv, toTsv } from './table'

describe('tab-separated text', () => {
  it('goes out and comes back', () => {
    const rows = [['编号', '事项'], ['1', '两行\n“引号” "x"'], ['2', '制表\t符']]
    expect(fromTsv(toTsv(rows))).toEqual(rows)
  })
  it('reads what Excel puts on the clipboard', () => {
    expect(fromTsv('a\tb\r\nc\td\r\n')).toEqual([['a', 'b'], ['c', 'd']])
    expect(fromTsv('\n\n')).toEqual([])
  })
})
