// Made by scripts/types.mjs from the server's contract; change that, then: node scripts/types.mjs

export interface AccountIn {
  login: string
  person: string
  org: string
  password: string
}

export interface AccountItem {
  id: string
  login: string
  person: string
  person_name: string
  org: string
  org_name: string
  locked: boolean
  otp_enabled: boolean
  must_change_password: boolean
  created_ms: number
}

export interface AccountListOut {
  items: AccountItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface AccountLockIn {
  locked: boolean
}

export interface AccountPasswordIn {
  password: string
}

export interface ActIn {
  ver: number
  act: string
  text?: string
  period?: string
  due?: string
  percent?: number
  lead?: string
  co?: string[]
  files?: string[]
  person?: string
  more?: MatterMore[]
}

export interface AirItemOut {
  item: string
  value: number | null
  sub: number | null
  counted: number
  valid: boolean
}

export interface AirLevelOut {
  level: number
  lo: number
  hi: number | null
  zh: string
  en: string
  rgb: string
  effect_zh: string
  effect_en: string
  advice_zh: string
  advice_en: string
}

export interface AirOut {
  station: string
  from: string
  to: string
  editions: string[]
  validity: string
  levels: AirLevelOut[]
  hours: AirPoint[]
  days: AirPoint[]
}

export interface AirPoint {
  at_ms: number
  edition: string
  aqi: number | null
  greatest: number | null
  level: number | null
  why: string
  primary: string[]
  missing: string[]
  items: AirItemOut[]
}

export interface AirRankOut {
  rank: number
  station: string
  name: string
  name_en: string
  composite: number | null
}

export interface AirStatOut {
  item: string
  days: number
  complete: boolean
  mean: number | null
  mean_limit: number | null
  p: number
  percentile: number | null
  day_limit: number | null
  exceed_days: number
  index: number | null
  attains: boolean
}

export interface AlarmAct {
  at_ms: number
  by: string
  text: string
}

export interface AlarmListOut {
  items: AlarmOut[]
  next: string | null
}

export interface AlarmLookOut {
  stations: number
  columns: number
  values: number
  raised: number
  changed: number
  matters: number
}

export interface AlarmOut {
  id: string
  region: string
  region_name: string
  station: string
  station_name: string
  station_name_en: string
  object: string | null
  rule: string
  item: string
  test: 'threshold' | 'rate' | 'missing' | 'stuck' | 'outlier' | 'ewma' | 'cusum' | 'flag' | 'drift'
  kind: string
  severity: 'info' | 'warning' | 'serious'
  grade: 'exceedance' | 'doubtful' | 'notice'
  zh: string
  en: string
  source: string
  clause: string
  certainty: string
  limit: number | null
  op: 'gt' | 'ge' | 'lt' | 'le'
  begin_ms: number
  raised_ms: number
  seen_ms: number
  last_ms: number
  lawful_ms: number | null
  n: number
  marked: number
  peak: number | null
  ended_ms: number | null
  ack: AlarmAct | null
  cleared: AlarmAct | null
  withdrawn_ms: number | null
  withdrawn_why: 'corrected' | 'joined' | 'rule' | null
  unlawful_ms: number | null
  storm: string
  grouped: number
  item_zh: string
  item_en: string
  way: 'hj212' | 'mqtt' | null
  matter: string | null
  matter_no: string | null
  matter_state: string | null
  ver: number
}

export interface AlarmTextIn {
  text: string
}

export interface AttrOptionOut {
  id: string
  zh: string
  en: string
}

export interface BasinItemOut {
  item: string
  sections: number
  percent: number | null
}

export interface BoundaryOut {
  regions: number
  mended: number
  skipped: string[]
  stored: boolean
  converted_from: string | null
}

export interface BulkIn {
  ids: string[]
  act: string
  text?: string
  period?: string
  due?: string
  percent?: number
  lead?: string
  co?: string[]
  files?: string[]
  person?: string
  more?: MatterMore[]
}

export interface BulkOut {
  done: number
}

export interface BundleOut {
  account: string
  rules: BundleRules
  visits: VisitOut[]
  checklists: VisitChecklist[]
  plans: BundlePlan[]
  objects: InspectObjectOut[]
}

export interface BundlePlan {
  id: string
  name: string
  checklist: string
  unannounced: boolean
  members: InspectPerson[]
}

export interface BundleRules {
  min_inspectors: number
  sign_inspectors: number
}

export interface CalendarDay {
  date: string
  working: boolean
  name_zh: string
  name_en: string
  source?: string
  status?: string
}

export interface CalendarFeed {
  active: boolean
  created_ms: number | null
  url: string | null
}

export interface CalendarIn {
  days: CalendarDay[]
}

export interface CalendarList {
  items: CalendarDay[]
}

export interface ChargeEndIn {
  to?: string
}

export interface ChargeIn {
  charge: string
  sectors?: string[]
  basis?: string
  from?: string
  to?: string
}

export interface ChargeNameOut {
  id: string
  zh: string
  en: string
}

export interface ChargeOut {
  id: string
  charge: string
  charge_zh: string
  charge_en: string
  sectors: string[]
  basis: string
  from: string
  to: string | null
}

export interface ChargesOut {
  items: ChargeOut[]
}

export interface CheckItemOut {
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
  certainty: string
  weight: number
  show_if?: string
}

export interface ChecklistOut {
  type?: string
  day: string
  editions: string[]
  items: CheckItemOut[]
}

export interface ChildIn {
  title: string
  text?: string
  region?: string
  lead: string[]
  co?: string[]
  due?: string
}

export interface ChildrenIn {
  children: ChildIn[]
}

export interface ClockIn {
  now_ms?: number
  advance_ms?: number
}

export interface ClockOut {
  now_ms: number
}

export interface CockpitCounts {
  open: number
  needs_me: number
  due_week: number
  overdue: number
  closed_month: number
  on_time_share: number | null
}

export interface CockpitHeat {
  region: string
  sector: string
  open: number
  overdue: number
}

export interface CockpitOut {
  counts: CockpitCounts
  red: MatterItem[]
  by_sector: CockpitSector[]
  by_region: CockpitRegion[]
  heat: CockpitHeat[]
  trend: CockpitWeek[]
  by_state: CockpitStateOut[]
}

export interface CockpitRegion {
  region: string
  name: string
  name_en: string
  open: number
  overdue: number
}

export interface CockpitSector {
  sector: string
  open: number
  overdue: number
}

export interface CockpitStateOut {
  state: string
  n: number
}

export interface CockpitWeek {
  week: string
  opened: number
  closed: number
  open: number
}

export interface CommandIn {
  cn: string
  params?: CommandParam[]
}

export interface CommandKind {
  cn: string
  zh: string
  en: string
  params: string
  source: string
  certainty: string
}

export interface CommandKinds {
  items: CommandKind[]
}

export interface CommandListOut {
  items: CommandOut[]
  next: string | null
}

export interface CommandOut {
  id: string
  cn: string
  zh: string
  en: string
  qn: string
  params: string
  state: 'waiting' | 'sent' | 'accepted' | 'done' | 'refused' | 'failed' | 'timeout'
  answer: string
  account: string | null
  made_ms: number
  done_ms: number | null
  tries: number
}

export interface CommandParam {
  name: string
  value: string
}

export interface ConfirmedOut {
  draft: DraftOut
  matter: string
}

export interface CoverCountOut {
  risk: string | null
  objects: number
  visited: number
  due: number
  overdue: number
  later: number
  never: number
}

export interface CoverRowOut {
  object: InspectObjectOut | null
  status: 'visited' | 'due' | 'overdue' | 'later'
  never: boolean
  last_ms: number | null
  due: string
  every_days: number
}

export interface CriteriaCompareOut {
  a: CriteriaEditionOut
  b: CriteriaEditionOut
  pairs: CriteriaPair[]
}

export interface CriteriaEditionOut {
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
  status: 'in_force' | 'superseded' | 'draft' | 'house'
  in_force: boolean
  dates: string
  certainty: string
  replaces?: string
  total: number | null
  known: number
  unknown_rows: number
  rows: number
  source: string
  source_zh: string
  note?: string
  note_zh?: string
}

export interface CriteriaEditionsOut {
  items: CriteriaEditionOut[]
}

export interface CriteriaListOut {
  items: CriterionOut[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface CriteriaPair {
  how: 'matched' | 'only-a' | 'only-b'
  a: CriterionOut | null
  b: CriterionOut | null
}

export interface CriterionOut {
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
  article?: string
  item?: string
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
  status: 'in_force' | 'superseded' | 'draft' | 'house'
  certainty: 'verified' | 'secondary' | 'memory-high' | 'memory-medium' | 'memory-low'
  source: string
  source_zh: string
  from: string | null
  to: string | null
  replaces?: string
  citable: boolean
  in_force: boolean
}

export interface CueDeadline {
  text?: string
  start: number | null
  end: number | null
  due: string | null
  recurs?: string
}

export interface CueReason {
  start: number
  end: number
  why?: string
}

export interface CueSector {
  id: string
  start: number | null
  end: number | null
}

export interface CueTarget {
  text?: string
  indicator?: string
  comparator?: string
  value: number
  unit?: string
  start: number | null
  end: number | null
}

export interface CueText {
  text?: string
  start: number | null
  end: number | null
}

export interface CueUnit {
  name: string
  org: string | null
  start: number | null
  end: number | null
}

export interface DeadlineRow {
  id: string
  kind: string
  step: string
  grade: string
  sectors: string[]
  objects: string
  amount: number
  unit: string
  max: number | null
  max_unit: string | null
  until_ms: number
  label_zh: string
  label_en: string
  clause: string
  clause_en: string
  source: string
  source_zh: string
  certainty: string
}

export interface DeadlinesOut {
  items: DeadlineRow[]
}

export interface DemoLoginOut {
  login: string
  password: string
  who_zh: string
  who_en: string
}

export interface DesignationEndIn {
  to?: string
  reason: string
}

export interface DesignationIn {
  region?: string
  object?: string
  sectors?: string[]
  line: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'
  role?: string
  org?: string
  post?: string
  person?: string
  decided_by?: string
  number?: string
  reason: string
  from?: string
  to?: string
}

export interface DesignationListOut {
  items: DesignationOut[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface DesignationOut {
  id: string
  region: RegionRef
  object: DutyObjectOut | null
  sectors: string[]
  line: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'
  role: string
  org: DutyOrgOut | null
  post: DutyPostOut | null
  person: DutyPersonOut | null
  decided_by: DutyOrgOut
  number: string
  reason: string
  from: string
  to: string | null
  at_ms: number
  ver: number
}

export interface DeviceApprove {
  ver: number
  station: string
  dialect?: 'auto' | '2005' | '2017' | '2025'
  crc_policy?: 'strict' | 'modbus' | 'swapped' | 'report'
  answer_policy?: 'asked' | 'always' | 'never'
  password?: string
  clear_password?: boolean
  peers?: string
  real_s?: number
  minute_m?: number
  reason: string
}

export interface DeviceFrame {
  id: string
  received_ms: number
  at_ms: number | null
  peer: string
  fault: string
  raw: string
  qn: string
  st: string
  cn: string
  flag: string
  readings: FrameReading[]
}

export interface DeviceFrames {
  items: DeviceFrame[]
  next: string | null
}

export interface DeviceHourOut {
  hour_ms: number
  last_ms: number
  offset_ms: number
  frames: number
  packets: number
  readings: number
  words: number
  late: number
  missed: number
  repeated: number
  acked: number
  frame: number
  length: number
  crc_modbus: number
  crc_swapped: number
  crc_none: number
  segment: number
  bad_time: number
  password: number
  peer: number
}

export interface DeviceListOut {
  items: DeviceOut[]
  next: string | null
}

export interface DeviceNew {
  mn: string
  station: string
  dialect?: 'auto' | '2005' | '2017' | '2025'
  crc_policy?: 'strict' | 'modbus' | 'swapped' | 'report'
  answer_policy?: 'asked' | 'always' | 'never'
  password?: string
  clear_password?: boolean
  peers?: string
  real_s?: number
  minute_m?: number
  reason: string
}

export interface DeviceOut {
  mn: string
  state: 'approved' | 'quarantined' | 'refused'
  station: string | null
  station_name: string
  station_name_en: string
  region: string
  dialect: string
  crc_policy: string
  answer_policy: string
  peers: string
  has_password: boolean
  real_s: number | null
  minute_m: number | null
  reason: string
  first_ms: number
  ver: number
  online: boolean
  peer: string
  last_ms: number | null
  offset_ms: number | null
}

export interface DeviceQuality {
  mn: string
  from_ms: number
  to_ms: number
  totals: DeviceTotals
  offset_ms: number | null
  silent_hours: number
  hours: DeviceHourOut[]
}

export interface DeviceRefuseIn {
  ver: number
  reason: string
}

export interface DeviceRenameIn {
  ver: number
  mn: string
  reason: string
}

export interface DeviceTotals {
  frames: number
  packets: number
  readings: number
  words: number
  late: number
  missed: number
  repeated: number
  acked: number
  frame: number
  length: number
  crc_modbus: number
  crc_swapped: number
  crc_none: number
  segment: number
  bad_time: number
  password: number
  peer: number
}

export interface DocumentItem {
  id: string
  title: string
  issuer: string
  date: string | null
  number: string
  kind: string
  region: string
  name: string
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
  ver: number
}

export interface DocumentOut {
  id: string
  title: string
  issuer: string
  date: string | null
  number: string
  kind: string
  region: string
  name: string
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
  ver: number
  text: string
  hash: string
  size: number
  clutter: SpanOut[]
  origins: OriginOut[]
  notes: NoteOut[]
  drafts: DraftOut[]
}

export interface DocumentPageOut {
  items: DocumentItem[]
  next: string | null
}

export interface DocumentPatch {
  ver: number
  title?: string
  issuer?: string
  number?: string
  kind?: 'minutes' | 'plan' | 'priorities' | 'feedback' | 'notice' | 'other'
  date?: string
}

export interface DoubtDecideIn {
  item: string
  kind?: string
  test: 'range' | 'stuck' | 'spike' | 'neighbours' | 'inverted' | 'fog' | 'drift' | 'zero-drift' | 'span-drift'
  from_ms: number
  to_ms: number
  verdict: 'good' | 'bad'
  reason: string
}

export interface DoubtDecidedOut {
  id: string
  hours: number
  days: number
  changed: number
}

export interface DoubtListOut {
  edition: string
  rules: DoubtRuleOut[]
  items: DoubtOut[]
  more: boolean
}

export interface DoubtNearListOut {
  radius_km: number
  unit: string
  items: DoubtNearOut[]
}

export interface DoubtNearOut {
  station: string
  name: string
  name_en: string
  kind: string
  km: number | null
  n: number
  least: number | null
  median: number | null
  most: number | null
}

export interface DoubtOut {
  item: string
  kind: string
  test: 'range' | 'stuck' | 'spike' | 'neighbours' | 'inverted' | 'fog' | 'drift' | 'zero-drift' | 'span-drift'
  from_ms: number
  to_ms: number
  value: number
  bound: number
  edition: string
  made_ms: number
  decision: DoubtWord | null
}

export interface DoubtRuleOut {
  item: string
  lo: number
  hi: number
  stuck_h: number
  spike_abs: number
  spike_mad: number
  neighbours_z: number
  neighbours_h: number
  radius_km: number
  plume_km: number
  source: string
  certainty: string
}

export interface DoubtWord {
  verdict: 'good' | 'bad'
  at_ms: number
  by: string
  reason: string
  from_ms: number
  to_ms: number
}

export interface DraftOut {
  id: string
  document: string
  start: number
  end: number
  text: string
  state: 'draft' | 'confirmed' | 'discarded'
  title: string
  action: CueText | null
  object: CueText | null
  sectors: CueSector[]
  lead: CueUnit[]
  co: CueUnit[]
  deadline: CueDeadline | null
  targets: CueTarget[]
  reasons: CueReason[]
  confidence: number
  matter: string | null
  matter_state: string | null
  edited: boolean
  ver: number
}

export interface DraftPatch {
  ver: number
  start?: number
  end?: number
  title?: string
  sectors?: string[]
  lead?: UnitIn[]
  co?: UnitIn[]
  due?: string
  clear_due?: boolean
  recurs?: string
  targets?: CueTarget[]
}

export interface DraftVer {
  ver: number
  reason?: string
}

export interface DraftsOut {
  drafts: DraftOut[]
}

export interface DrawCandidateOut {
  id: string
  weight: number
}

export interface DrawCheckOut {
  equal: boolean
  candidates_equal: boolean
  result_equal: boolean
  first_place: number | null
}

export interface DrawDrawnOut {
  place: number
  id: string
  weight: number
  key: number
  chance: number
  result: string | null
}

export interface DrawItemOut {
  id: string
  region: RegionRef
  want: number
  size: number
  hash: string
  seed_source: string
  seed: string | null
  announced_ms: number
  drawn_ms: number | null
  ver: number
}

export interface DrawListOut {
  items: DrawItemOut[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface DrawOut {
  id: string
  region: RegionRef
  want: number
  size: number
  hash: string
  seed_source: string
  seed: string | null
  announced_ms: number
  drawn_ms: number | null
  ver: number
  left: number
  purpose: string
  algorithm: string
  rule: unknown
  threshold: number | null
  candidates: DrawCandidateOut[]
  candidates_more: boolean
  drawn: DrawDrawnOut[]
}

export interface DutyObjectOut {
  id: string
  no: string
  name: string
  name_en: string
  type: string
}

export interface DutyOrgOut {
  id: string
  name: string
  name_en: string
}

export interface DutyOut {
  day: string
  region: RegionRef
  sectors: string[]
  object: DutyObjectOut | null
  matter: string | null
  gaps: number
  overlaps: number
  rows: DutyRowOut[]
}

export interface DutyPersonOut {
  id: string
  name: string
  name_en: string
}

export interface DutyPostOut {
  id: string
  title: string
  title_en: string
}

export interface DutyRowOut {
  line: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'
  sector: string | null
  role: string
  role_zh: string
  role_en: string
  org: DutyOrgOut | null
  post: DutyPostOut | null
  person: DutyPersonOut | null
  since: string | null
  rule: string
  basis_zh: string
  basis_en: string
  source_zh: string
  source_en: string
  clause_zh: string
  clause_en: string
  certainty: string
  demand: boolean
  designation: string | null
  gap: '' | 'no-org' | 'no-post' | 'vacant' | 'no-sector'
  overlap: boolean
  fits: DutyOrgOut[]
}

export interface DutyRuleOut {
  id: string
  line: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'
  role: string
  role_zh: string
  role_en: string
  sectors: string[]
  per_sector: boolean
  types: string[]
  region: string | null
  level: 'supervising' | 'province' | 'city' | 'county' | 'town' | 'village'
  need: number
  demand: boolean
  basis_zh: string
  basis_en: string
  source_zh: string
  source_en: string
  clause_zh: string
  clause_en: string
  certainty: string
}

export interface DutyRulesOut {
  items: DutyRuleOut[]
  charges: ChargeNameOut[]
}

export interface EffectDay {
  day: string
  mean: number
  hours: number
}

export interface EffectOut {
  matter: string
  station: string | null
  item: string
  limit: number | null
  found_ms: number
  rectified_ms: number | null
  before: EffectSide | null
  after: EffectSide | null
  shift: number | null
  lower: number | null
  p: number | null
  verdict: 'lower' | 'higher' | 'no-change' | 'too-few' | 'not-yet' | 'no-series'
  method: string
  method_zh: string
  warning: string
  warning_zh: string
}

export interface EffectSide {
  from: number
  to: number
  n: number
  median: number | null
  days: EffectDay[]
}

export interface EscalationItem {
  matter: MatterItem
  rung: RungOut
  rule: RungRule
  since_ms: number
  taken: RungTaken[]
  todo: boolean
  to: RungTo
}

export interface EscalationMonth {
  month: string
  late: number
}

export interface EscalationOut {
  ladder: RungOut[]
  items: EscalationItem[]
  units: EscalationUnit[]
  next: string | null
}

export interface EscalationUnit {
  org: string
  name: string
  name_en: string
  months: EscalationMonth[]
  rung: RungOut
  rule: RungRule
}

export interface ExchangeCodeOut {
  value: string
  zh: string
  en: string
}

export interface ExchangeCompanyList {
  items: ExchangeCompanyOut[]
  next: string | null
}

export interface ExchangeCompanyOut {
  region: string
  code: string
  credit_code: string
  name: string
  org: string | null
  org_name: string
  updated_ms: number
  rows: ExchangeCountOut[]
}

export interface ExchangeCountOut {
  table: string
  n: number
}

export interface ExchangeErrorOut {
  table: string
  row: number
  cell: string
  field: string
  message: string
}

export interface ExchangeFieldOut {
  name: string
  zh: string
  en: string
  type: string
  required: boolean
  max: number
  codes: ExchangeCodeOut[]
  certainty: string
}

export interface ExchangeImportOut {
  company: string
  rows: number
  created: number
  updated: number
  unchanged: number
  matters: number
  photos: number
  errors: ExchangeErrorOut[]
}

export interface ExchangeRowList {
  items: ExchangeRowOut[]
  next: string | null
}

export interface ExchangeRowOut {
  id: string
  parent: string | null
  deleted: boolean
  values: unknown
  matter: string | null
  state: string | null
}

export interface ExchangeSpecOut {
  id: string
  edition: string
  zh: string
  en: string
  certainty: string
  tables: ExchangeTableOut[]
}

export interface ExchangeTableOut {
  id: string
  zh: string
  en: string
  parent: string | null
  fields: ExchangeFieldOut[]
}

export interface ExplainItem {
  item: string
  zh: string
  en: string
  unit: string
  measured_unit: string
  flag: string
  value: number | null
  rounded: number | null
  places: number
  counted: number
  need: number
  valid: boolean
  lo: number | null
  hi: number | null
  index_lo: number | null
  index_hi: number | null
  above: boolean
  sub: number | null
  indicator: string
  clause: string
}

export interface ExplainLevel {
  level: number
  zh: string
  en: string
  rgb: string
  effect_zh: string
  effect_en: string
  advice_zh: string
  advice_en: string
}

export interface ExplainOut {
  station: string
  at_ms: number
  report: 'day' | 'hour'
  edition: string
  standard: string
  title_zh: string
  title_en: string
  in_force: string
  source: string
  certainty: string
  validity: string
  input: 'half-even' | 'down'
  result: 'up' | 'nearest'
  least: number
  primary_above: number
  publish_above: number | null
  aqi: number | null
  greatest: number | null
  why: string
  level: ExplainLevel | null
  primary: string[]
  missing: string[]
  items: ExplainItem[]
}

export interface FireFeature {
  type: 'Feature'
  geometry: unknown
  properties: FireOut
}

export interface FireFindingIn {
  outcome: string
  text?: string
  ver: number
}

export interface FireImportFault {
  row: number
  column: string
  message: string
}

export interface FireImportOut {
  rows: number
  outside: number
  known: number
  fires: number
  joined: number
  matters: number
  stored: boolean
  errors: FireImportFault[]
}

export interface FireListOut {
  items: FireOut[]
  next: string | null
}

export interface FireMap {
  type: 'FeatureCollection'
  features: FireFeature[]
}

export interface FireOut {
  id: string
  region: string
  region_name: string
  region_name_en: string
  lat: number
  lon: number
  first_ms: number
  last_ms: number
  points: number
  trust: 'low' | 'nominal' | 'high'
  frp: number
  fixed: boolean
  org: string | null
  org_name: string
  org_name_en: string
  matter: string | null
  matter_no: string
  state: string
  phase: string
  asked_ms: number | null
  respond_by_ms: number | null
  late: boolean
  outcome: string | null
  finding: string
  found_ms: number | null
  ver: number
}

export interface FirePage {
  fire: FireOut
  seen: FirePointOut[]
}

export interface FirePointOut {
  id: string
  lat: number
  lon: number
  at_ms: number
  sensor: 'modis' | 'viirs'
  satellite: string
  trust: 'low' | 'nominal' | 'high'
  brightness: number
  frp: number | null
  fixed: boolean
}

export interface FoundDocument {
  id: string
  title: string
  issuer: string
  number: string
  date: string | null
}

export interface FrameReading {
  code: string
  what: string
  value: string
  flag: string
}

export interface FrequencyItem {
  id: string
  risk: string
  type: string
  region: string | null
  every_days: number
  zh: string
  en: string
  source: string
  certainty: string
}

export interface GapsItemOut {
  object: DutyObjectOut
  region: RegionRef
  gaps: DutyRowOut[]
}

export interface GapsLineOut {
  line: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'
  pairs: number
  covered: number
  share: number | null
  overlaps: number
}

export interface GapsOut {
  day: string
  objects: number
  pairs: number
  covered: number
  share: number | null
  overlaps: number
  lines: GapsLineOut[]
  items: GapsItemOut[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface GatewayOut {
  listening: boolean
  port: number
  connections: number
  accepted: number
  refused: number
  closed_idle: number
  closed_partial: number
  closed_junk: number
  closed_slow: number
  junk_bytes: number
  batches: number
  failed_batches: number
  unknown: number
  paused: number
  counts: DeviceTotals
}

export interface GrantIn {
  account: string
  role: string
  region: string
  sectors: string[]
  org?: string
  secret?: number
  valid_from?: string
  valid_to?: string
  reason: string
}

export interface GrantItem {
  id: string
  account: string
  login: string
  role: string
  role_en: string
  role_zh: string
  region: string
  region_name: string
  sectors: string[]
  org: string | null
  secret: number
  valid_from: string
  valid_to: string
  reason: string
  granted_by: string
  revoked_ms: number | null
}

export interface GrantListOut {
  items: GrantItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface GridCellMaker {
  station: string
  name: string
  name_en: string
  value: number
  weight: number
  metres: number
}

export interface GridCellOut {
  cell: string
  region: string
  region_name: string
  region_name_en: string
  lon: number
  lat: number
  value: number
  uncertainty: number | null
  n_valid: number | null
  excess: number
  mom: number | null
  yoy: number | null
  z: number | null
  hot: boolean
  hot_periods: number
  persistent: boolean
  ewma: boolean
  cusum: boolean
  ranked: boolean
  patrol: GridPatrol | null
}

export interface GridCellPage {
  cell: string
  parent: string | null
  region: string | null
  region_name: string
  region_name_en: string
  lon: number
  lat: number
  geometry: unknown
  values: GridCellValue[]
  patrols: GridPatrol[]
}

export interface GridCellValue {
  period: string
  item: string
  source: string
  method: 'import' | 'idw'
  value: number
  n_valid: number | null
  uncertainty: number | null
  makers: GridCellMaker[]
}

export interface GridFeature {
  type: 'Feature'
  geometry: unknown
  properties: GridCellOut
}

export interface GridFillDueOut {
  plans: string
  made: number
}

export interface GridFillIn {
  period: string
  item: string
  size: '3000' | '500'
  source: string
  check?: boolean
}

export interface GridFillOut {
  period: string
  item: string
  size: number
  source: string
  method: string
  power: number
  radius_m: number
  least: number
  days_needed: number
  cells: number
  stored: boolean
  n: number
  rmse: number | null
  mae: number | null
  bias: number | null
  stations: GridFillStation[]
}

export interface GridFillStation {
  station: string
  name: string
  name_en: string
  value: number | null
  days: number
  estimate: number | null
  why: string | null
}

export interface GridFindingIn {
  outcome: string
  text?: string
  matter?: string
  ver: number
}

export interface GridImportFault {
  row: number
  column: string
  message: string
}

export interface GridImportOut {
  rows: number
  stored: boolean
  sets: GridImportSet[]
  errors: GridImportFault[]
}

export interface GridImportSet {
  period: string
  item: string
  size: number
  source: string
  cells: number
}

export interface GridMap {
  type: 'FeatureCollection'
  period: string
  from: string
  to: string
  item: string
  unit: string
  size: number
  source: string
  background: number | null
  mean: number | null
  total: number
  hot: number
  history: number
  fdr: number
  features: GridFeature[]
}

export interface GridOut {
  period: string
  from: string
  to: string
  item: string
  unit: string
  size: number
  source: string
  background: number | null
  mean: number | null
  total: number
  hot: number
  history: number
  fdr: number
  items: GridCellOut[]
}

export interface GridPatrol {
  id: string
  cell: string
  region: string
  period: string
  item: string
  source: string
  list: string
  value: number
  matter: string
  matter_no: string
  state: string
  phase: string
  due_ms: number | null
  org: string | null
  org_name: string
  org_name_en: string
  made_ms: number
  outcome: string | null
  finding: string
  found_matter: string | null
  found_ms: number | null
  ver: number
}

export interface GridPatrolIn {
  period: string
  item: string
  source: string
  list?: 'mean' | 'yoy' | 'mom' | 'hot'
  due?: string
  text?: string
}

export interface GridPatrols {
  items: GridPatrol[]
}

export interface GridPatrolsIn {
  period: string
  item: string
  size: '3000' | '500'
  source: string
  list: 'mean' | 'yoy' | 'mom' | 'hot'
  top?: number
  due?: string
  text?: string
}

export interface GridPatrolsOut {
  items: GridPatrol[]
  had: number
}

export interface GridSet {
  id: string
  period: string
  from: string
  to: string
  item: string
  size: number
  source: string
  method: 'import' | 'idw'
  note: string
  cells: number
  made_ms: number
  ver: number
}

export interface GridSets {
  items: GridSet[]
}

export interface HoldIn {
  person: string
  from: string
  to?: string
}

export interface HoldItem {
  person: string
  name: string
  from: string
  to: string | null
}

export interface ImportError {
  cell: string
  row: number
  pointer: string
  message: string
}

export interface ImportOut {
  rows: number
  ok: number
  errors: ImportError[]
  created: string[]
}

export interface IndexEditionOut {
  id: string
  title_zh: string
  title_en: string
  source: string
  in_force: string
  until: string
  status: string
  certainty: string
  note: string
}

export interface IndexIn {
  edition?: string
  date?: string
  period?: 'hour' | 'day'
  units?: 'standard' | 'edition'
  start?: string
  area?: number
  brief?: boolean
  columns?: string[]
  rows?: IndexRowIn[]
  csv?: string
}

export interface IndexKindOut {
  kind: string
  takes: string[]
  gives: string[]
  groups: boolean
  editions: IndexEditionOut[]
}

export interface IndexKindsOut {
  items: IndexKindOut[]
}

export interface IndexOut {
  kind: string
  columns: string[]
  editions: IndexEditionOut[]
  rows: IndexRowOut[]
}

export interface IndexPartOut {
  item: string
  zh: string
  en: string
  unit: string
  value: string
  used: string
  rule: string
  grade: string
  source: string
  certainty: string
}

export interface IndexRowIn {
  cells: string[]
}

export interface IndexRowOut {
  row: number
  name: string
  edition: string
  values: string[]
  reason: string
  missing: string[]
  parts: IndexPartOut[]
}

export interface InspectObjectOut {
  id: string
  type: string
  no: string
  name: string
  name_en: string
  risk: string
  owner: string | null
  owner_name: string
  owner_name_en: string
  region: string
  region_name: string
  lat: number | null
  lon: number | null
}

export interface InspectPerson {
  account: string
  person: string | null
  name: string
  org: string | null
  org_name: string
  leader: boolean
  name_en: string
  org_name_en: string
}

export interface InspectRulesOut {
  frequency: FrequencyItem[]
  min_inspectors: number
  sign_inspectors: number
}

export interface IntakeAnswer {
  at_ms: number
  text: string
}

export interface IntakeAnswerIn {
  text: string
}

export interface IntakeContact {
  contact: string
}

export interface IntakePhoto {
  id: string
  type: string
  size: number
  received_ms: number
  released: boolean
}

export interface IntakeReleaseIn {
  photos: string[]
}

export interface IntakeReport {
  matter: string
  no: string
  category: string
  words: string
  place: string
  lat: number | null
  lon: number | null
  lang: string
  received_ms: number
  contact: 'none' | 'kept' | 'erased'
  fixed: string
  answer: string
  answered_ms: number | null
  photos: IntakePhoto[]
  answers: IntakeAnswer[]
  similar: IntakeSimilar[]
}

export interface IntakeSimilar {
  matter: MatterItem
  metres: number | null
  hours: number
}

export interface ItemKindOut {
  medium: string
  id: string
  code: string
  unit: string
  zh: string
  en: string
  source: string
  certainty: string
}

export interface KindDropped {
  kind: string
  columns: number
}

export interface LatestOut {
  now_ms: number
  items: LatestStation[]
  next: string | null
}

export interface LatestStation {
  id: string
  region: string
  kind: string
  name: string
  name_en: string
  lat: number | null
  lon: number | null
  at_ms: number | null
  values: LatestValue[]
}

export interface LatestValue {
  item: string
  kind: string
  at_ms: number
  received_ms: number
  value: number | null
  flag: string
}

export interface LedgerCheckOut {
  ok: boolean
  events: number
  logs: number
  matters: number
  ms: number
  first: LedgerFirst | null
}

export interface LedgerEventItem {
  region: string
  seq: number
  at_ms: number
  kind: string
  subject: string
  actor_name: string
  leaf: string
  body: string
}

export interface LedgerEventList {
  items: LedgerEventItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface LedgerFirst {
  region: string
  seq: number
  what: string
  subject: string
}

export interface LedgerLogItem {
  region: string
  region_name: string
  size: number
  root: string
  alg: string
  last_ms: number | null
}

export interface LedgerLogList {
  items: LedgerLogItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface LiveIndex {
  is: 'aqi' | 'part' | 'water'
  edition: string
  at_ms: number
  value: number | null
  level: number
  name: string
  zh: string
  en: string
  rgb: string
  items: string[]
  missing: string[]
}

export interface LiveOut {
  now_ms: number
  items: LiveStation[]
  next: string | null
}

export interface LiveStation {
  id: string
  region: string
  region_name: string
  kind: string
  medium: string
  name: string
  name_en: string
  object: string | null
  lat: number | null
  lon: number | null
  at_ms: number | null
  until_ms: number | null
  exceedances: number
  doubtful: number
  notices: number
  index: LiveIndex | null
  values: LiveValue[]
}

export interface LiveValue {
  item: string
  zh: string
  en: string
  unit: string
  kind: string
  at_ms: number
  value: number | null
  flag: string
  counts: boolean
}

export interface LoginIn {
  login: string
  password: string
  otp?: string
}

export interface LookbackCurveOut {
  key: string
  zh: string
  en: string
  fixes: number
  relapses: number
  median_days: number | null
  watched_days: number
  steps: LookbackStepOut[]
}

export interface LookbackCurvesOut {
  from: string
  to: string
  all: LookbackCurveOut
  items: LookbackCurveOut[]
}

export interface LookbackDrawIn {
  kind?: string
  region?: string
  n?: number
  seed_source: string
}

export interface LookbackFactorOut {
  id: string
  zh: string
  en: string
  times: number
}

export interface LookbackFactorRule {
  id: string
  zh: string
  en: string
  factor: number
  cap: number
}

export interface LookbackFindingIn {
  ver: number
  result: string
  text: string
  seen?: string
  due?: string
  files?: string[]
}

export interface LookbackHandIn {
  ver: number
  org: string
  due?: string
}

export interface LookbackListOut {
  items: LookbackOut[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface LookbackMustIn {
  kind?: string
  region?: string
  orgs: string[]
  due: string
}

export interface LookbackMustOut {
  tasks: number
}

export interface LookbackOut {
  id: string
  matter: string
  no: string
  title: string
  kind: string
  state: string
  grade: string
  region: string
  round: number
  moved_on: boolean
  draw: string | null
  chance: number | null
  unit: MatterOrg | null
  org: MatterOrg | null
  due: string
  overdue: boolean
  closed_ms: number
  asked_ms: number
  result: string | null
  held: boolean
  seen: string | null
  result_ms: number | null
  by_org: MatterOrg | null
  ver: number
}

export interface LookbackPickIn {
  matter: string
  org: string
  due: string
}

export interface LookbackPoolItem {
  matter: string
  no: string
  title: string
  region: string
  grade: string
  listed: boolean
  round: number
  unit: MatterOrg | null
  closed_ms: number
  due_from: string
  due_to: string
  late: boolean
  must: boolean
  share: number
  stratum: LookbackWord
  weight: number
  why: LookbackFactorOut[]
}

export interface LookbackPoolOut {
  day: string
  kind: string
  size: number
  must: number
  drawable: number
  want: number
  late: number
  items: LookbackPoolItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface LookbackRateOut {
  key: string
  zh: string
  en: string
  looked: number
  held: number
  by_hand: number
  told: number
  share: number | null
  low: number | null
  high: number | null
  worth: number
}

export interface LookbackRatesOut {
  from: string
  to: string
  all: LookbackRateOut
  items: LookbackRateOut[]
}

export interface LookbackResultOut {
  id: string
  held: boolean
  zh: string
  en: string
  consequence_zh: string
  consequence_en: string
}

export interface LookbackRulesOut {
  kinds: string[]
  strata: LookbackStratumOut[]
  weights: LookbackFactorRule[]
  results: LookbackResultOut[]
}

export interface LookbackSeedIn {
  ver: number
  seed: string
  orgs: string[]
  due: string
}

export interface LookbackStepOut {
  day: number
  at_risk: number
  events: number
  survival: number
  se: number | null
  low: number | null
  high: number | null
}

export interface LookbackStratumOut {
  id: string
  kind: string
  grade: string
  share: number
  from_days: number
  to_days: number
  zh: string
  en: string
  source: string
  certainty: string
}

export interface LookbackWord {
  id: string
  zh: string
  en: string
}

export interface MapConfig {
  tiles: string | null
  attribution: string
  home: string
  home_name: string
  boundaries: boolean
  west: number | null
  south: number | null
  east: number | null
  north: number | null
  crs: string
}

export interface MapFeature {
  type: 'Feature'
  geometry: unknown
  properties: MapProps
}

export interface MapFeatures {
  type: 'FeatureCollection'
  features: MapFeature[]
  total: number
  clustered: boolean
}

export interface MapProps {
  cluster: boolean
  count: number
  id?: string
  name?: string
  name_en?: string
  no?: string
  type?: string
  risk?: string
  owner?: string
  owner_name?: string
  kind?: string
  state?: string
  grade?: string
  colour?: string
  due_ms?: number
  west?: number
  south?: number
  east?: number
  north?: number
}

export interface MapRegionFeature {
  type: 'Feature'
  geometry: unknown
  properties: MapRegionProps
}

export interface MapRegionFeatures {
  type: 'FeatureCollection'
  features: MapRegionFeature[]
}

export interface MapRegionProps {
  code: string
  name: string
  name_en: string
  self: boolean
  risk: string
  red: number
  orange: number
  yellow: number
  blue: number
  total: number
}

export interface MarkDecideIn {
  matter: string
  mark: string
  decision: 'accepted' | 'explained' | 'sham'
  text: string
}

export interface MarkDecision {
  decision: 'accepted' | 'explained' | 'sham'
  text: string
  by: string
  at_ms: number
}

export interface MarkKindOut {
  id: string
  zh: string
  en: string
  why_zh: string
  why_en: string
  weight: number
  certainty: string
}

export interface MarkKindsOut {
  items: MarkKindOut[]
}

export interface MarkOther {
  matter: string | null
  no: string
  title: string
  file: string | null
  region_name: string
}

export interface MarkedList {
  items: MarkedMatter[]
  next: string | null
  examined: number
}

export interface MarkedMatter {
  matter: MatterItem
  marks: MatterMark[]
}

export interface MatterActOut {
  id: string
  label_zh: string
  label_en: string
  to: string
  fields: MatterField[]
  allowed: boolean
  why: MatterWhy | null
}

export interface MatterEvent {
  seq: number
  at_ms: number
  kind: string
  label_zh: string
  label_en: string
  actor: MatterWho
  org: MatterWho | null
  from: string | null
  to: string | null
  text: string
  data: unknown
  said: MatterSaid[]
  named: MatterNamed[]
  files: string[]
  leaf: string
}

export interface MatterEventsOut {
  items: MatterEvent[]
  next: string | null
}

export interface MatterField {
  name: string
  type: string
  required: boolean
  max: number | null
  options: string[]
  options_zh: string[]
  options_en: string[]
  label_zh: string
  label_en: string
}

export interface MatterFile {
  id: string
  hash: string
  name: string
  type: string
  size: number
  captured_ms: number | null
  received_ms: number
  by: string
  by_en: string
  act_seq: number | null
  marks: MatterMark[]
}

export interface MatterIn {
  kind: string
  region?: string
  title: string
  text?: string
  sectors?: string[]
  lead?: string[]
  co?: string[]
  due?: string
  recurs?: string
  targets?: MatterTarget[]
  measures?: string
  parent?: string
  object?: string
  lat?: number
  lon?: number
  source?: string
  cause?: string
  found_ms?: number
  contractor?: string
  visit?: string
  more?: MatterMore[]
}

export interface MatterItem {
  id: string
  region: string
  region_name: string
  no: string
  kind: string
  title: string
  state: string
  phase: 'open' | 'closed'
  colour: 'green' | 'amber' | 'red' | 'grey'
  due_ms: number | null
  days_left: number | null
  sectors: string[]
  lead: MatterOrg[]
  co: MatterOrg[]
  progress: number | null
  parent: string | null
  document: string | null
  opened_ms: number
  closed_ms: number | null
  ver: number
  handler_region: string
  grade: string
  criterion: string
  source: string
  cause: string
  object: MatterObject | null
  lat: number | null
  lon: number | null
  found_ms: number
  listed: string
  relapses: number
  contractor: MatterOrg | null
  visit: string | null
  children: number
}

export interface MatterList {
  items: MatterItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface MatterMark {
  key: string
  kind: string
  label: string
  text: string
  weight: number
  file: string | null
  other: MarkOther | null
  values: unknown
  decision: MarkDecision | null
}

export interface MatterMore {
  name: string
  value: string
}

export interface MatterNamed {
  field: string
  label_zh: string
  label_en: string
  orgs: MatterOrg[]
}

export interface MatterObject {
  id: string
  name: string
  name_en: string
  type: string
}

export interface MatterOrg {
  org: string
  name: string
  name_en: string
}

export interface MatterOut {
  id: string
  region: string
  region_name: string
  no: string
  kind: string
  title: string
  state: string
  phase: 'open' | 'closed'
  colour: 'green' | 'amber' | 'red' | 'grey'
  due_ms: number | null
  days_left: number | null
  sectors: string[]
  lead: MatterOrg[]
  co: MatterOrg[]
  progress: number | null
  parent: string | null
  document: string | null
  opened_ms: number
  closed_ms: number | null
  ver: number
  handler_region: string
  grade: string
  criterion: string
  source: string
  cause: string
  object: MatterObject | null
  lat: number | null
  lon: number | null
  found_ms: number
  listed: string
  relapses: number
  contractor: MatterOrg | null
  visit: string | null
  text: string
  measures: string
  targets: MatterTarget[]
  recurs: string
  round: number
  extensions: number
  deadline: MatterRule | null
  attrs: unknown
  parties: MatterPartyOut[]
  provenance: MatterProvenance | null
  children: MatterItem[]
  files: MatterFile[]
  marks: MatterMark[]
  reports: MatterReport[]
  acts: MatterActOut[]
  waiting: MatterWaiting[]
  timeline: MatterEvent[]
}

export interface MatterPartyOut {
  role: string
  org: string
  name: string
  name_en: string
  person: string | null
  person_name: string | null
  basis: string
  basis_zh: string
  basis_en: string
}

export interface MatterProvenance {
  document: string
  document_title: string
  directive: string | null
  start: number
  end: number
  sentence: string
}

export interface MatterReport {
  period: string
  percent: number | null
  text: string
  at_ms: number
  org_name: string
  by: string
  org_name_en: string
  by_en: string
}

export interface MatterRule {
  id: string
  label_zh: string
  label_en: string
  clause: string
  clause_en: string
  source: string
  source_zh: string
  certainty: string
}

export interface MatterSaid {
  field: string
  label_zh: string
  label_en: string
  zh: string
  en: string
}

export interface MatterTarget {
  text: string
  indicator: string
  comparator: string
  value: number
  unit: string
  start: number | null
  end: number | null
}

export interface MatterWaiting {
  role: string
  who_zh: string
  who_en: string
  since_ms: number
  until_ms: number | null
  rule: MatterRule | null
}

export interface MatterWho {
  id: string | null
  name: string
  name_en: string
}

export interface MatterWhy {
  key: string
  text: string
}

export interface MeAccount {
  id: string
  login: string
  must_change_password: boolean
  otp_enabled: boolean
}

export interface MeCsrf {
  csrf: string
}

export interface MeOrg {
  id: string
  name: string
  name_en: string
  kind: string
}

export interface MeOut {
  account: MeAccount
  person: MePerson
  org: MeOrg | null
  posts: MePost[]
  csrf: string
  perms: string[]
  scopes: MeScope[]
  home_region: RegionRef
  now_ms: number
  demo: boolean
  prefs: unknown
}

export interface MePasswordIn {
  old: string
  new: string
}

export interface MePerson {
  id: string
  name: string
  name_en: string
}

export interface MePost {
  id: string
  title: string
  org_name: string
  duties: string[]
}

export interface MeScope {
  region: RegionRef
  sectors: string[]
  perms: string[]
  valid_to_ms: number | null
}

export interface MeasuredClass {
  class: number
  name: string
  zh: string
  en: string
  rgb: string
}

export interface MeasuredEdition {
  id: string
  family: string
  standard: string
  zh: string
  en: string
  in_force: string
  until: string
  certainty: string
  now: boolean
}

export interface MeasuredFlag {
  flag: string
  counts: boolean
  zh: string
  en: string
  source: string
}

export interface MeasuredItem {
  item: string
  zh: string
  en: string
  unit: string
  kinds: string[]
  at_ms: number
  limits: MeasuredLimit[]
}

export interface MeasuredLimit {
  edition: string
  standard: string
  over: string
  grade: number
  value: number
  at_least: boolean
  clause: string
}

export interface MeasuredOut {
  station: string
  medium: string
  items: MeasuredItem[]
  editions: MeasuredEdition[]
  flags: MeasuredFlag[]
  classes: MeasuredClass[]
}

export interface MergedOut {
  draft: DraftOut
}

export interface MetaOut {
  version: string
  sectors: SectorOut[]
  workflows: WorkflowOut[]
  sources: NamedOut[]
  causes: NamedOut[]
  perms: NamedOut[]
  org_kinds: string[]
  demo: boolean
  logins: DemoLoginOut[]
}

export interface MqttOut {
  on: boolean
  connected: boolean
  since_ms: number | null
  address: string
  client: string
  trouble: string
  counts: MqttTallyOut
}

export interface MqttRefuseIn {
  ver: number
  reason: string
}

export interface MqttTallyOut {
  messages: number
  readings: number
  words: number
  empty: number
  large: number
  json: number
  shape: number
  time: number
  bad_time: number
  retained: number
  unknown: number
  refused: number
  lost: number
  presence: number
  offline: number
  batches: number
  failed_batches: number
  connects: number
  disconnects: number
  failed_connects: number
}

export interface MqttTopicIn {
  topic: string
  station: string
  form?: 'values' | 'presence'
  item?: string
  kind?: string
  ver?: number
  reason: string
}

export interface MqttTopicListOut {
  items: MqttTopicOut[]
  next: string | null
}

export interface MqttTopicOut {
  id: string
  topic: string
  state: 'approved' | 'quarantined' | 'refused'
  station: string | null
  station_name: string
  station_name_en: string
  region: string
  form: 'values' | 'presence'
  item: string
  kind: string
  reason: string
  first_ms: number
  last_ms: number | null
  messages: number
  readings: number
  faults: number
  held: number
  lost: number
  offline: number
  online: string | null
  changed_ms: number | null
  sample: string
  ver: number
}

export interface NamedOut {
  id: string
  en: string
  zh: string
}

export interface NoteOut {
  start: number
  end: number
  lead: string[]
  co: string[]
}

export interface NoticeAckIn {
  ver: number
  text?: string
  files?: string[]
}

export interface NoticeAckOut {
  at_ms: number
  how: 'account' | 'recorded'
  text: string
  files: string[]
  by: string
}

export interface NoticeBlockOut {
  kind: 'title' | 'number' | 'to' | 'heading' | 'body' | 'plain' | 'right' | 'note' | 'table'
  text?: string
  columns: number
  cells: NoticeCell[]
}

export interface NoticeCell {
  text?: string
}

export interface NoticeEditIn {
  ver: number
  lang?: 'zh-CN' | 'en'
  fields?: NoticeValue[]
  addressee?: string
  days?: number
  unit?: string
  due?: string
}

export interface NoticeFileOut {
  id: string
  hash: string
  name: string
  type: string
  size: number
}

export interface NoticeGivenOut {
  name: string
  zh: string
  en: string
  type: 'text' | 'list' | 'date'
  required: boolean
  max: number
  preset_zh: string
  preset_en: string
}

export interface NoticeIn {
  template: string
  lang?: 'zh-CN' | 'en'
  fields?: NoticeValue[]
  addressee?: string
  days?: number
  unit?: string
  due?: string
}

export interface NoticeIssueIn {
  ver: number
  reason?: string
}

export interface NoticeLettersIn {
  letters: string
  contact?: string
}

export interface NoticeList {
  items: NoticeOut[]
  offers: NoticeOffer[]
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
  unit: string
  ack: boolean
  to: string
  basis_zh: string
  basis_en: string
  source: string
  source_zh: string
  certainty: string
  fields: NoticeGivenOut[]
}

export interface NoticeOrg {
  org: string | null
  name: string
  name_en: string
}

export interface NoticeOut {
  id: string
  matter: string
  region: string
  template: string
  zh: string
  en: string
  lang: 'zh-CN' | 'en'
  state: 'drafted' | 'issued' | 'served' | 'acknowledged' | 'withdrawn'
  number: string | null
  version: number
  issuer: NoticeOrg
  addressee: NoticeOrg
  days: number | null
  unit: string
  clock: string
  deadline: string
  due: string | null
  ack: boolean
  fields: NoticeValue[]
  address: string
  drafted_ms: number
  drafter: string
  issued_ms: number | null
  issued_by: string
  served: NoticeServedOut | null
  acknowledged: NoticeAckOut | null
  withdrawn_ms: number | null
  reason: string
  versions: NoticeVersionOut[]
  can: string[]
  ver: number
}

export interface NoticePaperOut {
  lang: 'zh-CN' | 'en'
  title: string
  issuer?: string
  at_ms: number
  head?: string
  draft: boolean
  blocks: NoticeBlockOut[]
  address?: string
  address_note?: string
}

export interface NoticeServeIn {
  ver: number
  method: string
  receiver?: string
  at_ms?: number
  refused?: boolean
  note?: string
  files?: string[]
}

export interface NoticeServedOut {
  at_ms: number
  method: string
  method_zh: string
  method_en: string
  receiver: string
  refused: boolean
  note: string
  files: string[]
  by: string
}

export interface NoticeValue {
  name: string
  value?: string
}

export interface NoticeVersionOut {
  version: number
  issued_ms: number
  pdf_hash: string
  pdf_size: number
  docx_hash: string
  docx_size: number
  reason: string
}

export interface NoticeWithdrawIn {
  ver: number
  reason: string
}

export interface ObjectAttrOut {
  name: string
  zh: string
  en: string
  type: 'text' | 'int' | 'real' | 'date' | 'bool' | 'enum'
  unit: string
  min: number | null
  max: number | null
  required: boolean
  options: AttrOptionOut[]
  source: string
  certainty: string
}

export interface ObjectDetail {
  id: string
  region: string
  region_name: string
  type: string
  no: string
  name: string
  name_en: string
  owner: string | null
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
  secret: number
  geometry: unknown
  attrs: unknown
  can_write: boolean
  history: ObjectHistory[]
}

export interface ObjectHistory {
  seq: number
  at_ms: number
  kind: string
  actor_name: string
  name: string
  risk: string
  owner: string | null
  owner_name: string
  ver: number
}

export interface ObjectImportFault {
  cell: string
  row: number
  pointer: string
  message: string
}

export interface ObjectImportOut {
  rows: number
  ok: number
  created: number
  changed: number
  same: number
  converted: number
  converted_from: string | null
  stored: boolean
  errors: ObjectImportFault[]
}

export interface ObjectIn {
  region: string
  type: string
  name: string
  no?: string
  name_en?: string
  owner?: string | null
  sectors?: string[]
  secret?: number
  risk?: string
  level?: number | null
  lat?: number | null
  lon?: number | null
  geometry?: unknown
  crs?: 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09'
  attrs?: unknown
  valid_from?: string | null
  valid_to?: string | null
}

export interface ObjectItem {
  id: string
  region: string
  region_name: string
  type: string
  no: string
  name: string
  name_en: string
  owner: string | null
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

export interface ObjectListOut {
  items: ObjectItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface ObjectPatch {
  ver: number
  name?: string
  clear?: string[]
  no?: string
  name_en?: string
  owner?: string | null
  sectors?: string[]
  secret?: number
  risk?: string
  level?: number | null
  lat?: number | null
  lon?: number | null
  geometry?: unknown
  crs?: 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09'
  attrs?: unknown
  valid_from?: string | null
  valid_to?: string | null
}

export interface ObjectTypeOut {
  id: string
  zh: string
  en: string
  group: string
  geometry: 'point' | 'line' | 'area' | 'any'
  sectors: string[]
  attrs: ObjectAttrOut[]
  source: string
  certainty: string
}

export interface ObjectTypesOut {
  items: ObjectTypeOut[]
  risks: RiskColourOut[]
}

export interface OkOut {
  ok: boolean
}

export interface OrgDetail {
  id: string
  region: string
  region_name: string
  kind: 'party' | 'government' | 'committee' | 'department' | 'township' | 'enterprise' | 'institution'
  name: string
  name_en: string
  short: string
  parent: string | null
  level: number
  sectors: string[]
  valid_from: string | null
  valid_to: string | null
  ver: number
  posts: PostItem[]
  people: PersonItem[]
}

export interface OrgIn {
  region: string
  kind: 'party' | 'government' | 'committee' | 'department' | 'township' | 'enterprise' | 'institution'
  name: string
  name_en?: string
  short?: string
  parent?: string
  sectors?: string[]
}

export interface OrgItem {
  id: string
  region: string
  region_name: string
  kind: 'party' | 'government' | 'committee' | 'department' | 'township' | 'enterprise' | 'institution'
  name: string
  name_en: string
  short: string
  parent: string | null
  level: number
  sectors: string[]
  valid_from: string | null
  valid_to: string | null
  ver: number
}

export interface OrgListOut {
  items: OrgItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface OrgPatch {
  ver: number
  name?: string
  name_en?: string
  short?: string
  parent?: string
  sectors?: string[]
  valid_to?: string
}

export interface OriginOut {
  start: number
  part?: string
  at: number
  sub: number
}

export interface OtpIn {
  otp: string
}

export interface OtpOffIn {
  password: string
}

export interface OtpOut {
  secret: string
  uri: string
}

export interface PacketIn {
  station: string
  kind: string
  at_ms: number
  readings: ReadingIn[]
}

export interface PersonIn {
  name: string
  name_en?: string
  phone?: string
}

export interface PersonItem {
  id: string
  name: string
  name_en: string
  org: string | null
  org_name: string
}

export interface PersonListOut {
  items: PersonItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface PlanCandidateOut {
  id: string
  name: string
  risk: string
  weight: number
  avoid: string | null
}

export interface PlanCoverageOut {
  round_from: string
  round_to: string
  as_of: string
  all: CoverCountOut
  by_risk: CoverCountOut[]
  share: number | null
}

export interface PlanDrawCheck {
  ok: boolean
  candidates_ok: boolean
  result_ok: boolean
  first_place: number | null
}

export interface PlanDrawIn {
  n: number
  inspectors?: number
  due_only?: boolean
  seed_source: string
}

export interface PlanDrawItem {
  id: string
  n: number
  inspectors: number
  candidates: number
  hash: string
  seed_source: string
  seed: string | null
  announced_ms: number
  drawn_ms: number | null
  ver: number
}

export interface PlanDrawOut {
  id: string
  n: number
  inspectors: number
  candidates: number
  hash: string
  seed_source: string
  seed: string | null
  announced_ms: number
  drawn_ms: number | null
  ver: number
  plan: string
  algorithm: string
  weights: unknown
  objects: PlanCandidateOut[]
  people: PlanCandidateOut[]
  result: PlanResultOut[]
}

export interface PlanEndIn {
  ver: number
  reason: string
}

export interface PlanEveryIo {
  risk: 'red' | 'orange' | 'yellow' | 'blue' | 'none'
  every_days: number
}

export interface PlanIn {
  region?: string
  name: string
  campaign?: string
  from: string
  to: string
  recurs?: 'week' | 'month' | 'quarter' | 'half-year' | 'year'
  sectors: string[]
  types?: string[]
  frequency?: PlanEveryIo[]
  checklist?: string
  unannounced?: boolean
  teams?: PlanTeamIn[]
}

export interface PlanItem {
  id: string
  region: string
  region_name: string
  name: string
  campaign: string
  from: string
  to: string
  recurs: string
  sectors: string[]
  org_name: string
  ended_ms: number | null
  ver: number
}

export interface PlanListOut {
  items: PlanItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface PlanObjectsOut {
  items: CoverRowOut[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface PlanOut {
  id: string
  region: string
  region_name: string
  name: string
  campaign: string
  from: string
  to: string
  recurs: string
  sectors: string[]
  org_name: string
  ended_ms: number | null
  ver: number
  types: string[]
  frequency: PlanEveryIo[]
  checklist: string
  unannounced: boolean
  reason: string
  teams: PlanTeamOut[]
  coverage: PlanCoverageOut
  next_due: CoverRowOut[]
  visits: PlanVisitsOut
  draws: PlanDrawItem[]
  may_edit: boolean
}

export interface PlanPatch {
  ver: number
  name?: string
  campaign?: string
  to?: string
  frequency?: PlanEveryIo[]
  checklist?: string
  teams?: PlanTeamIn[]
}

export interface PlanResultOut {
  place: number
  object: InspectObjectOut | null
  id: string
  inspectors: InspectPerson[]
  visit: string | null
}

export interface PlanSeedIn {
  ver: number
  seed: string
  planned?: string
}

export interface PlanTeamIn {
  name?: string
  leader?: string
  members: string[]
}

export interface PlanTeamOut {
  name: string
  members: InspectPerson[]
}

export interface PlanVisitsOut {
  planned: number
  done: number
  open: number
  found: number
}

export interface PostIn {
  org: string
  title: string
  title_en?: string
  rank?: number
  leader?: boolean
  duties?: string[]
}

export interface PostItem {
  id: string
  org: string
  title: string
  title_en: string
  rank: number
  leader: boolean
  duties: string[]
  holder: HoldItem | null
  history: HoldItem[]
}

export interface PostListOut {
  items: PostItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface PrefsIn {
  prefs: unknown
}

export interface Problem {
  type: string
  title: string
  status: number
  code: string
  key: string
  detail: string
  pointer?: string
  args: Record<string, unknown>
  request: string
}

export interface PublicAnswerIn {
  code: string
  fixed: 'yes' | 'partly' | 'no'
  text?: string
}

export interface PublicCategories {
  items: PublicCategory[]
  photos: number
  photo_mib: number
  text: number
  home: RegionRef | null
}

export interface PublicCategory {
  id: string
  zh: string
  en: string
  hint_zh: string
  hint_en: string
}

export interface PublicPhotoOut {
  token: string
  expires_ms: number
}

export interface PublicPlace {
  region: RegionRef | null
}

export interface PublicReceiptOut {
  no: string
  code: string
  state_text: string
}

export interface PublicRegions {
  items: RegionRef[]
}

export interface PublicReportIn {
  category: string
  text: string
  lat?: number
  lon?: number
  region?: string
  place?: string
  contact?: string
  photos?: string[]
  website?: string
}

export interface PublicState {
  no: string
  category_zh: string
  category_en: string
  state_text: string
  received_ms: number
  closed_ms: number | null
  steps: PublicStep[]
  answers: PublicStep[]
  may_answer: boolean
  choices: string[]
  fixed: string
  answered_ms: number | null
}

export interface PublicStep {
  at_ms: number
  text: string
}

export interface ReadingIn {
  item: string
  value: number
  what?: string
  flag?: string
}

export interface ReadingSheetOut {
  rows: number
  skipped: number
  missing: number
  map: string
  remembered: boolean
  ignored: string
  found: number
  packets: number
  readings: number
  new: number
  same: number
  better: number
  worse: number
  late: number
  hours: number
  days: number
  changed: number
}

export interface ReadingsIn {
  packets: PacketIn[]
  reason?: string
}

export interface ReadingsOut {
  packets: number
  readings: number
  new: number
  same: number
  better: number
  worse: number
  late: number
  hours: number
  days: number
  changed: number
}

export interface ReadyOut {
  ok: boolean
  store: boolean
  free_percent: number
}

export interface ReasonIn {
  reason: string
}

export interface RegionAirOut {
  region: string
  from: string
  to: string
  edition: string
  evaluation: string
  limits: string
  validity: string
  stations: number
  valid_days: number
  good_days: number
  heavy_days: number
  composite: number | null
  items: AirStatOut[]
  ranking: AirRankOut[]
  days: AirPoint[]
}

export interface RegionItem {
  code: string
  level: number
  name: string
  name_en: string
  parent: string | null
  children: number
}

export interface RegionListOut {
  items: RegionItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface RegionRef {
  code: string
  name: string
  name_en: string
}

export interface RegionWaterOut {
  region: string
  from: string
  to: string
  edition: string
  sections: number
  good_percent: number | null
  worse_percent: number | null
  by: string
  state_zh: string
  state_en: string
  shares: WaterShareOut[]
  main: BasinItemOut[]
  items: SectionOut[]
}

export interface ReminderOut {
  when: 'before' | 'at' | 'after'
  id: string
  workdays: number
  label_zh: string
  label_en: string
  step: string
  until_ms: number
  clause: string
  clause_en: string
  matter: MatterItem
}

export interface RemindersOut {
  day: string
  before: ReminderOut[]
  at: ReminderOut[]
  after: ReminderOut[]
}

export interface RiskAlphaOut {
  from: number
  alpha: number
  zh: string
  en: string
}

export interface RiskBetaOut {
  id: string
  beta: number
  q: number | null
  zh: string
  en: string
  certainty: string
}

export interface RiskCellOut {
  l: number
  s: number
  level: string
}

export interface RiskColourOut {
  id: string
  rank: number
  zh: string
  en: string
}

export interface RiskIn {
  day?: string
  l?: number
  e?: number
  c?: number
  s?: number
  persons?: number
  substances?: RiskSubstanceIn[]
  colours?: string[]
}

export interface RiskLevelOut {
  id: string
  rank: number
  from: number | null
  from_included: boolean
  colour: 'red' | 'orange' | 'yellow' | 'blue'
  zh: string
  en: string
  clause: string
  certainty: string
}

export interface RiskMethodOut {
  id: 'lec' | 'ls' | 'gb18218' | 'area'
  edition: string
  zh: string
  en: string
  from: string | null
  to: string | null
  source: string
  source_zh: string
  certainty: string
  note?: string
  note_zh?: string
  values: RiskValueOut[]
  levels: RiskLevelOut[]
  cells: RiskCellOut[]
  alpha: RiskAlphaOut[]
  beta: RiskBetaOut[]
}

export interface RiskMethodsOut {
  items: RiskMethodOut[]
}

export interface RiskOut {
  method: string
  edition: string
  value: number | null
  value_text?: string
  sum: number | null
  installation: boolean
  level: RiskLevelOut | null
  colour: string | null
  colour_zh?: string
  colour_en?: string
  steps: RiskStep[]
  source: string
  source_zh: string
  certainty: string
}

export interface RiskStep {
  text: string
}

export interface RiskSubstanceIn {
  name?: string
  row?: string
  q: number
  cap?: number
  beta?: number
}

export interface RiskValueOut {
  factor: string
  value: number
  zh: string
  en: string
  clause: string
  certainty: string
}

export interface RoleItem {
  id: string
  en: string
  zh: string
  perms: string[]
}

export interface RoleListOut {
  items: RoleItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface RuleEndIn {
  ver: number
  valid_to?: string
}

export interface RuleIn {
  instead_of?: string
  off?: boolean
  item?: string
  kind?: string
  what?: string
  test: 'threshold' | 'rate' | 'missing' | 'stuck' | 'outlier' | 'ewma' | 'cusum' | 'flag' | 'drift'
  op?: 'gt' | 'ge' | 'lt' | 'le'
  limit?: number
  clear?: number
  times?: number
  of?: number
  clear_times?: number
  lasting_min?: number
  from_min?: number
  to_min?: number
  days?: number
  flags?: string
  severity?: 'info' | 'warning' | 'serious'
  lawful?: boolean
  zh: string
  en?: string
  source?: string
  clause?: string
  certainty?: 'verified' | 'secondary' | 'high' | 'medium' | 'engineering' | 'unverified'
  matter_days?: number
  check_days?: number
  valid_from?: string
  valid_to?: string
}

export interface RuleOut {
  id: string
  own: boolean
  station_kind: string
  instead_of: string
  off: boolean
  item: string
  kind: string
  what: string
  test: 'threshold' | 'rate' | 'missing' | 'stuck' | 'outlier' | 'ewma' | 'cusum' | 'flag' | 'drift'
  op: 'gt' | 'ge' | 'lt' | 'le'
  limit: number | null
  clear: number | null
  times: number
  of: number
  clear_times: number
  lasting_min: number
  from_min: number
  to_min: number
  days: number
  flags: string
  severity: 'info' | 'warning' | 'serious'
  lawful: boolean
  zh: string
  en: string
  source: string
  clause: string
  certainty: string
  matter_days: number
  check_days: number
  valid_from: string | null
  valid_to: string | null
  ver: number
}

export interface RulesOut {
  edition: string
  items: RuleOut[]
}

export interface RungOut {
  level: number
  act: string
  label_zh: string
  label_en: string
}

export interface RungRule {
  id: string
  label_zh: string
  label_en: string
  certainty: string
}

export interface RungTaken {
  act: string
  at_ms: number
}

export interface RungTo {
  role: string
  org: string | null
  org_name: string
  org_name_en: string
  person: string | null
  person_name: string
  post: string
  post_en: string
}

export interface SearchOut {
  items: MatterItem[]
  next: string | null
  total: number | null
  total_exact: boolean
  documents: FoundDocument[]
}

export interface SectionOut {
  station: string
  name: string
  name_en: string
  kind: string
  target: number | null
  attains: boolean
  water: WaterPoint
}

export interface SectorOut {
  id: string
  bit: number
  en: string
  zh: string
}

export interface SeriesOut {
  station: string
  item: string
  unit: string
  kind: string
  what: string
  from: number
  to: number
  n: number
  of: number
  thinned: boolean
  at_ms: unknown
  value: unknown
  flag: string
}

export interface SeriesVersionOut {
  at_ms: number
  how: string
  value: number | null
  flag: string
  source: string
  received_ms: number | null
  changed_ms: number
  by: string
  way: 'file' | 'http' | null
  file: string
  reason: string
}

export interface SeriesVersionsOut {
  station: string
  item: string
  kind: string
  from: number
  to: number
  more: boolean
  items: SeriesVersionOut[]
}

export interface SheetColumnOut {
  field: string
  zh: string
  en: string
  group_zh: string
  group_en: string
  required: boolean
}

export interface SheetList {
  items: SheetOut[]
}

export interface SheetOut {
  id: string
  kind: string
  zh: string
  en: string
  columns: SheetColumnOut[]
}

export interface SkippedOut {
  draft: string
  why: string
}

export interface SpanIn {
  start: number
  end: number
}

export interface SpanOut {
  start: number
  end: number
}

export interface SplitIn {
  ver: number
  at: number
}

export interface StatFigureOut {
  id: string
  group_zh: string
  group_en: string
  zh: string
  en: string
  unit: 'count' | 'share' | 'day' | 'wan'
  basis_zh: string
  basis_en: string
  certainty: string
}

export interface StatOut {
  from: string
  to: string
  region: string
  region_name: string
  sector: string | null
  source: string | null
  by: string | null
  as_of_ms: number
  figures: StatFigureOut[]
  total: StatRowOut
  rows: StatRowOut[]
}

export interface StatRowOut {
  key: string
  zh: string
  en: string
  values: StatValueOut[]
}

export interface StatValueOut {
  id: string
  value: number | null
  query: string | null
  matters: string | null
}

export interface StateOut {
  id: string
  en: string
  zh: string
  open: boolean
  phase: string
}

export interface StationBrief {
  id: string
  region: string
  region_name: string
  kind: string
  name: string
  name_en: string
  object: string | null
  owner: string | null
  sectors: string[]
  lat: number | null
  lon: number | null
  attrs: unknown
  valid_from: string
  valid_to: string | null
  ver: number
}

export interface StationDetail {
  id: string
  region: string
  region_name: string
  kind: string
  name: string
  name_en: string
  object: string | null
  owner: string | null
  sectors: string[]
  lat: number | null
  lon: number | null
  attrs: unknown
  valid_from: string
  valid_to: string | null
  ver: number
  secret: number
  can_write: boolean
  items: StationItemIo[]
}

export interface StationIn {
  region: string
  kind: string
  name: string
  name_en?: string
  object?: string
  owner?: string
  sectors?: string[]
  secret?: number
  lat?: number
  lon?: number
  attrs?: unknown
  valid_from?: string
  valid_to?: string
  items?: StationItemIo[]
}

export interface StationItemIo {
  code: string
  item: string
  unit?: string
  factor?: string
}

export interface StationKindOut {
  id: string
  zh: string
  en: string
  medium: string
  sectors: string[]
  source: string
  certainty: string
}

export interface StationKindsOut {
  kinds: StationKindOut[]
  items: ItemKindOut[]
}

export interface StationListOut {
  items: StationBrief[]
  next: string | null
}

export interface StationPatch {
  ver: number
  name?: string
  clear?: string[]
  name_en?: string
  object?: string
  owner?: string
  sectors?: string[]
  secret?: number
  lat?: number
  lon?: number
  attrs?: unknown
  valid_from?: string
  valid_to?: string
  items?: StationItemIo[]
}

export interface SureIn {
  min_confidence: number
}

export interface SureOut {
  confirmed: number
  skipped: SkippedOut[]
}

export interface SyncCountsOut {
  items: number
  refused: number
  files: number
  waiting: number
}

export interface SyncIn {
  device: string
  items: SyncItemIn[]
}

export interface SyncItemIn {
  client_id: string
  kind: 'visit' | 'start' | 'answer' | 'finding' | 'record' | 'sign' | 'refuse' | 'close' | 'note'
  base_ver?: number
  made_ms?: number
  body: unknown
}

export interface SyncOut {
  items: SyncResult[]
}

export interface SyncResult {
  client_id: string
  outcome: 'done' | 'duplicate' | 'conflict' | 'refused' | 'waiting'
  was: string | null
  visit: string | null
  id: string | null
  state: string | null
  ver: number | null
  code: string | null
  key: string | null
  detail: string | null
  pointer: string | null
}

export interface SyncStatusItem {
  client_id: string
  kind: string
  visit: string | null
  outcome: string
  received_ms: number
  answer: SyncResult | null
  body: unknown
  about: string | null
  hash: string | null
  name: string | null
  size: number | null
}

export interface SyncStatusOut {
  items: SyncStatusItem[]
  next: string | null
  counts: SyncCountsOut
}

export interface TidiedOut {
  dropped: KindDropped[]
  replaced: number
}

export interface UnitIn {
  name: string
  org?: string | null
  start?: number | null
  end?: number | null
}

export interface UpkeepAct {
  at_ms: number
  by: string
  text: string
}

export interface UpkeepDoneOut {
  id: string
  entry: UpkeepOut
  hours: number
  days: number
  changed: number
}

export interface UpkeepEndIn {
  ver: number
  to_ms: number
}

export interface UpkeepIn {
  kind: string
  item?: string
  from_ms: number
  to_ms?: number
  zero_pct?: number
  span_pct?: number
  reason: string
}

export interface UpkeepKindOut {
  id: string
  flag: string
  late_h: number
  ahead_d: number
  longest_d: number
  back_d: number
  zh: string
  en: string
  source: string
  certainty: string
}

export interface UpkeepKindsOut {
  edition: string
  items: UpkeepKindOut[]
}

export interface UpkeepListOut {
  items: UpkeepOut[]
  next: string | null
}

export interface UpkeepOut {
  id: string
  kind: string
  flag: string
  item: string
  from_ms: number
  to_ms: number | null
  state: 'planned' | 'lasting' | 'ended' | 'withdrawn'
  backdated: boolean
  made: UpkeepAct
  ended: UpkeepAct | null
  withdrawn: UpkeepAct | null
  zero_pct: number | null
  span_pct: number | null
  ver: number
}

export interface UpkeepWithdrawIn {
  ver: number
  reason: string
}

export interface VisitAnswerIn {
  visit?: string
  client_id?: string
  item: string
  value: string
  note?: string
  captured_ms?: number
  lat?: number
  lon?: number
}

export interface VisitAnswerOut {
  item: string
  value: string
  note: string
  client_id: string
  account: string
  by: string
  captured_ms: number
  received_ms: number
  counts: boolean
}

export interface VisitAnswersIn {
  answers: VisitAnswerIn[]
}

export interface VisitCancelIn {
  ver: number
  reason: string
}

export interface VisitCheckItem {
  id: string
  group_zh: string
  group_en: string
  zh: string
  en: string
  answer: 'choice' | 'number'
  unit: string
  lo: number | null
  hi: number | null
  finding: string
  major: boolean
  photo: boolean
  criterion: string
  basis_zh: string
  basis_en: string
  certainty: string
  weight: number
  show_if: string
}

export interface VisitChecklist {
  key: string
  type: string
  day: string
  editions: string
  items: VisitCheckItem[]
}

export interface VisitCloseIn {
  visit?: string
  ver?: number
}

export interface VisitFileOut {
  client_id: string
  about: string
  file: string | null
  hash: string
  name: string
  type: string
  size: number
  captured_ms: number | null
  received_ms: number
}

export interface VisitFileResult {
  client_id: string
  outcome: 'done' | 'duplicate'
  hash: string
  waiting: boolean
  file: string | null
}

export interface VisitFindingIn {
  visit?: string
  client_id?: string
  item?: string
  criterion?: string
  title: string
  text?: string
  spot?: string
  fixed?: boolean
  now?: boolean
  due?: string
  captured_ms?: number
  lat?: number
  lon?: number
}

export interface VisitFindingOut {
  id: string
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
  matter: string | null
  matter_no: string | null
  matter_state: string | null
  captured_ms: number
  received_ms: number
  lat: number | null
  lon: number | null
}

export interface VisitFollowIn {
  planned?: string
  inspectors: string[]
}

export interface VisitIn {
  client_id?: string
  object: string
  plan?: string
  follows?: string
  source?: string
  unannounced?: boolean
  planned?: string
  inspectors: string[]
  checklist?: string
  items?: string[]
}

export interface VisitItem {
  id: string
  no: string
  state: 'planned' | 'under-way' | 'recorded' | 'signed' | 'refused' | 'closed' | 'cancelled'
  object: InspectObjectOut | null
  plan: string | null
  source: string
  unannounced: boolean
  planned: string
  started_ms: number | null
  clean: number | null
  ver: number
}

export interface VisitListOut {
  items: VisitItem[]
  next: string | null
  total: number | null
  total_exact: boolean
}

export interface VisitNoteIn {
  visit?: string
  text: string
}

export interface VisitNoteOut {
  text: string
  by: string
  at_ms: number
}

export interface VisitOut {
  id: string
  no: string
  state: 'planned' | 'under-way' | 'recorded' | 'signed' | 'refused' | 'closed' | 'cancelled'
  object: InspectObjectOut | null
  plan: string | null
  source: string
  unannounced: boolean
  planned: string
  started_ms: number | null
  clean: number | null
  ver: number
  client_id: string | null
  draw: string | null
  follows: string | null
  unit: string | null
  unit_name: string
  org: string | null
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
  created_ms: number
  recorded_ms: number | null
  closed_ms: number | null
  checklist_key: string
  checklist: VisitChecklist | null
  progress: VisitProgress | null
  answers: VisitAnswerOut[]
  findings: VisitFindingOut[]
  signs: VisitSignOut[]
  notes: VisitNoteOut[]
  files: VisitFileOut[]
  may: string[]
}

export interface VisitProgress {
  shown: number
  answered: number
  findings: number
  score: number
  score_max: number
}

export interface VisitRecordIn {
  visit?: string
  ver?: number
  content: string
  problems?: string
  handling?: string
  ended_ms?: number
  clean?: boolean
}

export interface VisitSignIn {
  visit?: string
  side: 'inspector' | 'unit'
  name?: string
  title?: string
  file?: string
  reason?: string
  witness?: string
  captured_ms?: number
}

export interface VisitSignOut {
  side: 'inspector' | 'unit'
  outcome: 'signed' | 'refused'
  own: boolean
  name: string
  title: string
  reason: string
  witness: string
  file: string
  captured_ms: number
  at_ms: number
}

export interface VisitStartIn {
  visit?: string
  ver?: number
  at_ms?: number
  lat?: number
  lon?: number
  place?: string
}

export interface WaterItemOut {
  item: string
  zh: string
  en: string
  unit: string
  value: number
  n: number
  class: number | null
  counts: boolean
}

export interface WaterMainOut {
  item: string
  excess: number | null
}

export interface WaterOut {
  station: string
  edition: string
  kind: string
  periods: WaterPoint[]
}

export interface WaterPoint {
  from: string
  to: string
  class: number | null
  name: string
  worst: string[]
  main: WaterMainOut[]
  items: WaterItemOut[]
}

export interface WaterShareOut {
  class: number
  name: string
  sections: number
  percent: number | null
}

export interface WorkAct {
  id: string
  label_zh: string
  label_en: string
}

export interface WorkCounts {
  needs_me: number
  overdue: number
  due_week: number
  waiting: number
}

export interface WorkItem {
  id: string
  region: string
  region_name: string
  no: string
  kind: string
  title: string
  state: string
  phase: 'open' | 'closed'
  colour: 'green' | 'amber' | 'red' | 'grey'
  due_ms: number | null
  days_left: number | null
  sectors: string[]
  lead: MatterOrg[]
  co: MatterOrg[]
  progress: number | null
  parent: string | null
  document: string | null
  opened_ms: number
  closed_ms: number | null
  ver: number
  handler_region: string
  grade: string
  criterion: string
  source: string
  cause: string
  object: MatterObject | null
  lat: number | null
  lon: number | null
  found_ms: number
  listed: string
  relapses: number
  contractor: MatterOrg | null
  visit: string | null
  children: number
  acts: WorkAct[]
}

export interface WorkOut {
  needs_me: WorkItem[]
  waiting: MatterItem[]
  due_soon: MatterItem[]
  counts: WorkCounts
}

export interface WorkflowOut {
  kind: string
  en: string
  zh: string
  states: StateOut[]
  acts: NamedOut[]
}

/* Every route: filters, body, answer. */
export interface Routes {
  'GET /api/accounts': { query: { org?: string; after?: string; limit?: number }; reply: AccountListOut }
  'POST /api/accounts': { body: AccountIn; reply: AccountItem }
  'POST /api/accounts/{id}/lock': { body: AccountLockIn; reply: AccountItem }
  'POST /api/accounts/{id}/password': { body: AccountPasswordIn; reply: AccountItem }
  'GET /api/alarms': { query: { region?: string; station?: string; matter?: string; storm?: string; state?: 'unacknowledged' | 'uncleared' | 'cleared' | 'withdrawn'; grade?: 'exceedance' | 'doubtful' | 'notice'; severity?: 'info' | 'warning' | 'serious'; from?: number; to?: number; heads?: boolean; after?: string; limit?: number }; reply: AlarmListOut }
  'POST /api/alarms/look': { reply: AlarmLookOut }
  'GET /api/alarms/{id}': { reply: AlarmOut }
  'POST /api/alarms/{id}/ack': { body: AlarmTextIn; reply: AlarmOut }
  'POST /api/alarms/{id}/clear': { body: AlarmTextIn; reply: AlarmOut }
  'POST /api/boundaries': { query: { name?: string; crs?: 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09'; accuracy_m?: number; source: string; skip_unknown?: boolean; check?: boolean }; reply: BoundaryOut }
  'GET /api/calendar': { query: { from?: string; to?: string }; reply: CalendarList }
  'PUT /api/calendar': { body: CalendarIn; reply: unknown }
  'GET /api/calendar.ics': { query: { token: string }; reply: unknown }
  'POST /api/charges/{id}/end': { body: ChargeEndIn; reply: ChargesOut }
  'GET /api/checklists': { query: { type?: string; sector?: string; day?: string }; reply: ChecklistOut }
  'GET /api/cockpit': { query: { region?: string }; reply: CockpitOut }
  'GET /api/criteria': { query: { sector?: string; branch?: string; edition?: string; q?: string; day?: string; major?: boolean; after?: string; limit?: number }; reply: CriteriaListOut }
  'GET /api/criteria/compare': { query: { a: string; b: string }; reply: CriteriaCompareOut }
  'GET /api/criteria/editions': { query: { day?: string }; reply: CriteriaEditionsOut }
  'GET /api/criteria/{id}': { query: { day?: string }; reply: CriterionOut }
  'GET /api/deadlines': { query: { kind?: string; from?: string }; reply: DeadlinesOut }
  'GET /api/designations': { query: { region?: string; object?: string; line?: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'; day?: string; after?: string; limit?: number }; reply: DesignationListOut }
  'POST /api/designations': { body: DesignationIn; reply: DesignationOut }
  'POST /api/designations/{id}/end': { body: DesignationEndIn; reply: DesignationOut }
  'GET /api/device-commands': { reply: CommandKinds }
  'GET /api/devices': { query: { station?: string; region?: string; after?: string; limit?: number }; reply: DeviceListOut }
  'POST /api/devices': { body: DeviceNew; reply: DeviceOut }
  'GET /api/devices/unknown': { query: { state?: 'quarantined' | 'refused'; after?: string; limit?: number }; reply: DeviceListOut }
  'GET /api/devices/{mn}': { reply: DeviceOut }
  'POST /api/devices/{mn}/approve': { body: DeviceApprove; reply: DeviceOut }
  'GET /api/devices/{mn}/commands': { query: { before?: string; limit?: number }; reply: CommandListOut }
  'POST /api/devices/{mn}/commands': { body: CommandIn; reply: CommandOut }
  'GET /api/devices/{mn}/frames': { query: { from?: number; to?: number; at?: number; before?: string; limit?: number }; reply: DeviceFrames }
  'GET /api/devices/{mn}/quality': { query: { from?: number; to?: number }; reply: DeviceQuality }
  'POST /api/devices/{mn}/refuse': { body: DeviceRefuseIn; reply: DeviceOut }
  'POST /api/devices/{mn}/rename': { body: DeviceRenameIn; reply: DeviceOut }
  'GET /api/documents': { query: { q?: string; after?: string; limit?: number }; reply: DocumentPageOut }
  'POST /api/documents': { query: { name: string }; reply: DocumentOut }
  'GET /api/documents/{id}': { reply: DocumentOut }
  'PATCH /api/documents/{id}': { body: DocumentPatch; reply: DocumentOut }
  'POST /api/documents/{id}/confirm-sure': { body: SureIn; reply: SureOut }
  'POST /api/documents/{id}/drafts': { body: SpanIn; reply: DraftOut }
  'GET /api/documents/{id}/original': { reply: unknown }
  'PATCH /api/drafts/{id}': { body: DraftPatch; reply: DraftOut }
  'POST /api/drafts/{id}/confirm': { body: DraftVer; reply: ConfirmedOut }
  'POST /api/drafts/{id}/discard': { body: DraftVer; reply: DraftOut }
  'POST /api/drafts/{id}/merge': { body: DraftVer; reply: MergedOut }
  'POST /api/drafts/{id}/restore': { body: DraftVer; reply: DraftOut }
  'POST /api/drafts/{id}/split': { body: SplitIn; reply: DraftsOut }
  'GET /api/draws/{id}': { reply: DrawOut }
  'GET /api/draws/{id}/check': { reply: DrawCheckOut }
  'GET /api/draws/{id}/pool.txt': { reply: unknown }
  'GET /api/duty': { query: { object?: string; matter?: string; region?: string; sector?: string; day?: string }; reply: DutyOut }
  'GET /api/duty/gaps': { query: { region?: string; sector?: string; line?: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'; what?: 'missing' | 'overlap'; day?: string; after?: string; limit?: number }; reply: GapsOut }
  'GET /api/duty/gaps.xlsx': { query: { region?: string; sector?: string; line?: 'entity' | 'regulator' | 'comprehensive' | 'territory' | 'leader' | 'commissioner'; what?: 'missing' | 'overlap'; day?: string; after?: string; limit?: number }; reply: unknown }
  'GET /api/duty/rules': { reply: DutyRulesOut }
  'GET /api/escalation': { query: { region?: string; kind?: string; rung?: string; todo?: boolean; after?: string; limit?: number }; reply: EscalationOut }
  'GET /api/exchange/{spec}': { reply: ExchangeSpecOut }
  'GET /api/exchange/{spec}/companies': { query: { after?: string; limit?: number }; reply: ExchangeCompanyList }
  'GET /api/exchange/{spec}/export': { query: { company: string; format?: 'json' | 'xlsx' | 'csv'; table?: string }; reply: unknown }
  'POST /api/exchange/{spec}/import': { query: { check?: boolean; table?: string; region?: string; org?: string; name?: string; credit_code?: string; matters?: 'yes' | 'no' }; reply: ExchangeImportOut }
  'GET /api/exchange/{spec}/rows': { query: { company: string; table: string; after?: string; limit?: number }; reply: ExchangeRowList }
  'GET /api/files/{id}': { reply: unknown }
  'GET /api/firepoints': { query: { from_ms?: number; to_ms?: number; trust?: 'low' | 'nominal' | 'high'; after?: string; limit?: number }; reply: FireListOut }
  'POST /api/firepoints/import': { query: { name?: string; check?: boolean }; reply: FireImportOut }
  'GET /api/firepoints/map': { query: { from_ms?: number; to_ms?: number; trust?: 'low' | 'nominal' | 'high'; after?: string; limit?: number }; reply: FireMap }
  'GET /api/firepoints/{id}': { reply: FirePage }
  'POST /api/firepoints/{id}/check': { reply: FireOut }
  'POST /api/firepoints/{id}/finding': { body: FireFindingIn; reply: FireOut }
  'GET /api/gateway': { reply: GatewayOut }
  'GET /api/grants': { query: { account?: string }; reply: GrantListOut }
  'POST /api/grants': { body: GrantIn; reply: GrantItem }
  'POST /api/grants/{id}/revoke': { body: ReasonIn; reply: unknown }
  'GET /api/grids': { query: { period: string; item: string; size: '3000' | '500'; source: string }; reply: GridOut }
  'GET /api/grids/cells/{cell}': { query: { item?: string; source?: string }; reply: GridCellPage }
  'POST /api/grids/fill': { body: GridFillIn; reply: GridFillOut }
  'POST /api/grids/fill/due': { reply: GridFillDueOut }
  'POST /api/grids/import': { query: { name?: string; period?: string; item?: string; size?: '3000' | '500'; source?: string; note?: string; check?: boolean }; reply: GridImportOut }
  'GET /api/grids/map': { query: { period: string; item: string; size: '3000' | '500'; source: string }; reply: GridMap }
  'GET /api/grids/patrols': { query: { period?: string; size?: '3000' | '500' }; reply: GridPatrols }
  'POST /api/grids/patrols': { body: GridPatrolsIn; reply: GridPatrolsOut }
  'POST /api/grids/patrols/{id}/finding': { body: GridFindingIn; reply: GridPatrol }
  'GET /api/grids/periods': { query: { item?: string; size?: '3000' | '500'; source?: string }; reply: GridSets }
  'GET /api/grids/ranking': { query: { period: string; item: string; size: '3000' | '500'; source: string; list: 'mean' | 'yoy' | 'mom' | 'hot'; top?: number }; reply: GridOut }
  'POST /api/grids/{cell}/patrol': { body: GridPatrolIn; reply: GridPatrol }
  'GET /api/index': { reply: IndexKindsOut }
  'POST /api/index/{kind}': { body: IndexIn; reply: IndexOut }
  'GET /api/inspection/rules': { reply: InspectRulesOut }
  'GET /api/intake/photos/{id}': { reply: unknown }
  'GET /api/intake/reports/{matter}': { reply: IntakeReport }
  'POST /api/intake/reports/{matter}/answer': { body: IntakeAnswerIn; reply: unknown }
  'POST /api/intake/reports/{matter}/contact': { body: ReasonIn; reply: IntakeContact }
  'POST /api/intake/reports/{matter}/erase': { body: ReasonIn; reply: unknown }
  'POST /api/intake/reports/{matter}/release': { body: IntakeReleaseIn; reply: MatterOut }
  'GET /api/ledger': { reply: LedgerLogList }
  'POST /api/ledger/check': { reply: LedgerCheckOut }
  'GET /api/ledger/events': { query: { region?: string; after?: number; subject?: string; limit?: number }; reply: LedgerEventList }
  'POST /api/login': { body: LoginIn; reply: MeOut }
  'POST /api/logout': { reply: unknown }
  'GET /api/lookback/draws': { query: { region?: string; after?: string; limit?: number }; reply: DrawListOut }
  'POST /api/lookback/draws': { body: LookbackDrawIn; reply: DrawOut }
  'POST /api/lookback/draws/{id}/seed': { body: LookbackSeedIn; reply: DrawOut }
  'POST /api/lookback/must': { body: LookbackMustIn; reply: LookbackMustOut }
  'GET /api/lookback/pool': { query: { kind?: string; region?: string; day?: string; after?: string; limit?: number }; reply: LookbackPoolOut }
  'GET /api/lookback/rates': { query: { by: 'unit' | 'sector' | 'place' | 'contractor' | 'cause'; region?: string; kind?: string; from?: string; to?: string }; reply: LookbackRatesOut }
  'GET /api/lookback/rules': { reply: LookbackRulesOut }
  'GET /api/lookback/survival': { query: { by: 'unit' | 'sector' | 'place' | 'contractor' | 'cause'; region?: string; kind?: string; from?: string; to?: string }; reply: LookbackCurvesOut }
  'GET /api/lookbacks': { query: { region?: string; mine?: boolean; org?: string; unit?: string; draw?: string; matter?: string; state?: 'open' | 'done'; after?: string; limit?: number }; reply: LookbackListOut }
  'POST /api/lookbacks': { body: LookbackPickIn; reply: LookbackOut }
  'GET /api/lookbacks/{id}': { reply: LookbackOut }
  'POST /api/lookbacks/{id}/hand': { body: LookbackHandIn; reply: LookbackOut }
  'POST /api/lookbacks/{id}/result': { body: LookbackFindingIn; reply: LookbackOut }
  'GET /api/map/config': { reply: MapConfig }
  'GET /api/map/matters': { query: { bbox: string; zoom?: number; phase?: 'open' | 'closed'; kind?: string; grade?: string; sector?: string }; reply: MapFeatures }
  'GET /api/map/objects': { query: { bbox: string; zoom?: number; type?: string; sector?: string; risk?: 'red' | 'orange' | 'yellow' | 'blue' }; reply: MapFeatures }
  'GET /api/map/regions': { query: { parent?: string; bbox?: string; zoom?: number; type?: string; sector?: string }; reply: MapRegionFeatures }
  'GET /api/mark-kinds': { reply: MarkKindsOut }
  'GET /api/marks': { query: { region?: string; kind?: string; undecided?: boolean; after?: string; limit?: number }; reply: MarkedList }
  'POST /api/marks/decide': { body: MarkDecideIn; reply: MatterMark }
  'GET /api/matters': { query: { kind?: string; state?: string; phase?: 'open' | 'closed'; colour?: 'red' | 'amber' | 'green' | 'grey'; region?: string; sector?: string; lead?: string; org?: string; mine?: boolean; due_from?: string; due_to?: string; q?: string; document?: string; parent?: string; grade?: 'general' | 'major'; source?: string; object?: string; listed?: 'any' | 'national' | 'province' | 'city' | 'county' | 'town'; contractor?: string; sort?: 'due' | '-due' | 'created' | '-created' | 'id' | '-id'; after?: string; limit?: number }; reply: MatterList }
  'POST /api/matters': { body: MatterIn; reply: MatterOut }
  'POST /api/matters/bulk': { body: BulkIn; reply: BulkOut }
  'GET /api/matters/export.xlsx': { query: { kind?: string; state?: string; phase?: 'open' | 'closed'; colour?: 'red' | 'amber' | 'green' | 'grey'; region?: string; sector?: string; lead?: string; org?: string; mine?: boolean; due_from?: string; due_to?: string; q?: string; document?: string; parent?: string; grade?: 'general' | 'major'; source?: string; object?: string; listed?: 'any' | 'national' | 'province' | 'city' | 'county' | 'town'; contractor?: string; sort?: 'due' | '-due' | 'created' | '-created' | 'id' | '-id'; after?: string; limit?: number; columns?: string; sheet?: string }; reply: unknown }
  'POST /api/matters/import': { query: { name?: string; check?: boolean; kind?: string; sheet?: string }; reply: ImportOut }
  'GET /api/matters/{id}': { reply: MatterOut }
  'POST /api/matters/{id}/acts': { body: ActIn; reply: MatterOut }
  'POST /api/matters/{id}/children': { body: ChildrenIn; reply: MatterOut }
  'GET /api/matters/{id}/effect': { query: { station?: string; item?: string; days?: number }; reply: EffectOut }
  'GET /api/matters/{id}/events': { query: { after?: number }; reply: MatterEventsOut }
  'POST /api/matters/{id}/files': { query: { name: string; captured_ms?: number; lat?: number; lon?: number }; reply: MatterFile }
  'GET /api/matters/{id}/notices': { reply: NoticeList }
  'POST /api/matters/{id}/notices': { body: NoticeIn; reply: NoticeOut }
  'GET /api/me': { reply: MeOut }
  'GET /api/me/calendar': { reply: CalendarFeed }
  'POST /api/me/calendar': { reply: CalendarFeed }
  'DELETE /api/me/calendar': { reply: CalendarFeed }
  'POST /api/me/otp': { reply: OtpOut }
  'DELETE /api/me/otp': { body: OtpOffIn; reply: unknown }
  'POST /api/me/otp/confirm': { body: OtpIn; reply: MeCsrf }
  'POST /api/me/password': { body: MePasswordIn; reply: MeCsrf }
  'PUT /api/me/prefs': { body: PrefsIn; reply: unknown }
  'GET /api/meta': { reply: MetaOut }
  'GET /api/mqtt': { reply: MqttOut }
  'GET /api/mqtt/topics': { query: { station?: string; state?: 'quarantined' | 'refused'; after?: string; limit?: number }; reply: MqttTopicListOut }
  'POST /api/mqtt/topics': { body: MqttTopicIn; reply: MqttTopicOut }
  'POST /api/mqtt/topics/{id}/refuse': { body: MqttRefuseIn; reply: MqttTopicOut }
  'GET /api/notices/{id}': { reply: NoticeOut }
  'PATCH /api/notices/{id}': { body: NoticeEditIn; reply: NoticeOut }
  'POST /api/notices/{id}/acknowledge': { body: NoticeAckIn; reply: NoticeOut }
  'POST /api/notices/{id}/files': { query: { name: string; captured_ms?: number }; reply: NoticeFileOut }
  'GET /api/notices/{id}/files/{file}': { reply: unknown }
  'POST /api/notices/{id}/issue': { body: NoticeIssueIn; reply: NoticeOut }
  'GET /api/notices/{id}/notice.docx': { query: { version?: number }; reply: unknown }
  'GET /api/notices/{id}/notice.pdf': { query: { version?: number }; reply: unknown }
  'GET /api/notices/{id}/preview': { query: { version?: number }; reply: NoticePaperOut }
  'POST /api/notices/{id}/serve': { body: NoticeServeIn; reply: NoticeOut }
  'POST /api/notices/{id}/withdraw': { body: NoticeWithdrawIn; reply: NoticeOut }
  'GET /api/object-types': { reply: ObjectTypesOut }
  'GET /api/objects': { query: { region?: string; type?: string; sector?: string; risk?: 'red' | 'orange' | 'yellow' | 'blue'; owner?: string; q?: string; bbox?: string; valid?: string; ended?: boolean; after?: string; limit?: number }; reply: ObjectListOut }
  'POST /api/objects': { body: ObjectIn; reply: ObjectDetail }
  'GET /api/objects/export.csv': { query: { region?: string; type?: string; sector?: string; risk?: 'red' | 'orange' | 'yellow' | 'blue'; owner?: string; q?: string; bbox?: string; valid?: string; ended?: boolean }; reply: unknown }
  'GET /api/objects/export.geojson': { query: { region?: string; type?: string; sector?: string; risk?: 'red' | 'orange' | 'yellow' | 'blue'; owner?: string; q?: string; bbox?: string; valid?: string; ended?: boolean }; reply: unknown }
  'GET /api/objects/export.xlsx': { query: { region?: string; type?: string; sector?: string; risk?: 'red' | 'orange' | 'yellow' | 'blue'; owner?: string; q?: string; bbox?: string; valid?: string; ended?: boolean }; reply: unknown }
  'POST /api/objects/import': { query: { name?: string; type?: string; crs?: 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09'; check?: boolean }; reply: ObjectImportOut }
  'GET /api/objects/{id}': { reply: ObjectDetail }
  'PATCH /api/objects/{id}': { body: ObjectPatch; reply: ObjectDetail }
  'GET /api/openapi.json': { reply: unknown }
  'GET /api/orgs': { query: { q?: string; region?: string; kind?: 'party' | 'government' | 'committee' | 'department' | 'township' | 'enterprise' | 'institution'; after?: string; limit?: number }; reply: OrgListOut }
  'POST /api/orgs': { body: OrgIn; reply: OrgDetail }
  'GET /api/orgs/{id}': { reply: OrgDetail }
  'PATCH /api/orgs/{id}': { body: OrgPatch; reply: OrgDetail }
  'PUT /api/orgs/{id}/letters': { body: NoticeLettersIn; reply: unknown }
  'GET /api/people': { query: { q?: string; org?: string; id?: string; after?: string; limit?: number }; reply: PersonListOut }
  'POST /api/people': { body: PersonIn; reply: PersonItem }
  'GET /api/plans': { query: { region?: string; running?: boolean; after?: string; limit?: number }; reply: PlanListOut }
  'POST /api/plans': { body: PlanIn; reply: PlanOut }
  'GET /api/plans/{id}': { query: { at?: string }; reply: PlanOut }
  'PATCH /api/plans/{id}': { body: PlanPatch; reply: PlanOut }
  'POST /api/plans/{id}/draws': { body: PlanDrawIn; reply: PlanDrawOut }
  'GET /api/plans/{id}/draws/{draw}': { reply: PlanDrawOut }
  'GET /api/plans/{id}/draws/{draw}/check': { reply: PlanDrawCheck }
  'POST /api/plans/{id}/draws/{draw}/seed': { body: PlanSeedIn; reply: PlanDrawOut }
  'POST /api/plans/{id}/end': { body: PlanEndIn; reply: PlanOut }
  'GET /api/plans/{id}/objects': { query: { at?: string; status?: 'visited' | 'due' | 'overdue' | 'later' | 'never'; after?: string; limit?: number }; reply: PlanObjectsOut }
  'GET /api/posts': { query: { org: string }; reply: PostListOut }
  'POST /api/posts': { body: PostIn; reply: PostItem }
  'GET /api/posts/{id}/charges': { reply: ChargesOut }
  'POST /api/posts/{id}/charges': { body: ChargeIn; reply: ChargesOut }
  'POST /api/posts/{id}/hold': { body: HoldIn; reply: PostItem }
  'GET /api/public/categories': { reply: PublicCategories }
  'POST /api/public/photos': { reply: PublicPhotoOut }
  'GET /api/public/place': { query: { lat: number; lon: number }; reply: PublicPlace }
  'GET /api/public/regions': { query: { parent?: string }; reply: PublicRegions }
  'POST /api/public/reports': { body: PublicReportIn; reply: PublicReceiptOut }
  'GET /api/public/reports/{no}': { query: { code: string }; reply: PublicState }
  'POST /api/public/reports/{no}/answer': { body: PublicAnswerIn; reply: PublicState }
  'POST /api/readings': { body: ReadingsIn; reply: ReadingsOut }
  'POST /api/readings/tidy': { reply: TidiedOut }
  'GET /api/regions': { query: { parent?: string; q?: string; code?: string }; reply: RegionListOut }
  'GET /api/regions/{code}/air': { query: { from?: string; to?: string; edition?: string; evaluation?: string; area?: number }; reply: RegionAirOut }
  'GET /api/regions/{code}/water': { query: { from?: string; to?: string; edition?: string; river?: string }; reply: RegionWaterOut }
  'GET /api/reminders': { query: { day?: string }; reply: RemindersOut }
  'GET /api/risk/methods': { reply: RiskMethodsOut }
  'POST /api/risk/{method}': { body: RiskIn; reply: RiskOut }
  'GET /api/roles': { reply: RoleListOut }
  'GET /api/rules': { reply: RulesOut }
  'POST /api/rules/{id}/end': { body: RuleEndIn; reply: RulesOut }
  'GET /api/search': { query: { q: string; after?: string; limit?: number }; reply: SearchOut }
  'GET /api/sheets': { reply: SheetList }
  'GET /api/station-kinds': { reply: StationKindsOut }
  'GET /api/stations': { query: { region?: string; kind?: string; object?: string; ended?: boolean; after?: string; limit?: number }; reply: StationListOut }
  'POST /api/stations': { body: StationIn; reply: StationDetail }
  'POST /api/stations/import': { query: { station?: string; region?: string; kind?: string; map?: string; skip_unknown?: boolean; name?: string; reason?: string; check?: boolean }; reply: ReadingSheetOut }
  'GET /api/stations/latest': { query: { region?: string; kind?: string; after?: string; limit?: number }; reply: LatestOut }
  'GET /api/stations/live': { query: { region?: string; kind?: string; station?: string; after?: string; limit?: number }; reply: LiveOut }
  'GET /api/stations/{id}': { reply: StationDetail }
  'PATCH /api/stations/{id}': { body: StationPatch; reply: StationDetail }
  'GET /api/stations/{id}/air': { query: { from?: string; to?: string; edition?: string; report?: 'day' | 'hour' | 'both' }; reply: AirOut }
  'GET /api/stations/{id}/air/explain': { query: { at: number; report?: 'day' | 'hour'; edition?: string }; reply: ExplainOut }
  'GET /api/stations/{id}/doubts': { query: { from?: number; to?: number }; reply: DoubtListOut }
  'POST /api/stations/{id}/doubts/decide': { body: DoubtDecideIn; reply: DoubtDecidedOut }
  'GET /api/stations/{id}/doubts/near': { query: { item: string; kind?: string; from: number; to: number }; reply: DoubtNearListOut }
  'GET /api/stations/{id}/measured': { reply: MeasuredOut }
  'GET /api/stations/{id}/readings.csv': { query: { kind?: string; from?: number; to?: number }; reply: unknown }
  'GET /api/stations/{id}/readings.xlsx': { query: { kind?: string; from?: number; to?: number }; reply: unknown }
  'GET /api/stations/{id}/rules': { reply: RulesOut }
  'POST /api/stations/{id}/rules': { body: RuleIn; reply: RulesOut }
  'GET /api/stations/{id}/series': { query: { item: string; kind?: string; what?: string; from?: number; to?: number; step?: number; points?: number }; reply: SeriesOut }
  'GET /api/stations/{id}/series.csv': { query: { item: string; kind?: string; what?: string; from?: number; to?: number; step?: number; points?: number }; reply: unknown }
  'GET /api/stations/{id}/series/versions': { query: { item: string; kind?: string; what?: string; from?: number; to?: number; step?: number; points?: number }; reply: SeriesVersionsOut }
  'GET /api/stations/{id}/upkeep': { query: { from?: number; to?: number; after?: string; limit?: number }; reply: UpkeepListOut }
  'POST /api/stations/{id}/upkeep': { body: UpkeepIn; reply: UpkeepDoneOut }
  'GET /api/stations/{id}/water': { query: { from?: string; to?: string; edition?: string; by?: 'day' | 'month' | 'all' }; reply: WaterOut }
  'GET /api/statistics': { query: { from: string; to: string; region?: string; sector?: string; source?: string; by?: 'month' | 'region' | 'sector' | 'source' }; reply: StatOut }
  'GET /api/statistics.xlsx': { query: { from: string; to: string; region?: string; sector?: string; source?: string; by?: 'month' | 'region' | 'sector' | 'source' }; reply: unknown }
  'GET /api/statistics/matters': { query: { from: string; to: string; region?: string; sector?: string; source?: string; by?: 'month' | 'region' | 'sector' | 'source'; figure: string; key?: string; after?: string; limit?: number }; reply: MatterList }
  'GET /api/stream': { reply: unknown }
  'POST /api/sync': { body: SyncIn; reply: SyncOut }
  'GET /api/sync/bundle': { reply: BundleOut }
  'GET /api/sync/status': { query: { device: string; what?: 'items' | 'files'; after?: string }; reply: SyncStatusOut }
  'POST /api/test/clock': { body: ClockIn; reply: ClockOut }
  'GET /api/upkeep-kinds': { reply: UpkeepKindsOut }
  'POST /api/upkeep/{id}/end': { body: UpkeepEndIn; reply: UpkeepDoneOut }
  'POST /api/upkeep/{id}/withdraw': { body: UpkeepWithdrawIn; reply: UpkeepDoneOut }
  'GET /api/visits': { query: { region?: string; plan?: string; object?: string; unit?: string; state?: 'planned' | 'under-way' | 'recorded' | 'signed' | 'refused' | 'closed' | 'cancelled'; phase?: 'open' | 'closed'; from?: string; to?: string; mine?: boolean; after?: string; limit?: number }; reply: VisitListOut }
  'POST /api/visits': { body: VisitIn; reply: VisitOut }
  'GET /api/visits/{id}': { reply: VisitOut }
  'POST /api/visits/{id}/answers': { body: VisitAnswersIn; reply: VisitOut }
  'POST /api/visits/{id}/cancel': { body: VisitCancelIn; reply: VisitOut }
  'POST /api/visits/{id}/close': { body: VisitCloseIn; reply: VisitOut }
  'POST /api/visits/{id}/files': { query: { client_id: string; hash: string; name?: string; device?: string; about?: string; captured_ms?: number; lat?: number; lon?: number }; reply: VisitFileResult }
  'POST /api/visits/{id}/findings': { body: VisitFindingIn; reply: VisitOut }
  'POST /api/visits/{id}/follow-up': { body: VisitFollowIn; reply: VisitOut }
  'POST /api/visits/{id}/notes': { body: VisitNoteIn; reply: VisitOut }
  'POST /api/visits/{id}/record': { body: VisitRecordIn; reply: VisitOut }
  'POST /api/visits/{id}/refuse': { body: VisitSignIn; reply: VisitOut }
  'POST /api/visits/{id}/sign': { body: VisitSignIn; reply: VisitOut }
  'POST /api/visits/{id}/start': { body: VisitStartIn; reply: VisitOut }
  'GET /api/work': { reply: WorkOut }
  'GET /healthz': { reply: OkOut }
  'GET /metrics': { reply: unknown }
  'GET /readyz': { reply: ReadyOut }
}
