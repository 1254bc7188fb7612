// A visit as the inspector sees it: what the server knew when the bundle was fetched, and on top of it what was made here
// since. Pure; tested without a browser.
import type { Bundle, CheckItem, Visit, VisitObject } from '@/api/types'
import { shownItems } from '@/lib/showif'
import type { Entry, EntryState } from './queue'

export interface Answer { value: string; note: string; captured_ms: number; state: EntryState | 'server' }
export interface Finding { id: string; item: string; title: string; text: string; spot: string; fixed: boolean; criterion: string; late: boolean; matter: string | null; matter_no: string | null; state: EntryState | 'server'; why?: string }
export interface Photo { id: string; about: string; name: string; blob: string | null; file: string | null; state: EntryState | 'server'; size: number }
export interface Sign { side: string; outcome: string; name: string; title: string; reason: string; witness: string; state: EntryState | 'server' }
export type Phase = 'planned' | 'under-way' | 'recorded' | 'signed' | 'closed'
export interface Local {
  id: string // as the server or this page names it
  visit: Visit | null
  object: VisitObject | null
  planned: string
  unannounced: boolean
  state: string
  phase: Phase
  items: CheckItem[]
  shown: CheckItem[]
  answers: Map<string, Answer>
  findings: Finding[]
  photos: Map<string, Photo[]> // by the checklist item or finding they are about
  signs: Sign[]
  record: { content: string; problems: string; handling: string; clean: boolean } | null
  answered: number
  unsent: number
  inspectors: { name: string; name_en?: string }[]
}

const text = (x: unknown) => (typeof x === 'string' ? x : '')
const PHASE: Record<string, Phase> = { planned: 'planned', 'under-way': 'under-way', recorded: 'recorded', signed: 'signed', refused: 'signed', closed: 'closed', cancelled: 'closed' }

/* Entries of a visit by either of its names. */
export const entriesOf = (entries: Entry[], v: { id: string; client_id?: string | null }) => entries.filter((e) => e.visit === v.id || (!!v.client_id && e.visit === v.client_id))

export function isFinding(item: CheckItem, value: string): boolean {
  if (item.answer === 'number') {
    const n = Number(value)
    return item.finding === 'outside' && value !== '' && ((item.lo !== null && n < item.lo) || (item.hi !== null && n > item.hi))
  }
  return value !== '' && value !== 'na' && value === item.finding
}

