// Names that the server gives in two languages: states, acts, sectors, kinds.
import { te, t, word } from '@/i18n'
import { session } from '@/state/session'

export function stateDef(kind: string, state: string) {
  return session.meta?.workflows.find((w) => w.kind === kind)?.states.find((s) => s.id === state)
}
export const stateWord = (kind: string, state: string) => word(stateDef(kind, state), state)
export const sectorWord = (id: string) => (id === 'all' ? t('page.who.all_sectors') : word(session.meta?.sectors.find((s) => s.id === id), id))
export const sectorWords = (ids: string[]) => ids.map(sectorWord).join(t('page.comma'))

export const sources = () => session.meta?.sources ?? []
export const sourceWord = (id: string) => word(sources().find((s) => s.id === id), id)
export const causeWord = (id: string) => word(session.meta?.causes?.find((s) => s.id === id), id)

/* A message under a prefix, or the bare word where the page has none for it. */
export function orBare(prefix: string, id: string): string {
  const key = `${prefix}.${id}`
  return te(key) ? t(key) : id
}
export function allStates() {
  const seen = new Map<string, { id: string; zh: string; en: string }>()
  for (const w of session.meta?.workflows ?? []) for (const s of w.states) if (!seen.has(s.id)) seen.set(s.id, s)
  return [...seen.values()]
}
