// The closed loop of hazards: criteria, objects, duty, inspections, notices, marks. Types are the contract's.
import type { Loose } from '.'
import { get, give, send, type Body, type Filters } from './ask'
import type { Routes } from './contract'
import type * as T from './types'

export type * from './types'
export { dutyLines } from './types'

/* What a visit is told besides starting, signing and the like: one route each. */
type VisitStep = Extract<keyof Routes, `POST /api/visits/{id}/${string}`> extends `POST /api/visits/{id}/${infer W}` ? Exclude<W, 'files'> : never
type NoticeStep = 'issue' | 'serve' | 'acknowledge' | 'withdraw'

export const safety = {
  criteria: (query: Loose<Filters<'GET /api/criteria'>>, signal?: AbortSignal) => get('GET /api/criteria', query as Filters<'GET /api/criteria'>, undefined, signal),
  criterion: (id: string, day?: string) => get('GET /api/criteria/{id}', { day }, id),
  editions: (day?: string) => get('GET /api/criteria/editions', { day }),
  compareEditions: (a: string, b: string) => get('GET /api/criteria/compare', { a, b }),
  checklist: (query: Filters<'GET /api/checklists'>) => get('GET /api/checklists', query),

  objects: (query: Loose<Filters<'GET /api/objects'>>, signal?: AbortSignal) => get('GET /api/objects', query as Filters<'GET /api/objects'>, undefined, signal),
  object: (id: T.Id) => get('GET /api/objects/{id}', undefined, id) as Promise<T.ObjectDetail>,
  addObject: (body: Body<'POST /api/objects'>) => send('POST /api/objects', body) as Promise<T.ObjectDetail>,
  editObject: (id: T.Id, body: Body<'PATCH /api/objects/{id}'>) => send('PATCH /api/objects/{id}', body, id) as Promise<T.ObjectDetail>,
  importObjects: (file: File, query: Filters<'POST /api/objects/import'>) => give('POST /api/objects/import', { name: file.name, ...query }, file),
  objectTypes: () => get('GET /api/object-types'),

  mapConfig: () => get('GET /api/map/config'),
  mapObjects: (query: Filters<'GET /api/map/objects'>) => get('GET /api/map/objects', query) as Promise<T.MapFeatures>,
  mapRegions: (query: Filters<'GET /api/map/regions'>) => get('GET /api/map/regions', query) as Promise<T.MapRegions>,
  mapMatters: (query: Filters<'GET /api/map/matters'>) => get('GET /api/map/matters', query) as Promise<T.MapFeatures>,
  placeRegion: async (lat: number, lon: number) => {
    const { region } = await get('GET /api/public/place', { lat, lon })
    return { region: region?.code ?? null, name: region?.name ?? '', name_en: region?.name_en ?? '' }
  },

  visits: (query: Filters<'GET /api/visits'>) => get('GET /api/visits', query),
  visit: (id: T.Id) => get('GET /api/visits/{id}', undefined, id),
  visitDo: <W extends VisitStep>(id: T.Id, what: W, body: Body<`POST /api/visits/{id}/${W}`>) => send(`POST /api/visits/{id}/${what}`, body, id),
  addVisit: (body: Body<'POST /api/visits'>) => send('POST /api/visits', body),
  bundle: () => get('GET /api/sync/bundle'),
  sync: (body: Body<'POST /api/sync'>) => send('POST /api/sync', body),
  syncStatus: () => get('GET /api/sync/status', { device: localStorage.getItem('bihuan.device') ?? 'none' }),

  plans: (query: Filters<'GET /api/plans'>) => get('GET /api/plans', query),
  plan: (id: T.Id) => get('GET /api/plans/{id}', undefined, id),
  addPlan: (body: Body<'POST /api/plans'>) => send('POST /api/plans', body),
  endPlan: (id: T.Id, body: Body<'POST /api/plans/{id}/end'>) => send('POST /api/plans/{id}/end', body, id),
  planObjects: (id: T.Id, query: Loose<Filters<'GET /api/plans/{id}/objects'>>) => get('GET /api/plans/{id}/objects', query as Filters<'GET /api/plans/{id}/objects'>, id),
  announceDraw: (plan: T.Id, body: Body<'POST /api/plans/{id}/draws'>) => send('POST /api/plans/{id}/draws', body, plan) as Promise<T.DrawDetail>,
  planDraw: (plan: T.Id, id: T.Id) => get('GET /api/plans/{id}/draws/{draw}', undefined, [plan, id]) as Promise<T.DrawDetail>,
  seedDraw: (plan: T.Id, id: T.Id, body: Body<'POST /api/plans/{id}/draws/{draw}/seed'>) => send('POST /api/plans/{id}/draws/{draw}/seed', body, [plan, id]) as Promise<T.DrawDetail>,
  checkDraw: (plan: T.Id, id: T.Id) => get('GET /api/plans/{id}/draws/{draw}/check', undefined, [plan, id]),

  riskMethods: () => get('GET /api/risk/methods'),
  risk: (method: string, body: Body<'POST /api/risk/{method}'>) => send('POST /api/risk/{method}', body, method),

  duty: (query: Filters<'GET /api/duty'>) => get('GET /api/duty', query),
  dutyGaps: (query: Loose<Filters<'GET /api/duty/gaps'>>) => get('GET /api/duty/gaps', query as Filters<'GET /api/duty/gaps'>),
  designate: (body: Body<'POST /api/designations'>) => send('POST /api/designations', body),

  notices: (matter: T.Id) => get('GET /api/matters/{id}/notices', undefined, matter),
  draftNotice: (matter: T.Id, body: Body<'POST /api/matters/{id}/notices'>) => send('POST /api/matters/{id}/notices', body, matter),
  editNotice: (id: T.Id, body: Body<'PATCH /api/notices/{id}'>) => send('PATCH /api/notices/{id}', body, id),
  noticeStep: <S extends NoticeStep>(id: T.Id, step: S, body: Body<`POST /api/notices/{id}/${S}`>) => send(`POST /api/notices/{id}/${step}`, body, id),
  noticeFile: (id: T.Id, file: File) => give('POST /api/notices/{id}/files', { name: file.name }, file, id),
  previewNotice: (id: T.Id) => get('GET /api/notices/{id}/preview', undefined, id),

  marks: (query: Filters<'GET /api/marks'>) => get('GET /api/marks', query) as Promise<{ items: { matter: T.MatterItem; marks: T.Mark[] }[]; next: string | null; examined: number }>,
  markKinds: () => get('GET /api/mark-kinds'),
  decideMark: (body: Body<'POST /api/marks/decide'>) => send('POST /api/marks/decide', body) as Promise<T.Mark>,
}
