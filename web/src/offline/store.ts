// What this device holds for inspections: the bundle of the server, and what was made here and is on its way.
import { computed, reactive, ref } from 'vue'
import { api } from '@/api'
import { safety, type Bundle } from '@/api/safety'
import { adopt, session } from '@/state/session'
import { uuid, place } from './device'
import { all, get, put, remember, remove, wipe } from './idb'
import { drain, pauseAfter, type Entry, type Keeper } from './queue'
import { hashOf, sender } from './sender'

export const store = reactive({
  ready: false,
  bundle: null as Bundle | null,
  fetched_ms: 0,
  entries: [] as Entry[],
  busy: false,
  reached: true,
  received: null as { items: number; files: number; refused: number; waiting: number } | null,
})
let last = 0
let tries = 0
let timer: ReturnType<typeof setTimeout> | undefined
export const tick = ref(0) // a drain took something: pages that show the server's side ask anew, not after each of many

const LOOK_MS = 3000
let looked = 0
function look(): void {
  if (Date.now() - looked < LOOK_MS) return
  looked = Date.now()
  tick.value++
}

const plain = <T>(x: T): T => JSON.parse(JSON.stringify(x)) as T
const keep: Keeper = {
  save: async (e) => put('queue', e.id, plain(e)),
  sent: async (e) => {
    if (e.blob) await remove('blobs', e.blob)
  },
}
let opening: Promise<void> | null = null
export function openStore(): Promise<void> {
  opening ??= (async () => {
    const kept = await get<{ bundle: Bundle; at: number }>('kv', 'bundle')
    store.bundle = kept?.bundle ?? null
    store.fetched_ms = kept?.at ?? 0
    store.entries = (await all<Entry>('queue')).sort((a, b) => a.n - b.n)
    last = store.entries.reduce((n, e) => Math.max(n, e.n), 0)
    store.ready = true
    window.addEventListener('online', () => void send())
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void send())
    void send()
  })()
  return opening
}

/* A fresh bundle; without a network the one that is here stays. */
export async function refresh(): Promise<boolean> {
  try {
    await meAgain()
    const bundle = await safety.bundle()
    store.bundle = bundle
    store.fetched_ms = Date.now()
    remember()
    await put('kv', 'bundle', { bundle: plain(bundle), at: store.fetched_ms })
    await put('kv', 'who', { me: plain({ ...session.me, csrf: '' }), meta: plain(session.meta) })
    await forgetReceived(bundle)
    return true
  } catch {
    return false
  }
}
/* What the server shows again itself need not be kept twice. Conflicts and refusals stay until a person has seen them. */
async function forgetReceived(bundle: Bundle): Promise<void> {
  const shown = new Set(bundle.visits.flatMap((v) => [v.client_id, ...v.answers.map((a) => a.client_id), ...v.findings.map((f) => f.client_id), ...v.files.map((f) => f.client_id)]))
  const open = new Set(bundle.visits.flatMap((v) => [v.id, v.client_id]))
  for (const e of store.entries.filter((x) => x.state === 'received' && (shown.has(x.id) || !open.has(x.visit)))) await drop(e)
}
async function drop(e: Entry): Promise<void> {
  if (e.blob) await remove('blobs', e.blob)
  await remove('queue', e.id)
  store.entries = store.entries.filter((x) => x.id !== e.id)
}
export const discard = drop

async function meAgain(): Promise<void> {
  if (session.restored) adopt(await api.me())
}

export async function add(kind: string, visit: string, body: Record<string, unknown>, id = uuid()): Promise<Entry> {
  const e: Entry = { id, n: ++last, kind, visit, body, made_ms: Date.now() + session.shift_ms, state: 'waiting' }
  await put('queue', e.id, plain(e))
  store.entries.push(e)
  void send()
  return e
}
export async function addPhoto(visit: string, about: string, file: Blob, name: string, at: { lat: number; lon: number } | null): Promise<Entry> {
  const id = uuid()
  await put('blobs', id, file)
  const captured = (file as File).lastModified || Date.now()
  const e: Entry = { id, n: ++last, kind: 'file', visit, body: { hash: await hashOf(file), name, about, captured_ms: Math.min(captured, Date.now()) + session.shift_ms, ...(at ?? {}) }, made_ms: Date.now() + session.shift_ms, state: 'waiting', blob: id, size: file.size }
  await put('queue', id, plain(e))
  store.entries.push(e)
  void send()
  return e
}
export { place }

export async function send(): Promise<void> {
  clearTimeout(timer)
  if (store.busy || !store.entries.some((e) => e.state === 'waiting')) return
  store.busy = true
  let again = 0
  try {
    await meAgain()
    const r = await drain(store.entries, sender, keep, look)
    looked = 0
    look()
    store.reached = r.reached
    again = r.left ? Math.max(r.after_ms, pauseAfter(r.reached ? 5 : tries++)) : 0
    if (r.reached) tries = 0
    if (!r.left) void status()
  } catch {
    store.reached = false
    again = pauseAfter(tries++)
  } finally {
    store.busy = false
  }
  if (again) timer = setTimeout(() => void send(), again)
  else if (store.entries.some((e) => e.state === 'waiting')) void send() // came in while sending
}
export async function status(): Promise<void> {
  store.received = await safety.syncStatus().then((r) => r.counts, () => store.received)
}
export const waiting = computed(() => store.entries.filter((e) => e.state === 'waiting'))
export const troubled = computed(() => store.entries.filter((e) => e.state === 'conflict' || e.state === 'refused'))

/* The end of a session takes everything with it. */
export async function forgetAll(): Promise<void> {
  clearTimeout(timer)
  opening = null
  store.ready = false
  store.entries = []
  store.bundle = null
  await wipe()
}
