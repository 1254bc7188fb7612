// The ledger's rows: filters live in the address, pages are walked by cursor, the place is kept.
import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api } from '@/api'
import type { List, MatterItem } from '@/api/types'
import { columnsFrom, filtersOf, sortOf, without, type FilterKey, type Filters } from '@/lib/filters'
import { pref, region, regions, setPref } from '@/state/session'
import { useAsync } from '@/use/useAsync'

export function useLedger() {
  const route = useRoute()
  const router = useRouter()
  const query = shallowRef(route.query)
  const page = shallowRef<List<MatterItem> | null>(null)
  const trail = ref<string[]>([]) // cursors of the pages walked through; the last is this page's
  const limit = ref(pref('ledger.limit', 50))
  const selected = ref(new Set<string>())

  const filters = computed(() => filtersOf(query.value))
  const sort = computed(() => sortOf(query.value))
  // Each kind of matter remembers columns of its own.
  const columnsKey = computed(() => `ledger.columns${filters.value.kind ? `.${filters.value.kind}` : ''}`)
  const columns = computed(() => columnsFrom(pref(columnsKey.value, null), filters.value.kind))
  // Who has several territories looks at the one chosen above, unless a filter names another.
  const scope = computed(() => (regions.value.length > 1 ? region.value?.code : undefined))
  const params = computed(() => ({ ...filters.value, region: filters.value.region ?? scope.value, sort: sort.value }))
  const items = computed(() => page.value?.items ?? [])
  const from = computed(() => trail.value.length * limit.value)

  const { slow, busy, run } = useAsync(async () => {
    page.value = await api.matters({ ...params.value, after: trail.value[trail.value.length - 1], limit: limit.value })
  })
  // The page stays alive behind others: only its own address counts.
  watch(
    () => route.query,
    (q) => {
      if (route.name !== 'ledger' || JSON.stringify(q) === JSON.stringify(query.value)) return
      query.value = q
      trail.value = []
      selected.value = new Set()
      void run()
    },
  )
  watch(scope, () => {
    trail.value = []
    if (route.name === 'ledger') void run()
  })
  const go = (f: Filters, s = sort.value) => router.push({ name: 'ledger', query: { ...f, ...(s === 'due' ? {} : { sort: s }) } })
  const setFilter = (key: FilterKey, value: string) => go(value ? { ...filters.value, [key]: value } : without(filters.value, key))
  const drop = (key: FilterKey) => go(without(filters.value, key))
  const setSort = (s: string) => go(filters.value, sort.value === s && s === 'due' ? '-due' : s)

  async function next(): Promise<void> {
    if (!page.value?.next) return
    trail.value.push(page.value.next)
    await run()
  }
  async function prev(): Promise<void> {
    if (!trail.value.length) return
    trail.value.pop()
    await run()
  }
  function setLimit(n: number): void {
    limit.value = n
    setPref('ledger.limit', n)
    trail.value = []
    void run()
  }
  function setColumns(keys: string[]): void {
    setPref(columnsKey.value, columnsFrom(keys, filters.value.kind).map((c) => c.key))
  }
  function toggle(id: string): void {
    const s = new Set(selected.value)
    if (!s.delete(id)) s.add(id)
    selected.value = s
  }
  function toggleAll(): void {
    const all = items.value.every((m) => selected.value.has(m.id))
    const s = new Set(selected.value)
    for (const m of items.value) {
      if (all) s.delete(m.id)
      else s.add(m.id)
    }
    selected.value = s
  }
  const clearSelection = () => (selected.value = new Set())

  return {
    filters, sort, params, page, items, from, limit, columns, selected, slow, busy, trail,
    run, go, setFilter, drop, setSort, next, prev, setLimit, setColumns, toggle, toggleAll, clearSelection,
  }
}
