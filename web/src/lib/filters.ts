// The ledger's filters: what stands in the address, what is sent, in which order they are shown.
export const filterKeys = [
  'q', 'phase', 'state', 'colour', 'region', 'sector', 'lead', 'org', 'due_from', 'due_to', 'mine', 'document', 'parent', 'kind',
  'grade', 'source', 'listed', 'object', 'contractor',
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

// `sheet` is the column's name in the server's Excel form; columns without one cannot be exported yet.
export interface Column { key: string; sort?: string; wide?: boolean; number?: boolean; sheet?: string }
export const columns: Column[] = [
  { key: 'no', sort: '-id', sheet: 'no' },
  { key: 'title', wide: true, sheet: 'title' },
  { key: 'state', sheet: 'state' },
  { key: 'due', sort: 'due', sheet: 'due' },
  { key: 'lead', sheet: 'lead' },
  { key: 'co', sheet: 'co' },
  { key: 'sectors', sheet: 'sector' },
  { key: 'region' },
  { key: 'progress', number: true, sheet: 'percent' },
  { key: 'children', number: true },
  { key: 'opened', sort: '-created' },
  { key: 'closed' },
  { key: 'grade', sheet: 'grade' },
  { key: 'object' },
  { key: 'source', sheet: 'source' },
  { key: 'listed', sheet: 'listed' },
  { key: 'contractor' },
  { key: 'relapses', number: true },
]
export const defaultColumns = ['no', 'title', 'state', 'due', 'lead', 'region', 'progress']
// What was found on the spot is read by its gravity, its object and its source.
export const foundColumns = ['no', 'title', 'grade', 'state', 'due', 'object', 'lead', 'source']
export const defaultsOf = (kind: string | undefined) => (kind && kind !== 'task' ? foundColumns : defaultColumns)

/* Chosen columns in the order chosen; unknown names (an older page's) drop out. */
export function columnsFrom(keys: unknown, kind?: string): Column[] {
  const list = Array.isArray(keys) ? keys : defaultsOf(kind)
  const found = list.map((k) => columns.find((c) => c.key === k)).filter((c): c is Column => !!c)
  return found.length ? found : columnsFrom(defaultsOf(kind))
}
