// The page's names for the answers of the contract (contract.ts, made from the server). A shape stands there only; here a
// name is given to it, and a value that the contract leaves open (attributes, geometry, preferences) gets its type.
import type * as C from './contract'

/* T with some of its fields typed closer than the contract can. */
type Closer<T, X extends Partial<Record<keyof T, unknown>>> = Omit<T, keyof X> & X
type Words = Record<string, unknown>

export type Id = string
export type Colour = C.MatterItem['colour']
export type Phase = C.MatterItem['phase']
export type DraftState = C.DraftOut['state']

/* The page also tells of failures that no server has answered for, so most of an answer's fields may be missing. */
export type Problem = Pick<C.Problem, 'title' | 'status' | 'code' | 'key'> & Partial<Omit<C.Problem, 'args'>> & { args?: Record<string, string> }
export interface List<T> { items: T[]; next: string | null; total: number | null; total_exact: boolean }

export type RegionRef = C.RegionRef
export type Region = C.RegionItem
export type Scope = C.MeScope
export type MyPost = C.MePost
export type Me = Closer<C.MeOut, { prefs: Words }>

export type Named = C.NamedOut
export type Sector = C.SectorOut
export type StateDef = C.StateOut
export type Workflow = C.WorkflowOut
export type DemoLogin = C.DemoLoginOut
export type Meta = C.MetaOut

export type Org = C.OrgItem
export type OrgDetail = C.OrgDetail
export type Person = C.PersonItem
export type Hold = C.HoldItem
export type Post = C.PostItem
export type Account = C.AccountItem
export type Grant = C.GrantItem
export type Role = C.RoleItem
export type CalendarDay = C.CalendarDay

export type Range = C.SpanOut
export type DocumentItem = C.DocumentItem
export type UnitSpan = C.CueUnit
export type Deadline = C.CueDeadline
export type Target = C.MatterTarget
export type Draft = C.DraftOut
export type DraftChange = Omit<C.DraftPatch, 'ver'>
export type Note = C.NoteOut
export type DocumentDetail = C.DocumentOut

export type PartyRef = C.MatterOrg
export type MatterItem = C.MatterItem
export type MatterDetail = Closer<C.MatterOut, { attrs: Words; timeline: MatterEvent[]; files: FileRef[]; marks: Mark[] }>
export type Field = C.MatterField
export type Act = C.MatterActOut
export type FileRef = Closer<C.MatterFile, { marks: Mark[] }>
/* What looks doubtful about a rectification, with its reason; a person decides. */
export type Mark = Closer<C.MatterMark, { values: Record<string, number> }>
export type MatterEvent = Closer<C.MatterEvent, { data: Words }>
export type Waiting = C.MatterWaiting
export type Party = C.MatterPartyOut
export type Provenance = C.MatterProvenance
export type Report = C.MatterReport
export type WorkItem = C.WorkItem
export type Work = C.WorkOut
export type Search = C.SearchOut
export type ImportError = C.ImportError
export type ImportResult = C.ImportOut
export type NewMatter = C.MatterIn

export type RedItem = C.MatterItem
export type Cockpit = C.CockpitOut

export type LedgerLog = C.LedgerLogItem
export type LedgerEvent = C.LedgerEventItem
export type LedgerCheck = C.LedgerCheckOut
/* Server-sent events are no part of the contract. */
export interface StreamAct { region: string; matter: Id; kind: string; seq: number }

export type Certainty = C.CriterionOut['certainty']
export type Criterion = C.CriterionOut
export type Edition = C.CriteriaEditionOut
export type Comparison = C.CriteriaCompareOut
export type CheckItem = C.VisitCheckItem
export type Checklist = C.ChecklistOut
export type MarkKind = C.MarkKindOut

export type OrgRef = C.DutyOrgOut
export type DutyRow = C.DutyRowOut
export const dutyLines = ['entity', 'regulator', 'comprehensive', 'territory', 'leader', 'commissioner'] as const satisfies readonly C.DutyRowOut['line'][]
export type DutyLine = C.DutyRowOut['line']
export type ObjectRef = C.DutyObjectOut
export type Duty = C.DutyOut
export type DutyGaps = C.GapsOut

export type ObjectItem = C.ObjectItem
export type ObjectHistory = C.ObjectHistory
export type Crs = NonNullable<C.ObjectIn['crs']>
export interface Shape { type: string; coordinates: unknown }
export type ObjectDetail = Closer<C.ObjectDetail, { geometry: Shape | null; attrs: Words }>
export type ObjectAttr = C.ObjectAttrOut
export type ObjectType = C.ObjectTypeOut
export type ObjectTypes = C.ObjectTypesOut
export type ObjectImportResult = C.ObjectImportOut

export type RiskMethod = C.RiskMethodOut
export type RiskResult = C.RiskOut

export type Colours = NonNullable<C.Routes['GET /api/map/objects']['query']['risk']>
export type MapConfig = C.MapConfig
export type MapProps = C.MapProps
export type MapRegionProps = C.MapRegionProps
type Feature<P> = { type: 'Feature'; geometry: Shape | null; properties: P & Words }
export type MapFeatures = Closer<C.MapFeatures, { features: Feature<MapProps>[] }>
export type MapRegions = Closer<C.MapRegionFeatures, { features: Feature<MapRegionProps>[] }>

export type NoticeField = C.NoticeGivenOut
export type NoticeOffer = C.NoticeOffer
export type Notice = C.NoticeOut
export type NoticePreview = C.NoticePaperOut

export type InspectPerson = C.InspectPerson
export type VisitObject = C.InspectObjectOut
export type VisitItem = C.VisitItem
export type VisitState = VisitItem['state']
export type VisitChecklist = C.VisitChecklist
export type VisitAnswer = C.VisitAnswerOut
export type VisitFinding = C.VisitFindingOut
export type VisitSign = C.VisitSignOut
export type VisitFile = C.VisitFileOut
export type Visit = C.VisitOut
export type Bundle = C.BundleOut
export type SyncItem = C.SyncItemIn
export type SyncResult = C.SyncResult

export type CoverCount = C.CoverCountOut
export type CoverRow = C.CoverRowOut
export type Recurs = NonNullable<C.PlanIn['recurs']>
export type PlanItem = C.PlanItem
export type Plan = C.PlanOut
export type DrawItem = C.PlanDrawItem
export type DrawCandidate = C.PlanCandidateOut
export type DrawDetail = Closer<C.PlanDrawOut, { weights: Words }>
export type DrawCheck = C.PlanDrawCheck
