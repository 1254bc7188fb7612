// What was made on this device and has not been answered yet. Pure: where it is kept and how it is sent come from outside,
// so the rules can be tried without a browser.
//
// An entry leaves `waiting` only when the server has answered for its id: lost answers are asked again, and the server knows
// the id. Photos go before the batch of words, in the order made; a refusal stays, with its reason, until a person
// throws it away. Nothing is ever dropped by itself.

export type EntryState = 'waiting' | 'received' | 'conflict' | 'refused'
export interface Entry {
  id: string // UUID made here
  n: number // order in which it was made
  kind: string // visit, answer, finding, sign, refusal, record, note …; 'file' has bytes
  visit: string // id or UUID of the visit
  body: Record<string, unknown>
  made_ms: number
  state: EntryState
  received_ms?: number
  why?: string
  blob?: string // key of the bytes
  size?: number
}
/* `waiting`: the server cannot take it yet (what it belongs to has not come in); it is sent again the next time. */
export interface Outcome { id: string; state: EntryState; received_ms?: number; why?: string; ver?: number }

/* Thrown by a sender when the server was not reached (or could not take it now): try again later. */
export class Unreached extends Error {
  constructor(public after_ms = 0) {
    super('unreached')
  }
}
export interface Sender {
  file(e: Entry): Promise<Outcome>
  batch(list: Entry[]): Promise<Outcome[]>
}
export interface Keeper { save(e: Entry): Promise<void>; sent(e: Entry): Promise<void> }

export const BATCH = 100

export interface Drained { left: number; reached: boolean; after_ms: number }

async function settle(list: Entry[], outcomes: Outcome[], keep: Keeper, held: Set<string>): Promise<void> {
  const by = new Map(outcomes.map((o) => [o.id, o]))
  for (const e of list) {
    const o = by.get(e.id)
    if (!o) continue // not answered for: it stays
    e.state = o.state
    e.received_ms = o.received_ms
    e.why = o.why
    if (e.state === 'waiting') {
      held.add(e.id)
      continue
    }
    await keep.save(e)
    if (e.state === 'received') await keep.sent(e)
  }
}

/* Sends what waits, oldest first; stops at the first failure to reach the server and says what is left. */
export async function drain(entries: Entry[], send: Sender, keep: Keeper, step: () => void = () => {}): Promise<Drained> {
  const held = new Set<string>()
  const waiting = () => entries.filter((e) => e.state === 'waiting' && !held.has(e.id)).sort((a, b) => a.n - b.n)
  try {
    for (let list = waiting(); list.length; list = waiting()) {
      const head = list[0]!
      if (head.kind === 'file') await settle([head], [await send.file(head)], keep, held)
      else {
        const stop = list.findIndex((e) => e.kind === 'file')
        const run = list.slice(0, Math.min(BATCH, stop < 0 ? list.length : stop))
        const outcomes = await send.batch(run)
        if (!outcomes.some((o) => run.some((e) => e.id === o.id))) throw new Unreached() // no progress: not again at once
        await settle(run, outcomes, keep, held)
      }
      step()
    }
    return { left: held.size, reached: true, after_ms: 0 }
  } catch (e) {
    if (!(e instanceof Unreached)) throw e
    return { left: waiting().length + held.size, reached: false, after_ms: e.after_ms }
  } finally {
    step()
  }
}
/* Growing pauses between tries, 2 s to 60 s. */
export const pauseAfter = (tries: number) => Math.min(60_000, 2000 * 2 ** Math.min(tries, 5))
