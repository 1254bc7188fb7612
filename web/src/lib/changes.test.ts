import { describe, expect, it } from 'vitest'
import type { MatterDetail, MatterEvent } from '@/api/types'
import { changesOf, newEvents } from './changes'

const event: MatterEvent = { seq: 9, at_ms: 0, kind: 'accept', label_zh: '签收', label_en: 'Accept', actor: { id: 'p1', name: '陈示例', name_en: 'Chen Demo' }, org: null, from: 'assigned', to: 'doing', text: '', data: {}, said: [], named: [], files: [], leaf: '' }
const matter: MatterDetail = {
  id: '9000', region: '140109000000', region_name: '示例区', no: '示例-2026-任务-000001', kind: 'task', title: '排查消防通道', state: 'doing', phase: 'open', colour: 'green', due_ms: 1, days_left: 3,
  sectors: ['fire'], lead: [], co: [], progress: 40, parent: null, document: null, opened_ms: 0, closed_ms: null, ver: 3, handler_region: '140109000000', grade: '', criterion: '', source: '', cause: '', object: null,
  lat: null, lon: null, found_ms: 0, listed: '', relapses: 0, contractor: null, visit: null, text: '', measures: '', targets: [], recurs: '', round: 1, extensions: 0, deadline: null, attrs: {}, parties: [],
  provenance: null, children: [], files: [], marks: [], reports: [], acts: [], waiting: [], timeline: [event],
}

describe('what changed under somebody', () => {
  it('names the fields and the acts', () => {
    const b = { ...matter, state: 'verifying', progress: 90, timeline: [{ ...event, seq: 99 }, ...matter.timeline] }
    const words = { state: (s: string) => s.toUpperCase(), day: (ms: number | null) => String(ms), name: (x: { name: string }) => x.name }
    expect(changesOf(matter, b, words).map((c) => c.what)).toEqual(['state', 'progress'])
    expect(changesOf(matter, b, words)[0]).toEqual({ what: 'state', from: 'DOING', to: 'VERIFYING' })
    expect(newEvents(matter, b).map((e) => e.seq)).toEqual([99])
    expect(changesOf(matter, matter, words)).toEqual([])
  })
})
