import { describe, expect, it } from 'vitest'
import { detail, matters } from '../../mock/data'
import { changesOf, newEvents } from './changes'

describe('what changed under somebody', () => {
  it('names the fields and the acts', () => {
    const a = detail(matters[0]!)
    const b = { ...a, state: 'verifying', progress: 90, timeline: [{ ...a.timeline[0]!, seq: 99 }, ...a.timeline] }
    const words = { state: (s: string) => s.toUpperCase(), day: (ms: number | null) => String(ms), name: (x: { name: string }) => x.name }
    expect(changesOf(a, b, words).map((c) => c.what)).toEqual(['state', 'progress'])
    expect(changesOf(a, b, words)[0]).toEqual({ what: 'state', from: 'DOING', to: 'VERIFYING' })
    expect(newEvents(a, b).map((e) => e.seq)).toEqual([99])
    expect(changesOf(a, a, words)).toEqual([])
  })
})
