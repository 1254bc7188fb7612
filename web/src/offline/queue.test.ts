import { describe, expect, it } from 'vitest'
import { BATCH, drain, pauseAfter, Unreached, type Entry, type Keeper, type Outcome, type Sender } from './queue'

const entry = (n: number, kind = 'answer'): Entry => ({ id: `e${n}`, n, kind, visit: 'v1', body: { n }, made_ms: n, state: 'waiting' })
const keeper = () => {
  const saved: string[] = []
  const sent: string[] = []
  const keep: Keeper = { save: async (e) => void saved.push(`${e.id}:${e.state}`), sent: async (e) => void sent.push(e.id) }
  return { keep, saved, sent }
}
/* A server that remembers what it took, and is reached or not as the test says. */
function server(reach: () => boolean, loseAnswer: () => boolean = () => false) {
  const took = new Map<string, number>()
  const take = (e: Entry): Outcome => {
    if (!took.has(e.id)) took.set(e.id, took.size)
    return { id: e.id, state: 'received', received_ms: 1000 }
  }
  const through = <T>(f: () => T): T => {
    if (!reach()) throw new Unreached()
    const r = f()
    if (loseAnswer()) throw new Unreached()
    return r
  }
  const send: Sender = { file: async (e) => through(() => take(e)), batch: async (l) => through(() => l.map(take)) }
  return { send, took }
}

describe('the queue', () => {
  it('sends in the order made, photos one by one, words together', async () => {
    const calls: string[] = []
    const ok = (e: Entry): Outcome => ({ id: e.id, state: 'received' })
    const send: Sender = { file: async (e) => (calls.push(`file ${e.id}`), ok(e)), batch: async (l) => (calls.push(`batch ${l.map((e) => e.id)}`), l.map(ok)) }
    const r = await drain([entry(3), entry(1), entry(2, 'file'), entry(4)], send, keeper().keep)
    expect(calls).toEqual(['batch e1', 'file e2', 'batch e3,e4'])
    expect(r).toEqual({ left: 0, reached: true, after_ms: 0 })
  })
  it('loses nothing to a lost network and doubles nothing by lost answers', async () => {
    const list = Array.from({ length: 500 }, (_, i) => entry(i, i % 3 ? 'file' : 'finding'))
    let t = 0
    const s = server(() => ++t % 5 !== 0, () => t % 7 === 0)
    const { keep, sent } = keeper()
    let tries = 0
    while ((await drain(list, s.send, keep)).left) expect(++tries).toBeLessThan(1000)
    expect(s.took.size).toBe(500)
    expect(sent).toHaveLength(500)
    expect([...s.took.keys()]).toEqual(list.map((e) => e.id))
  })
  it('keeps a conflict and a refusal with their reason, and goes on with the rest', async () => {
    const list = [entry(1), entry(2), entry(3)]
    const send: Sender = {
      file: async () => { throw new Error('none') },
      batch: async () => [{ id: 'e1', state: 'conflict' }, { id: 'e2', state: 'refused', why: 'closed' }, { id: 'e3', state: 'received' }],
    }
    const { keep, saved, sent } = keeper()
    expect((await drain(list, send, keep)).left).toBe(0)
    expect(saved).toEqual(['e1:conflict', 'e2:refused', 'e3:received'])
    expect(sent).toEqual(['e3'])
    expect(list[1]!.why).toBe('closed')
  })
  it('keeps what the server cannot take yet, sends the rest, and asks again the next time', async () => {
    let photo = false
    const send: Sender = {
      file: async (e) => ((photo = true), { id: e.id, state: 'received' }),
      batch: async (l) => l.map((e) => ({ id: e.id, state: e.id === 'e1' && !photo ? ('waiting' as const) : ('received' as const) })),
    }
    const list = [entry(1), entry(2, 'file'), entry(3)]
    expect(await drain(list, send, keeper().keep)).toEqual({ left: 1, reached: true, after_ms: 0 })
    expect(list.map((e) => e.state)).toEqual(['waiting', 'received', 'received'])
    expect((await drain(list, send, keeper().keep)).left).toBe(0)
  })
  it('stops, not spins, when the server answers for nothing', async () => {
    let calls = 0
    const send: Sender = { file: async () => { throw new Unreached() }, batch: async () => (calls++, []) }
    expect((await drain([entry(1)], send, keeper().keep)).left).toBe(1)
    expect(calls).toBe(1)
  })
  it('cuts long runs', async () => {
    const sizes: number[] = []
    const send: Sender = { file: async () => { throw new Unreached() }, batch: async (l) => (sizes.push(l.length), l.map((e) => ({ id: e.id, state: 'received' as const }))) }
    await drain(Array.from({ length: BATCH * 2 + 5 }, (_, i) => entry(i)), send, keeper().keep)
    expect(sizes).toEqual([BATCH, BATCH, 5])
  })
  it('waits longer after each try, a minute at most', () => {
    expect([0, 1, 2, 9].map(pauseAfter)).toEqual([2000, 4000, 8000, 60_000])
  })
})
