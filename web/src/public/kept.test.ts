// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'
import { draft, dropDraft, forget, keep, keepDraft, reports } from './kept'

beforeEach(() => localStorage.clear())

test('reports are kept, newest first, once each, and forgotten', () => {
  keep({ no: 'a', code: '1', what: 'x', at_ms: 1 })
  keep({ no: 'b', code: '2', what: 'y', at_ms: 2 })
  keep({ no: 'a', code: '1', what: 'x', at_ms: 1 })
  expect(reports().map((r) => r.no)).toEqual(['a', 'b'])
  forget('a')
  expect(reports().map((r) => r.no)).toEqual(['b'])
})

test('what others left in the store does no harm', () => {
  localStorage.setItem('bihuan.reports', '[{"no":1},null,{"no":"a","code":"b"}]')
  expect(reports()).toHaveLength(1)
  localStorage.setItem('bihuan.report.draft', 'not json')
  expect(draft().text).toBe('')
})

test('a draft outlives a reload', () => {
  keepDraft({ category: 'fire', text: '堵塞', place: '', contact: '', region: '' })
  expect(draft().text).toBe('堵塞')
  dropDraft()
  expect(draft().text).toBe('')
})
