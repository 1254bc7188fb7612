import type { Id, Named, RegionRef } from './types'

export type Certainty = string
export interface Criterion {
  id: string
  edition_id: string
  branch: string
  branch_zh: string
  branch_en: string
  sectors: string[]
  edition: string
  title_zh: string
  title_en: string
  number: string
  clause: string
  clause_zh: string
  clause_en: string
  group: string
  group_zh: string
  group_en: string
  zh: string
  en: string
  pre_zh?: string
  pre_en?: string
  exc_zh?: string
  exc_en?: string
  kind: 'direct' | 'comprehensive' | 'catch-all' | 'unknown'
  status: string
  certainty: Certainty
  source: string
  from: string | null
  to: string | null
  replaces?: string
  citable: boolean
  in_force: boolean
}
export interface Edition {
  id: string
  branch: string
  branch_zh: string
  branch_en: string
  edition: string
  title_zh: string
  title_en: string
  number: string
  issuer_zh: string
  issuer_en: string
  sectors: string[]
  issued: string | null
  from: string | null
  to: string | null
  status: string
  in_force: boolean
  dates: string
  certainty: Certainty
  replaces?: string
  total: number | null
  known: number
  unknown_rows: number
  rows: number
  source: string
  note?: string
}
export interface Comparison {
  a: Edition
  b: Edition
  pairs: { how: 'matched' | 'only-a' | 'only-b'; a: Criterion | null; b: Criterion | null }[]
}
export interface CheckItem {
  id: string
  group_zh: string
  group_en: string
  zh: string
  en: string
  answer: 'choice' | 'number'
  unit?: string
  lo: number | null
  hi: number | null
  finding: 'yes' | 'no' | 'outside' | null
  major: boolean
  photo: boolean
  criterion?: string
  basis_zh?: string
  basis_en?: string
  source: string
  certainty: Certainty
  weight: number
  show_if?: string
}
export interface Checklist { type?: string; day: string; editions: string[]; items: CheckItem[] }
export interface MarkKind extends Named { why_zh: string; why_en: string; weight: number; certainty: Certainty }