function answersOf(visit: Visit | null, mine: Entry[]): Map<string, Answer> {
  const out = new Map<string, Answer>()
  const take = (item: string, a: Answer) => {
    const old = out.get(item)
    if (!old || a.captured_ms >= old.captured_ms) out.set(item, a)
  }
  for (const a of visit?.answers ?? []) if (a.counts) take(a.item, { value: a.value, note: a.note, captured_ms: a.captured_ms, state: 'server' })
  for (const e of mine) if (e.kind === 'answer' && e.state !== 'refused') take(text(e.body.item), { value: text(e.body.value), note: text(e.body.note), captured_ms: e.made_ms, state: e.state })
  return out
}
function findingsOf(visit: Visit | null, mine: Entry[]): Finding[] {
  const server = (visit?.findings ?? []).map((f): Finding => ({ id: f.client_id || f.id, item: f.item, title: f.title, text: f.text, spot: f.spot, fixed: f.fixed, criterion: f.criterion, late: f.late, matter: f.matter, matter_no: f.matter_no, state: 'server' }))
  const known = new Set(server.map((f) => f.id))
  const here = mine.filter((e) => e.kind === 'finding' && !known.has(e.id)).map((e): Finding => ({ id: e.id, item: text(e.body.item), title: text(e.body.title), text: text(e.body.text), spot: text(e.body.spot), fixed: !!e.body.fixed, criterion: text(e.body.criterion), late: false, matter: null, matter_no: null, state: e.state, why: e.why }))
  return [...server, ...here]
}
function photosOf(visit: Visit | null, mine: Entry[]): Map<string, Photo[]> {
  const server = (visit?.files ?? []).map((f): Photo => ({ id: f.client_id, about: f.about, name: f.name, blob: null, file: f.file, state: 'server', size: f.size }))
  const known = new Set(server.map((f) => f.id))
  const here = mine.filter((e) => e.kind === 'file' && !known.has(e.id)).map((e): Photo => ({ id: e.id, about: text(e.body.about), name: text(e.body.name), blob: e.blob ?? null, file: null, state: e.state, size: e.size ?? 0 }))
  const by = new Map<string, Photo[]>()
  for (const p of [...server, ...here]) by.set(p.about, [...(by.get(p.about) ?? []), p])
  return by
}
function signsOf(visit: Visit | null, mine: Entry[]): Sign[] {
  const server = (visit?.signs ?? []).map((s): Sign => ({ ...s, state: 'server' }))
  const here = mine.filter((e) => (e.kind === 'sign' || e.kind === 'refuse') && !server.some((s) => s.side === e.body.side && s.name === text(e.body.name)))
  return [...server, ...here.map((e): Sign => ({ side: text(e.body.side), outcome: e.kind === 'refuse' ? 'refused' : 'signed', name: text(e.body.name), title: text(e.body.title), reason: text(e.body.reason), witness: text(e.body.witness), state: e.state }))]
}
const order: Phase[] = ['planned', 'under-way', 'recorded', 'signed', 'closed']
function phaseOf(state: string, mine: Entry[], signs: Sign[]): Phase {
  let n = order.indexOf(PHASE[state] ?? 'planned')
  const did = (kind: string) => mine.some((e) => e.kind === kind && e.state !== 'refused')
  if (did('start')) n = Math.max(n, 1)
  if (did('record')) n = Math.max(n, 2)
  if (n >= 2 && signs.some((s) => s.side === 'unit' && s.state !== 'refused') && signs.some((s) => s.side === 'inspector' && s.state !== 'refused')) n = Math.max(n, 3)
  if (did('close')) n = 4
  return order[n]!
}
const checklistFor = (bundle: Bundle | null, key: string, type: string) =>
  bundle?.checklists.find((c) => c.key === key)?.items ?? bundle?.checklists.find((c) => c.type === type)?.items ?? []

export function localVisit(id: string, bundle: Bundle | null, entries: Entry[], asked: Visit | null = null): Local | null {
  const visit = asked ?? bundle?.visits.find((v) => v.id === id || v.client_id === id) ?? null
  const made = entries.find((e) => e.kind === 'visit' && e.id === (visit?.client_id ?? id))
  if (!visit && !made) return null
  const mine = entriesOf(entries, { id: visit?.id ?? id, client_id: visit?.client_id ?? made?.id })
  const object = visit?.object ?? bundle?.objects.find((o) => o.id === made?.body.object) ?? null
  const items = visit?.checklist?.items ?? checklistFor(bundle, visit?.checklist_key ?? '', text(made?.body.checklist) || object?.type || '')
  const answers = answersOf(visit, mine)
  const values = new Map([...answers].map(([k, a]) => [k, items.find((i) => i.id === k)?.answer === 'number' ? Number(a.value) : a.value]))
  const shown = shownItems(items, values)
  const signs = signsOf(visit, mine)
  const state = visit?.state ?? 'planned'
  const rec = mine.filter((e) => e.kind === 'record' && e.state !== 'refused').pop()
  const record = visit?.recorded_ms ? { content: visit.content, problems: visit.problems, handling: visit.handling, clean: visit.clean === 1 } : rec ? { content: text(rec.body.content), problems: text(rec.body.problems), handling: text(rec.body.handling), clean: !!rec.body.clean } : null
  return {
    id: visit?.id ?? id, visit, object, planned: visit?.planned ?? text(made?.body.planned), unannounced: visit?.unannounced ?? !!made?.body.unannounced, state, phase: phaseOf(state, mine, signs), items, shown, answers,
    findings: findingsOf(visit, mine), photos: photosOf(visit, mine), signs, record, answered: shown.filter((i) => answers.has(i.id)).length,
    unsent: [...new Set(made ? [...mine, made] : mine)].filter((e) => e.state === 'waiting').length, inspectors: visit?.inspectors ?? [],
  }
}
