// Units for pickers: asked from the server as somebody types; what is already chosen is always among them.
import { computed, ref } from 'vue'
import { api } from '@/api'
import type { Org } from '@/api/types'

const known = ref(new Map<string, Org>()) // names of units seen so far, for labels

export function rememberOrgs(list: Org[]): void {
  for (const o of list) known.value.set(o.id, o)
}
export async function learnOrg(id: string): Promise<void> {
  if (!id || known.value.has(id)) return
  const o = await api.org(id).catch(() => null)
  if (o) known.value.set(o.id, o)
}

export function useOrgOptions(filter: () => Record<string, string | undefined> = () => ({})) {
  const found = ref<Org[]>([])
  const loading = ref(false)
  let stop: AbortController | undefined
  async function ask(q: string): Promise<void> {
    stop?.abort()
    stop = new AbortController()
    loading.value = true
    try {
      const r = await api.orgs({ q: q.trim(), limit: 30, ...filter() }, stop.signal)
      rememberOrgs(r.items)
      found.value = r.items
      loading.value = false
    } catch (e) {
      if ((e as Error).name !== 'AbortError') loading.value = false
    }
  }
  const get = (id: string) => known.value.get(id)
  return { found: computed(() => found.value), loading, ask, get }
}
