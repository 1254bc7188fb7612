// Names of regions in the reader's language, learnt from what the session knows and asked once else.
import { reactive } from 'vue'
import { api } from '@/api'
import type { RegionRef } from '@/api/types'
import { named } from '@/i18n'
import { session } from '@/state/session'

const known = reactive(new Map<string, RegionRef>())
const asked = new Set<string>()

export function learnRegion(code: string): void {
  if (!code || known.has(code) || asked.has(code)) return
  asked.add(code)
  api.regions({ code }).then((r) => r.items[0] && known.set(code, r.items[0]), () => {})
}
export function regionName(code: string, fallback = ''): string {
  const mine = session.me?.scopes.find((s) => s.region.code === code)?.region
  const home = session.me?.home_region
  const r = known.get(code) ?? mine ?? (home?.code === code ? home : null)
  if (r) return named(r)
  if (!fallback) learnRegion(code)
  return fallback || code
}
