// Who is here and what the server says about the house; the only store besides drafts.
import { computed, reactive, ref } from 'vue'
import { api, ApiError } from '@/api'
import { clientHooks } from '@/api/client'
import { closeStream, openStream } from '@/api/stream'
import type { Me, Meta, RegionRef } from '@/api/types'

export const session = reactive({
  me: null as Me | null,
  meta: null as Meta | null,
  region: localStorage.getItem('bihuan.region') ?? '',
  online: true,
  restored: false, // who is here comes from this device: the server has not been asked yet
  shift_ms: 0, // the server's clock less ours
})

// One tick a minute keeps "3 days left" true on a page that stays open.
const tick = ref(Date.now())
setInterval(() => (tick.value = Date.now()), 60_000)
export const now = () => tick.value + session.shift_ms

export const can = (perm: string) => !!session.me?.perms.includes(perm)

export const regions = computed<RegionRef[]>(() => {
  const seen = new Map<string, RegionRef>()
  for (const s of session.me?.scopes ?? []) seen.set(s.region.code, s.region)
  const home = session.me?.home_region
  if (home && seen.size === 0) seen.set(home.code, home)
  return [...seen.values()]
})
export const region = computed<RegionRef | null>(
  () => regions.value.find((r) => r.code === session.region) ?? regions.value[0] ?? null,
)
export function setRegion(code: string): void {
  session.region = code
  localStorage.setItem('bihuan.region', code)
}

// The session cookie cannot be read from here; this word only says that asking who is here is worth it.
const KNOWN = 'bihuan.known'

export function adopt(me: Me): Me {
  localStorage.setItem(KNOWN, '1')
  session.me = me
  session.restored = false
  session.shift_ms = me.now_ms - Date.now()
  clientHooks.csrf = me.csrf
  openStream()
  return me
}

export async function loadMeta(): Promise<void> {
  session.meta = await api.meta()
}

/* An inspection goes on without a network: who was here when its bundle was fetched is still here. */
async function restore(): Promise<Me | null> {
  const { get, owner } = await import('@/offline/idb')
  if (!owner()) return null
  const kept = await get<{ me: Me; meta: Meta | null }>('kv', 'who').catch(() => undefined)
  if (!kept) return null
  session.me = kept.me
  session.meta ??= kept.meta
  session.restored = true
  return kept.me
}

export async function loadMe(): Promise<Me | null> {
  if (!localStorage.getItem(KNOWN)) return null
  try {
    return adopt(await api.me())
  } catch (e) {
    if (e instanceof ApiError && e.problem.code === 'NETWORK') return restore()
    forget()
    return null
  }
}

export function forget(): void {
  session.me = null
  localStorage.removeItem(KNOWN)
  clientHooks.csrf = ''
  closeStream()
}

export async function logout(): Promise<void> {
  await api.logout().catch(() => {})
  if (localStorage.getItem('bihuan.inspect.owner')) await (await import('@/offline/store')).forgetAll()
  forget()
}

let saving: ReturnType<typeof setTimeout> | undefined

/* A preference: at hand at once in this browser, and with the account on the next machine. */
export function pref<T>(key: string, fallback: T): T {
  const mine = session.me?.prefs?.[key]
  if (mine !== undefined) return mine as T
  const here = localStorage.getItem(`bihuan.pref.${key}`)
  return here === null ? fallback : (JSON.parse(here) as T)
}
export function setPref(key: string, value: unknown): void {
  localStorage.setItem(`bihuan.pref.${key}`, JSON.stringify(value))
  if (!session.me) return
  session.me.prefs = { ...session.me.prefs, [key]: value }
  clearTimeout(saving)
  saving = setTimeout(() => session.me && api.setPrefs(session.me.prefs).catch(() => {}), 800)
}