export interface OrgRef { id: Id; name: string; name_en: string }
export interface DutyRow {
  line: DutyLine
  sector: string | null
  role: string
  role_zh: string
  role_en: string
  org: OrgRef | null
  post: { id: Id; title: string; title_en: string } | null
  person: { id: Id; name: string } | null
  since: string | null
  rule: string
  basis_zh: string
  basis_en: string
  source: string
  clause: string
  certainty: Certainty
  demand: boolean
  designation: Id | null
  gap: '' | 'no-org' | 'no-post' | 'vacant' | 'no-sector'
  overlap: boolean
  fits: OrgRef[]
}
export const dutyLines = ['entity', 'regulator', 'comprehensive', 'territory', 'leader', 'commissioner'] as const
export type DutyLine = (typeof dutyLines)[number]
export interface ObjectRef { id: Id; no?: string; name: string; name_en: string; type: string }
export interface Duty {
  day: string
  region: RegionRef
  sectors: string[]
  object: ObjectRef | null
  matter: Id | null
  gaps: number
  overlaps: number
  rows: DutyRow[]
}
export interface DutyGaps {
  day: string
  objects: number
  pairs: number
  covered: number
  share: number | null
  lines: { line: DutyLine; pairs: number; covered: number; share: number | null; overlaps: number }[]
  items: { object: ObjectRef; region: RegionRef; gaps: DutyRow[] }[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface ObjectItem {
  id: Id
  region: string
  region_name: string
  type: string
  no: string
  name: string
  name_en: string
  owner: Id | null
  owner_name: string
  owner_name_en: string
  sectors: string[]
  risk: string
  level: number | null
  lat: number | null
  lon: number | null
  geometry_kind: string
  valid_from: string | null
  valid_to: string | null
  ver: number
}
export interface ObjectHistory { seq: number; at_ms: number; kind: string; actor_name: string; name: string; risk: string; owner: Id | null; owner_name: string; ver: number }
export interface ObjectDetail extends ObjectItem {
  secret: number
  geometry: { type: string; coordinates: unknown } | null
  attrs: Record<string, unknown>
  can_write: boolean
  history: ObjectHistory[]
}
export interface ObjectAttr {
  name: string
  zh: string
  en: string
  type: 'text' | 'int' | 'real' | 'date' | 'bool' | 'enum'
  unit: string
  min: number | null
  max: number | null
  required: boolean
  options: Named[]
  source: string
  certainty: Certainty
}
export interface ObjectType extends Named { group: string; geometry: 'point' | 'line' | 'area' | 'any'; sectors: string[]; attrs: ObjectAttr[]; source: string; certainty: Certainty }
export interface ObjectTypes { items: ObjectType[]; risks: (Named & { rank: number })[] }

export interface RiskMethod extends Named {
  edition: string
  from: string | null
  to: string | null
  source: string
  certainty: Certainty
  note?: string
  values: { factor: string; value: number; zh: string; en: string; clause: string; certainty: Certainty }[]
  levels: { id: string; rank: number; from: number | null; from_included: boolean; colour: string; zh: string; en: string; clause: string; certainty: Certainty }[]
  cells: { l: number; s: number; level: string }[]
  alpha: { from: number; alpha: number; zh: string; en: string }[]
  beta: { id: string; beta: number; q: number | null; zh: string; en: string; certainty: Certainty }[]
}
export interface RiskResult {
  method: string
  edition: string
  value: number | null
  value_text: string
  sum: number | null
  installation: boolean | null
  level: { id: string; rank: number; zh: string; en: string } | null
  colour: string | null
  colour_zh: string
  colour_en: string
  steps: { text: string }[]
  source: string
  certainty: Certainty
}

export interface MapConfig { tiles: string | null; attribution: string; home: string; home_name: string; boundaries: boolean; west: number | null; south: number | null; east: number | null; north: number | null; crs: string }
export interface Shape { type: string; coordinates: unknown }
export interface MapProps {
  cluster: boolean
  count: number
  id?: string
  name?: string
  name_en?: string
  type?: string
  risk?: string
  kind?: string
  state?: string
  grade?: string
  colour?: string
  [k: string]: unknown
}
export interface MapFeatures { features: { type: 'Feature'; geometry: Shape | null; properties: MapProps }[]; total: number; clustered: boolean }
export interface MapRegionProps { code: string; name: string; name_en: string; self: boolean; risk: string; red: number; orange: number; yellow: number; blue: number; total: number; [k: string]: unknown }
export interface MapRegions { features: { type: 'Feature'; geometry: Shape | null; properties: MapRegionProps }[] }

export type VisitState = 'planned' | 'under-way' | 'recorded' | 'signed' | 'refused' | 'closed' | 'cancelled'
export interface VisitObject { id: Id; type: string; no: string; name: string; name_en: string; risk: string; owner: Id | null; owner_name: string; region: string; region_name: string; lat: number | null; lon: number | null }
export interface VisitItem {
  id: Id
  no: string
  state: VisitState
  object: VisitObject | null
  plan: Id | null
  source: string
  unannounced: boolean
  planned: string
  started_ms: number | null
  clean: number | null
  ver: number
}
export interface ObjectImportResult { rows: number; ok: number; created: number; changed: number; same: number; converted: number; converted_from: string | null; errors: { cell: string; row: number; pointer?: string; message: string }[] }

export interface NoticeField {
  zh: string
  en: string
  name: string
  type: 'text' | 'list' | 'date'
  required: boolean
  max: number
  preset_zh: string
  preset_en: string
}
export interface NoticeOffer {
  template: string
  zh: string
  en: string
  acts: string[]
  fits: boolean
  clock: string
  deadline: 'required' | 'optional' | 'none'
  days: number | null
  unit: 'workday' | 'day'
  ack: boolean
  to: 'lead' | 'named'
  basis_zh: string
  basis_en: string
  source: string
  certainty: Certainty
  fields: NoticeField[]
}
export interface Notice {
  id: Id
  template: string
  zh: string
  en: string
  lang: string
  state: 'drafted' | 'issued' | 'served' | 'acknowledged' | 'withdrawn'
  number: string | null
  version: number
  addressee: { org: Id | null; name: string; name_en: string }
  days: number | null
  deadline: string
  due: string | null
  fields: { name: string; value: string }[]
  served: { at_ms: number; method: string; method_zh: string; method_en: string; receiver: string; refused: boolean } | null
  acknowledged: { at_ms: number; how: string; text: string } | null
  reason: string
  can: string[]
  ver: number
}
export interface NoticePreview { title: string; blocks: { kind: string; text: string; columns?: number; cells?: { text: string }[] }[] }

export interface InspectPerson { account: Id; person: Id | null; name: string; org: Id | null; org_name: string; leader: boolean }
export interface VisitChecklist { key: string; type: string; day: string; editions: string; items: CheckItem[] }
export interface VisitAnswer { item: string; value: string; note: string; client_id: string; account: Id; by: string; captured_ms: number; received_ms: number; counts: boolean }
export interface VisitFinding {
  id: Id
  client_id: string
  item: string
  criterion: string
  clause: string
  title: string
  text: string
  spot: string
  fixed: boolean
  late: boolean
  due: string | null
  matter: Id | null
  matter_no: string | null
  matter_state: string | null
  captured_ms: number
  received_ms: number
  lat: number | null
  lon: number | null
}
export interface VisitSign { side: 'inspector' | 'unit'; outcome: 'signed' | 'refused'; own: boolean; name: string; title: string; reason: string; witness: string; file: string; captured_ms: number; at_ms: number }
export interface VisitFile { client_id: string; about: string; file: Id | null; hash: string; name: string; type: string; size: number; captured_ms: number | null; received_ms: number }
export interface Visit extends VisitItem {
  client_id: string | null
  draw: Id | null
  follows: Id | null
  unit: Id | null
  unit_name: string
  org_name: string
  inspectors: InspectPerson[]
  ended_ms: number | null
  lat: number | null
  lon: number | null
  distance_m: number | null
  place: string
  content: string
  problems: string
  handling: string
  record_hash: string
  recorded_ms: number | null
  closed_ms: number | null
  checklist_key: string
  checklist: VisitChecklist | null
  progress: { shown: number; answered: number; findings: number; score: number; score_max: number } | null
  answers: VisitAnswer[]
  findings: VisitFinding[]
  signs: VisitSign[]
  notes: { text: string; by: string; at_ms: number }[]
  files: VisitFile[]
  may: string[]
}
export interface Bundle {
  account: Id
  rules: { min_inspectors: number; sign_inspectors: number }
  visits: Visit[]
  checklists: VisitChecklist[]
  plans: { id: Id; name: string; checklist: string; unannounced: boolean; members: InspectPerson[] }[]
  objects: VisitObject[]
}

export interface CoverCount { risk?: string | null; objects: number; visited: number; due: number; overdue: number; later: number; never: number }
export interface CoverRow { object: VisitObject | null; status: 'visited' | 'due' | 'overdue' | 'later'; never: boolean; last_ms: number | null; due: string; every_days: number }
export interface PlanItem { id: Id; region: string; region_name: string; name: string; campaign: string; from: string; to: string; recurs: string; sectors: string[]; org_name: string; ended_ms: number | null; ver: number }
export interface DrawItem { id: Id; n: number; inspectors: number; candidates: number; hash: string; seed_source: string; seed: string | null; announced_ms: number; drawn_ms: number | null; ver: number }
export interface Plan extends PlanItem {
  types: string[]
  frequency: { risk: string; every_days: number }[]
  checklist: string
  unannounced: boolean
  reason: string
  teams: { name: string; members: InspectPerson[] }[]
  coverage: { round_from: string; round_to: string; as_of: string; all: CoverCount; by_risk: CoverCount[]; share: number | null }
  next_due: CoverRow[]
  visits: { planned: number; done: number; open: number; found: number }
  draws: DrawItem[]
  may_edit: boolean
}
export interface DrawCandidate { id: Id; name: string; risk: string; weight: number; avoid: Id | null }
export interface DrawDetail extends DrawItem {
  plan: Id
  algorithm: string
  weights: Record<string, unknown>
  objects: DrawCandidate[]
  people: DrawCandidate[]
  result: { place: number; id: Id; object: VisitObject | null; inspectors: InspectPerson[]; visit: Id | null }[]
}
export interface DrawCheck { ok: boolean; candidates_ok: boolean; result_ok: boolean; first_place: number | null }
