// The ledger's filters: what stands in the address, what is sent, in which order they are shown.
export const filterKeys = [
  'q', 'phase', 'state', 'colour', 'region', 'sector', 'lead', 'org', 'due_from', 'due_to', 'mine', 'document', 'parent', 'kind',
] as const
export type FilterKey = (typeof filterKeys)[number]
export type Filters = Partial<Record<FilterKey, string>>
export const sorts = ['due', '-due', '-created', '-id'] as const

type Raw = Record<string, unknown>

export function filtersOf(query: Raw): Filters {
  const f: Filters = {}
  for (const k of filterKeys) {
    const v = query[k]
    if (typeof v === 'string' && v !== '') f[k] = v
  }
  return f
}

export function sortOf(query: Raw): string {
  return sorts.find((s) => s === query.sort) ?? 'due'
}

/* Without a filter; the pair of dates stands as one word and goes as one. */
export function without(f: Filters, key: FilterKey): Filters {
  const next = { ...f }
  delete next[key]
  return next
}

export interface Column { key: string; sort?: string; wide?: boolean; number?: boolean }
export const columns: Column[] = [
  { key: 'no', sort: '-id' },
  { key: 'title', wide: true },
  { key: 'state' },
  { key: 'due', sort: 'due' },
  { key: 'lead' },
  { key: 'co' },
  { key: 'sectors' },
  { key: 'region' },
  { key: 'progress', number: true },
  { key: 'children', number: true },
  { key: 'opened', sort: '-created' },
  { key: 'closed' },
]
export const defaultColumns = ['no', 'title', 'state', 'due', 'lead', 'region', 'progress']

/* Chosen columns in the order chosen; unknown names (an older page's) drop out. */
export function columnsFrom(keys: unknown): Column[] {
  const list = Array.isArray(keys) ? keys : defaultColumns
  const found = list.map((k) => columns.find((c) => c.key === k)).filter((c): c is Column => !!c)
  return found.length ? found : columnsFrom(defaultColumns)
}
