import { describe, expect, it } from 'vitest'
import { columnsOf, mapOf } from './sheetmap'

describe('columns of a file', () => {
  it('go to and fro', () => {
    const c = columnsOf('日期=time;化学需氧量=cod', '备注=-')
    expect(c).toEqual([{ title: '日期', as: 'time' }, { title: '化学需氧量', as: 'cod' }, { title: '备注', as: '-' }])
    expect(mapOf(c)).toBe('日期=time;化学需氧量=cod;备注=-')
    expect(columnsOf('', '')).toEqual([])
  })
  it('a title may hold a sign of equality', () => {
    expect(columnsOf('x=1=cod', '')).toEqual([{ title: 'x=1', as: 'cod' }])
  })
})
