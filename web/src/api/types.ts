// The server's contract by hand, until these are generated from its OpenAPI text. Names are the contract's.
export type Id = string
export type Colour = 'green' | 'amber' | 'red' | 'grey'
export type Phase = 'open' | 'closed'
export type DraftState = 'draft' | 'confirmed' | 'discarded'

export interface Problem {
  title: string
  status: number
  code: string
  key: string
  detail?: string
  pointer?: string
  args?: Record<string, string>
  request?: string
}
export interface List<T> { items: T[]; next: string | null; total: number | null; total_exact?: boolean }

export interface RegionRef { code: string; name: string; name_en: string }
export interface Region extends RegionRef { level: number | string; parent: string | null; children: number }
export interface Scope { region: RegionRef; sectors: string[]; perms: string[]; valid_to_ms: number | null }
export interface MyPost { id: Id; title: string; org_name: string; duties: string[] }
export interface Me {
  account: { id: Id; login: string; must_change_password: boolean; otp_enabled: boolean }
  person: { id: Id; name: string; name_en: string }
  org: { id: Id; name: string; name_en: string; kind: string } | null
  posts: MyPost[]
  csrf: string
  perms: string[]
  scopes: Scope[]
  home_region: RegionRef
  now_ms: number
  demo: boolean
  prefs: Record<string, unknown>
}

export interface Named { id: string; en: string; zh: string }
export interface Sector { id: string; bit: number; en: string; zh: string }
export interface StateDef { id: string; en: string; zh: string; open: boolean; phase: string }
export interface ActDef { id: string; en: string; zh: string }
export interface Workflow { kind: string; states: StateDef[]; acts: ActDef[] }
export interface DemoLogin { login: string; password: string; who_zh: string; who_en: string }
export interface Meta {
  version: string
  sectors: Sector[]
  workflows: Workflow[]
  perms: { id: string; en: string; zh: string }[]
  org_kinds: string[]
  sources?: Named[]
  causes?: Named[]
  base_map?: { url: string; attribution?: string } | null
  demo: boolean
  logins?: DemoLogin[]
}

export interface Org {
  id: Id
  region: string
  region_name: string
  kind: string
  name: string
  name_en: string
  short: string
  parent: Id | null
  level: number | string | null
  sectors: string[]
  valid_from: string | null
  valid_to: string | null
  ver: number
}
export interface Person { id: Id; name: string; name_en: string; org?: Id | null; org_name?: string; phone?: string }
export interface OrgDetail extends Org { posts: Post[]; people: Person[] }
export interface Hold { person: Id; name: string; from: string; to: string | null }
export interface Post {
  id: Id
  org: Id
  title: string
  title_en: string
  rank: number | string | null
  leader: boolean
  duties: string[]
  holder: Hold | null
  history: Hold[]
}
export interface Account {
  id: Id
  login: string
  person: Id
  person_name?: string
  org: Id | null
  org_name?: string
  locked?: boolean
  otp_enabled?: boolean
  last_login_ms?: number | null
}
export interface Grant {
  id: Id
  account: Id
  role: string
  role_en?: string
  role_zh?: string
  region: string
  region_name?: string
  sectors: string[]
  org: Id | null
  valid_from: string | null
  valid_to: string | null
  reason: string
  revoked_ms?: number | null
  granted_by?: string
}
export interface Role { id: string; en: string; zh: string; perms: string[] }
export interface CalendarDay { date: string; working: boolean; name_zh: string; name_en: string; status?: string; source?: string }

export interface Range { start: number; end: number }
export interface DocumentItem {
  id: Id
  name?: string
  title: string
  issuer: string
  date: string | null
  number: string
  kind: string
  region: string
  format: string
  encoding: string
  chars: number
  directives: number
  confirmed: number
  discarded: number
  to_decide: number
  open: number
  overdue: number
  uploaded_ms: number
  uploaded_by: string
}
export interface UnitSpan extends Partial<Range> { name: string; org?: Id | null }
export interface Deadline extends Range { text: string; due: string | null; recurs: string }
export interface Target extends Partial<Range> {
  text: string
  indicator: string
  comparator: string
  value: number | string | null
  unit: string
}
export interface Draft extends Range {
  id: Id
  text: string
  state: DraftState
  title: string
  action: ({ text: string } & Range) | null
  object: ({ text: string } & Range) | null
  sectors: ({ id: string } & Partial<Range>)[]
  lead: UnitSpan[]
  co: UnitSpan[]
  deadline: Deadline | null
  targets: Target[]
  confidence: number
  reasons: ({ why: string } & Partial<Range>)[]
  matter: Id | null
  matter_state: string | null
  edited: boolean
  ver: number
}
export interface Note extends Range { lead: string[]; co: string[] }
export interface DocumentDetail extends DocumentItem {
  text: string
  hash: string
  size: number
  clutter: Range[]
  notes: Note[]
  drafts: Draft[]
  ver: number
}

