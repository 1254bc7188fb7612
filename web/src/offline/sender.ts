// The two doors of the server for what was made offline, as the queue wants them.
import { ApiError } from '@/api'
import { give } from '@/api/ask'
import { safety, type SyncItem, type SyncResult } from '@/api/safety'
import { hex, sha256 } from '@/lib/hash'
import { device } from './device'
import { get } from './idb'
import { Unreached, type Entry, type EntryState, type Outcome, type Sender } from './queue'

/* The body of a queued photo, as addPhoto wrote it. */
export interface FileBody { hash: string; name: string; about: string; captured_ms: number; lat?: number; lon?: number }

/* What may be mended by waiting (network, session, limits, a busy server) is not a refusal. */
function reached(e: unknown): ApiError {
  if (!(e instanceof ApiError)) throw e
  const s = e.problem.status
  if (s === 0 || s === 401 || s === 403 || s === 408 || s === 429 || s >= 500) throw new Unreached(s === 429 ? 30_000 : 0)
  return e
}
const stateOf = (r: SyncResult): EntryState => {
  const o = r.outcome === 'duplicate' ? (r.was ?? 'done') : r.outcome
  return o === 'conflict' || o === 'refused' || o === 'waiting' ? o : 'received'
}
export async function hashOf(blob: Blob): Promise<string> {
  const bytes = await blob.arrayBuffer()
  return hex(crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(new Uint8Array(bytes)))
}

export const sender: Sender = {
  async file(e): Promise<Outcome> {
    const blob = e.blob ? await get<Blob>('blobs', e.blob) : undefined
    if (!blob) return { id: e.id, state: 'refused', why: 'page.offline.no_bytes' }
    try {
      await give('POST /api/visits/{id}/files', { client_id: e.id, device: device(), ...(e.body as unknown as FileBody) }, blob, e.visit)
      return { id: e.id, state: 'received', received_ms: Date.now() }
    } catch (x) {
      const p = reached(x).problem
      return { id: e.id, state: 'refused', why: p.detail || p.title }
    }
  },
  async batch(list: Entry[]): Promise<Outcome[]> {
    const items = list.map((e) => ({ client_id: e.id, kind: e.kind as SyncItem['kind'], made_ms: e.made_ms, body: e.kind === 'visit' ? e.body : { visit: e.visit, ...e.body } }))
    try {
      const r = await safety.sync({ device: device(), items })
      return r.items.map((x) => ({ id: x.client_id, state: stateOf(x), received_ms: Date.now(), why: x.detail ?? undefined, ver: x.ver ?? undefined }))
    } catch (x) {
      const p = reached(x).problem
      return list.map((e) => ({ id: e.id, state: 'refused' as const, why: p.detail || p.title }))
    }
  },
}
