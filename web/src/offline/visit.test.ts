import { describe, expect, it } from 'vitest'
import type { Bundle, CheckItem, Visit } from '@/api/types'
import type { Entry } from './queue'
import { isFinding, localVisit } from './visit'

const item = (id: string, more: Partial<CheckItem> = {}): CheckItem => ({ id, group_zh: '', group_en: '', zh: id, en: id, answer: 'choice', unit: '', lo: null, hi: null, finding: 'no', major: false, photo: false, criterion: '', basis_zh: '', basis_en: '', show_if: '', certainty: 'house', weight: 1, ...more })
const visit = { id: '900', client_id: 'c-900', no: 'n', state: 'under-way', object: { id: '7', type: 'gas-station', name: 'x' }, planned: '2026-11-22', unannounced: false, checklist_key: 'k', checklist: null, answers: [{ item: 'a', value: 'yes', note: '', client_id: 's1', captured_ms: 100, counts: true }], findings: [], files: [], signs: [], inspectors: [], recorded_ms: null } as unknown as Visit
const bundle = { visits: [visit], checklists: [{ key: 'k', type: 'gas-station', day: '', editions: '', items: [item('a'), item('b', { show_if: 'a = no' })] }], objects: [{ id: '7', type: 'gas-station', name: 'x' }], plans: [] } as unknown as Bundle
let n = 0
const entry = (kind: string, body: Record<string, unknown>, more: Partial<Entry> = {}): Entry => ({ id: `e${++n}`, n, kind, visit: '900', body, made_ms: 200, state: 'waiting', ...more })

describe('a visit on the device', () => {
  it('puts what was made here on top of what the server knew', () => {
    const v = localVisit('900', bundle, [entry('answer', { item: 'a', value: 'no' })])!
    expect(v.answers.get('a')).toMatchObject({ value: 'no', state: 'waiting' })
    expect(v.shown.map((i) => i.id)).toEqual(['a', 'b'])
    expect([v.answered, v.unsent, v.phase]).toEqual([1, 1, 'under-way'])
  })
  it('keeps the later answer of the two, and forgets one that was refused', () => {
    expect(localVisit('900', bundle, [entry('answer', { item: 'a', value: 'no' }, { made_ms: 50 })])!.answers.get('a')!.value).toBe('yes')
    expect(localVisit('900', bundle, [entry('answer', { item: 'a', value: 'no' }, { state: 'refused' })])!.answers.get('a')!.value).toBe('yes')
  })
  it('knows a visit by the name that this page gave it', () => {
    const v = localVisit('c-900', bundle, [entry('start', {}, { visit: 'c-900' })])!
    expect([v.id, v.unsent]).toEqual(['900', 1])
  })
  it('makes one without the server', () => {
    const made = entry('visit', { object: '7', planned: '2026-11-22' }, { id: 'u-1', visit: 'u-1' })
    const v = localVisit('u-1', bundle, [made])!
    expect([v.object?.name, v.items.length, v.phase, v.unsent]).toEqual(['x', 2, 'planned', 1])
  })
  it('walks on with what was done here: record, signatures of both sides, close', () => {
    const list = [entry('record', { content: 'x', clean: true })]
    expect(localVisit('900', bundle, list)!.phase).toBe('recorded')
    list.push(entry('sign', { side: 'inspector' }), entry('refuse', { side: 'unit', reason: 'r' }))
    expect(localVisit('900', bundle, list)!.phase).toBe('signed')
    list.push(entry('close', {}))
    expect(localVisit('900', bundle, list)!.phase).toBe('closed')
  })
  it('tells a finding by the catalog, not by a word of its own', () => {
    expect(isFinding(item('a'), 'no')).toBe(true)
    expect(isFinding(item('a', { finding: 'yes' }), 'no')).toBe(false)
    expect(isFinding(item('a'), 'na')).toBe(false)
    const num = item('n', { answer: 'number', finding: 'outside', lo: 1, hi: 5 })
    expect(['0', '1', '5', '6', ''].map((x) => isFinding(num, x))).toEqual([true, false, false, true, false])
  })
})