export interface PartyRef { org: Id; name: string; name_en: string }
export interface MatterItem {
  id: Id
  region: string
  region_name: string
  no: string
  kind: string
  title: string
  state: string
  phase: Phase
  colour: Colour
  due_ms: number | null
  days_left: number | null
  sectors: string[]
  lead: PartyRef[]
  co: PartyRef[]
  progress: number | null
  parent: Id | null
  children: number
  document: Id | null
  opened_ms: number
  closed_ms: number | null
  ver: number
  handler_region: string
  // what was found: on which object, how grave, by which clause; empty or absent for a plain task
  grade?: '' | 'general' | 'major'
  criterion?: string
  source?: string
  cause?: string
  object?: { id: Id; name: string; type: string } | null
  lat?: number | null
  lon?: number | null
  found_ms?: number
  listed?: string
  relapses?: number
  contractor?: PartyRef | null
  visit?: Id | null
}
export interface Field {
  name: string
  type: 'text' | 'date' | 'percent' | 'org' | 'orgs' | 'files' | 'person' | 'select' | 'number' | 'criterion'
  required: boolean
  max?: number | null
  options?: (string | { id: string; en: string; zh: string })[] | null
}
export interface Act {
  id: string
  label_zh: string
  label_en: string
  to?: string
  fields: Field[]
  allowed: boolean
  why: { key: string; text: string } | null
}
export interface FileRef {
  id: Id
  hash: string
  name: string
  type: string
  size: number
  captured_ms: number | null
  received_ms: number
  by: string
  act_seq: number | null
  marks?: Mark[]
}
/* What looks doubtful about a rectification, with its reason; a person decides. */
export interface Mark {
  key: string
  kind: string
  label: string
  text: string
  weight: number
  file: Id | null
  other: { matter: Id | null; no: string; title: string; file: Id | null; region_name: string } | null
  values: Record<string, number>
  decision: { decision: 'accepted' | 'explained' | 'sham'; text: string; by: string; at_ms: number } | null
}
export interface MatterEvent {
  seq: number
  at_ms: number
  kind: string
  label_zh: string
  label_en: string
  actor: { id: Id; name: string; name_en: string } | null
  org: { id: Id; name: string; name_en: string } | null
  from: string | null
  to: string | null
  text: string
  data: Record<string, unknown>
  files: Id[]
  leaf: string
}
export interface Waiting { role: string; who_zh: string; who_en: string; since_ms: number | null; until_ms: number | null }
export interface Party extends PartyRef { role: string; person: Id | null; person_name: string; basis: string }
export interface Provenance extends Range { document: Id; document_title: string; directive: Id; sentence: string }
export interface Report { period: string; percent: number | null; text: string; at_ms: number; org_name: string; by: string }
export interface MatterDetail extends Omit<MatterItem, 'children'> {
  text: string
  measures: string
  targets: Target[]
  recurs: string
  parties: Party[]
  provenance: Provenance | null
  children: MatterItem[]
  files: FileRef[]
  reports: Report[]
  acts: Act[]
  waiting: Waiting[]
  timeline: MatterEvent[]
  attrs?: Record<string, unknown>
  deadline?: { id: string; label_zh: string; label_en: string; source: string; clause: string; certainty: string } | null
  marks?: Mark[]
}
export interface WorkItem extends MatterItem { acts?: { id: string; label_zh: string; label_en: string }[] }
export interface Work {
  needs_me: WorkItem[]
  waiting: WorkItem[]
  due_soon: WorkItem[]
  counts: { needs_me: number; overdue: number; due_week: number; waiting: number }
}
export interface Search extends List<MatterItem> { documents: DocumentItem[] }
export interface ImportError { cell: string; row: number; pointer?: string; message: string }
export interface ImportResult { rows: number; ok: number; errors: ImportError[]; created: Id[] }
export interface NewMatter {
  kind: string
  region: string
  title: string
  text?: string
  sectors: string[]
  lead: Id[]
  co: Id[]
  due?: string | null
  measures?: string
  targets: Target[]
  object?: Id
  lat?: number
  lon?: number
  source?: string
  cause?: string
  found_ms?: number
  visit?: Id
  attrs?: Record<string, unknown>
}

export interface RedItem extends MatterItem { owner?: string }
export interface Cockpit {
  counts: {
    open: number
    needs_me: number
    due_week: number
    overdue: number
    closed_month: number
    on_time_share: number | null
  }
  red: RedItem[]
  by_sector: { sector: string; open: number; overdue: number }[]
  by_region: { region: string; name: string; name_en: string; open: number; overdue: number }[]
  heat: { region: string; sector: string; open: number; overdue: number }[]
  trend: { week: string; opened: number; closed: number; open: number }[]
  by_state: { state: string; n: number }[]
}

export interface LedgerLog { region: string; region_name: string; size: number; root: string; alg: string; last_ms: number | null }
export interface LedgerEvent {
  region: string
  seq: number
  at_ms: number
  kind: string
  subject: string
  actor_name: string
  leaf: string
  body: string
}
export interface LedgerCheck {
  ok: boolean
  events: number
  logs: number
  ms: number
  first: { region: string; seq: number; what: string } | null
}
export interface StreamAct { region: string; matter: Id; kind: string; seq: number }
