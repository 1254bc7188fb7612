// A document on the workbench: its drafts, which one is current, and the acts on them.
import { computed, ref, shallowRef } from 'vue'
import { api, ApiError } from '@/api'
import type { DocumentDetail, Draft, DraftChange, Id, Range } from '@/api/types'
import { t } from '@/i18n'
import { dropUnsent } from '@/state/drafts'
import { toastError, toastOk } from '@/use/toasts'

export type DraftFilter = 'draft' | 'all' | 'confirmed' | 'discarded'
export const unsentKey = (d: Pick<Draft, 'id' | 'ver'>) => `draft.${d.id}.${d.ver}`

export function useDocument(id: Id) {
  const doc = shallowRef<DocumentDetail | null>(null)
  const drafts = ref<Draft[]>([])
  const filter = ref<DraftFilter>('draft')
  const currentId = ref<Id | null>(null)
  const busy = ref(false)

  const shown = computed(() =>
    filter.value === 'all' ? drafts.value : drafts.value.filter((d) => d.state === filter.value || d.id === currentId.value),
  )
  // Of very many drafts only those around the current one are drawn.
  const AROUND = 80
  const near = computed(() => {
    const list = shown.value
    const i = Math.max(0, list.findIndex((d) => d.id === currentId.value))
    const from = list.length <= 3 * AROUND ? 0 : Math.max(0, Math.floor(i / AROUND) * AROUND - AROUND)
    const to = list.length <= 3 * AROUND ? list.length : Math.min(list.length, from + 3 * AROUND)
    return { items: list.slice(from, to), before: from, after: list.length - to }
  })
  const current = computed(() => drafts.value.find((d) => d.id === currentId.value) ?? null)
  const counts = computed(() => {
    const n = { all: drafts.value.length, draft: 0, confirmed: 0, discarded: 0 }
    for (const d of drafts.value) n[d.state]++
    return n
  })

  async function load(): Promise<void> {
    const d = await api.document(id)
    drafts.value = [...d.drafts].sort((a, b) => a.start - b.start || a.end - b.end)
    doc.value = d
    if (!current.value) {
      if (!counts.value.draft) filter.value = 'all'
      currentId.value = shown.value[0]?.id ?? null
    }
  }
  function put(next: Draft): void {
    const i = drafts.value.findIndex((d) => d.id === next.id)
    if (i >= 0) drafts.value[i] = next
  }
  function move(step: number): void {
    const list = shown.value
    const i = list.findIndex((d) => d.id === currentId.value)
    currentId.value = list[Math.max(0, Math.min(list.length - 1, i + step))]?.id ?? null
  }
  /* Past the edge of what is drawn: the nearest one that is not. */
  function beyond(side: 'before' | 'after'): void {
    const { before, items } = near.value
    currentId.value = shown.value[side === 'before' ? before - 1 : before + items.length]?.id ?? currentId.value
  }
  /* The next one to decide after the current; stays where it is when there is none. */
  function advance(): void {
    const i = drafts.value.findIndex((d) => d.id === currentId.value)
    const next = drafts.value.slice(i + 1).find((d) => d.state === 'draft') ?? drafts.value.find((d) => d.state === 'draft')
    if (next) currentId.value = next.id
  }

  /* One act at a time; a stale one reloads what stands on the server and keeps the user's edits. */
  async function act<R>(work: () => Promise<R>): Promise<R | undefined> {
    if (busy.value) return undefined
    busy.value = true
    try {
      return await work()
    } catch (e) {
      if (!(e instanceof ApiError)) throw e
      toastError(e.problem)
      if (e.problem.code === 'STALE') await load()
      return undefined
    } finally {
      busy.value = false
    }
  }
  function adopt(reply: unknown): boolean {
    const r = reply as Partial<Draft> & { draft?: Draft }
    const next = r?.draft ?? (r?.id && r.state ? (r as Draft) : null)
    if (next) put(next)
    return !!next
  }
  const simple = (call: (d: Draft) => Promise<unknown>) => (d: Draft) =>
    act(async () => {
      const r = await call(d)
      if (!adopt(r)) await load()
      return r
    })

  const lastDiscarded = ref<Id | null>(null)
  async function discard(d: Draft): Promise<void> {
    const r = await simple((x) => api.discardDraft(x.id, x.ver))(d)
    if (r === undefined && drafts.value.find((x) => x.id === d.id)?.state !== 'discarded') return
    lastDiscarded.value = d.id
    advance()
  }
  const restoreOne = simple((d) => api.restoreDraft(d.id, d.ver))
  /* The current one if it is discarded, else the one discarded last: u takes x back. */
  async function restore(): Promise<void> {
    const d = current.value?.state === 'discarded' ? current.value : drafts.value.find((x) => x.id === lastDiscarded.value)
    if (!d || d.state !== 'discarded') return
    await restoreOne(d)
    currentId.value = d.id
  }
  async function confirm(d: Draft): Promise<void> {
    const r = await act(async () => {
      const x = await api.confirmDraft(d.id, d.ver)
      if (!adopt(x)) await load()
      return x
    })
    if (!r) return
    const matter = drafts.value.find((x) => x.id === d.id)?.matter
    toastOk(t('page.doc.became_task'), matter ? { text: t('page.doc.open_task'), to: `/matters/${matter}` } : undefined)
    advance()
  }
  async function save(d: Draft, change: DraftChange): Promise<Draft | undefined> {
    return act(async () => {
      const next = await api.editDraft(d.id, { ver: d.ver, ...change })
      dropUnsent(unsentKey(d))
      if (!adopt(next)) await load()
      return drafts.value.find((x) => x.id === d.id)
    })
  }
  const merge = (d: Draft) =>
    act(async () => {
      const r = await api.mergeDraft(d.id, d.ver)
      await load()
      currentId.value = r.draft?.id ?? shown.value[0]?.id ?? null
    })
  const split = (d: Draft, at: number) =>
    act(async () => {
      await api.splitDraft(d.id, d.ver, at)
      await load()
    })
  const add = (range: Range) =>
    act(async () => {
      const d = await api.addDraft(id, range)
      await load()
      currentId.value = d.id
    })
  const confirmSure = (min: number) =>
    act(async () => {
      const r = await api.confirmSure(id, min)
      await load()
      return r
    })

  return { doc, drafts, filter, shown, near, beyond, current, currentId, counts, busy, load, move, discard, restore, confirm, save, merge, split, add, confirmSure }
}
