// The closed loop of hazards: criteria, objects, duty, inspections, look-backs, notices, marks, statistics.
import { request } from './client'
import type { Id, List, Mark, MatterItem } from './types'
import type * as S from './safety-types'

export * from './safety-types'

type Q = Record<string, string | number | boolean | null | undefined>
const get = <R>(path: string, query?: Q, signal?: AbortSignal) => request<R>('GET', path, { query, signal })
const post = <R>(path: string, body?: unknown) => request<R>('POST', path, { body })

export const safety = {
  criteria: (query: Q, signal?: AbortSignal) => get<List<S.Criterion>>('/api/criteria', query, signal),
  criterion: (id: string, day?: string) => get<S.Criterion>(`/api/criteria/${encodeURIComponent(id)}`, { day }),
  editions: (day?: string) => get<{ items: S.Edition[] }>('/api/criteria/editions', { day }),
  compareEditions: (a: string, b: string) => get<S.Comparison>('/api/criteria/compare', { a, b }),
  checklist: (query: Q) => get<S.Checklist>('/api/checklists', query),

  objects: (query: Q, signal?: AbortSignal) => get<List<S.ObjectItem> & { total_exact: boolean }>('/api/objects', query, signal),
  object: (id: Id) => get<S.ObjectDetail>(`/api/objects/${id}`),
  addObject: (body: Record<string, unknown>) => post<S.ObjectDetail>('/api/objects', body),
  editObject: (id: Id, body: Record<string, unknown>) => request<S.ObjectDetail>('PATCH', `/api/objects/${id}`, { body }),
  importObjects: (file: File, query: { type: string; crs: string; check: boolean }) => request<S.ObjectImportResult>('POST', '/api/objects/import', { query: { name: file.name, ...query }, raw: file }),
  objectTypes: () => get<S.ObjectTypes>('/api/object-types'),

  mapConfig: () => get<S.MapConfig>('/api/map/config'),
  mapObjects: (query: Q) => get<S.MapFeatures>('/api/map/objects', query),
  mapRegions: (query: Q) => get<S.MapRegions>('/api/map/regions', query),
  mapMatters: (query: Q) => get<S.MapFeatures>('/api/map/matters', query),

  visits: (query: Q) => get<List<S.VisitItem>>('/api/visits', query),

  visit: (id: Id) => get<S.Visit>(`/api/visits/${id}`),
  visitDo: (id: Id, what: string, body: Record<string, unknown>) => post<S.Visit>(`/api/visits/${id}/${what}`, body),
  addVisit: (body: Record<string, unknown>) => post<S.Visit>('/api/visits', body),
  bundle: () => get<S.Bundle>('/api/sync/bundle'),
  syncStatus: () => get<{ counts: { items: number; refused: number; files: number; waiting: number } }>('/api/sync/status', { device: localStorage.getItem('bihuan.device') ?? 'none' }),

  plans: (query: Q) => get<List<S.PlanItem>>('/api/plans', query),
  plan: (id: Id) => get<S.Plan>(`/api/plans/${id}`),
  addPlan: (body: Record<string, unknown>) => post<S.Plan>('/api/plans', body),
  endPlan: (id: Id, body: { ver: number; reason: string }) => post<S.Plan>(`/api/plans/${id}/end`, body),
  planObjects: (id: Id, query: Q) => get<List<S.CoverRow>>(`/api/plans/${id}/objects`, query),
  announceDraw: (plan: Id, body: Record<string, unknown>) => post<S.DrawDetail>(`/api/plans/${plan}/draws`, body),
  planDraw: (plan: Id, id: Id) => get<S.DrawDetail>(`/api/plans/${plan}/draws/${id}`),
  seedDraw: (plan: Id, id: Id, body: Record<string, unknown>) => post<S.DrawDetail>(`/api/plans/${plan}/draws/${id}/seed`, body),
  checkDraw: (plan: Id, id: Id) => get<S.DrawCheck>(`/api/plans/${plan}/draws/${id}/check`),



  riskMethods: () => get<{ items: S.RiskMethod[] }>('/api/risk/methods'),
  risk: (method: string, body: Record<string, unknown>) => post<S.RiskResult>(`/api/risk/${method}`, body),

  duty: (query: Q) => get<S.Duty>('/api/duty', query),
  dutyGaps: (query: Q) => get<S.DutyGaps>('/api/duty/gaps', query),
  designate: (body: Record<string, unknown>) => post<unknown>('/api/designations', body),

  notices: (matter: Id) => get<{ items: S.Notice[]; offers: S.NoticeOffer[] }>(`/api/matters/${matter}/notices`),
  draftNotice: (matter: Id, body: Record<string, unknown>) => post<S.Notice>(`/api/matters/${matter}/notices`, body),
  editNotice: (id: Id, body: Record<string, unknown>) => request<S.Notice>('PATCH', `/api/notices/${id}`, { body }),
  noticeStep: (id: Id, step: string, body: Record<string, unknown>) => post<S.Notice>(`/api/notices/${id}/${step}`, body),
  noticeFile: (id: Id, file: File) => request<{ id: Id; name: string }>('POST', `/api/notices/${id}/files`, { query: { name: file.name }, raw: file }),
  previewNotice: (id: Id) => get<S.NoticePreview>(`/api/notices/${id}/preview`),

  marks: (query: Q) => get<{ items: { matter: MatterItem; marks: Mark[] }[]; next: string | null; examined: number }>('/api/marks', query),
  markKinds: () => get<{ items: S.MarkKind[] }>('/api/mark-kinds'),
  decideMark: (body: { matter: Id; mark: string; decision: string; text: string }) => post<Mark>('/api/marks/decide', body),
  placeRegion: async (lat: number, lon: number) => {
    const { region } = await get<{ region: { code: string; name: string; name_en: string } | null }>('/api/public/place', { lat, lon })
    return { region: region?.code ?? null, name: region?.name ?? '', name_en: region?.name_en ?? '' }
  },
}
