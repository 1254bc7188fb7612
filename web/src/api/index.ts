import { request, upload, url } from './client'
import type * as T from './types'

export { ApiError, url } from './client'

type Q = Record<string, string | number | boolean | null | undefined>
const get = <R>(path: string, query?: Q, signal?: AbortSignal) => request<R>('GET', path, { query, signal })
const post = <R>(path: string, body?: unknown) => request<R>('POST', path, { body })
const patch = <R>(path: string, body: unknown) => request<R>('PATCH', path, { body })
const put = <R>(path: string, body: unknown) => request<R>('PUT', path, { body })
const del = <R>(path: string, body?: unknown) => request<R>('DELETE', path, { body })

export const api = {
  login: (login: string, password: string, otp?: string) =>
    post<T.Me>('/api/login', otp ? { login, password, otp } : { login, password }),
  logout: () => post<void>('/api/logout'),
  me: () => get<T.Me>('/api/me'),
  setPassword: (old: string, next: string) => post<void>('/api/me/password', { old, new: next }),
  otpStart: () => post<{ secret: string; uri: string }>('/api/me/otp'),
  otpConfirm: (otp: string) => post<void>('/api/me/otp/confirm', { otp }),
  otpOff: (password: string) => del<void>('/api/me/otp', { password }),
  setPrefs: (prefs: Record<string, unknown>) => put<void>('/api/me/prefs', { prefs }),

  meta: () => get<T.Meta>('/api/meta'),
  regions: (query: { parent?: string; q?: string; code?: string }) => get<T.List<T.Region>>('/api/regions', query),
  orgs: (query: Q, signal?: AbortSignal) => get<T.List<T.Org>>('/api/orgs', query, signal),
  org: (id: T.Id) => get<T.OrgDetail>(`/api/orgs/${id}`),
  addOrg: (body: Partial<T.Org>) => post<T.Org>('/api/orgs', body),
  editOrg: (id: T.Id, body: Partial<T.Org>) => patch<T.Org>(`/api/orgs/${id}`, body),
  people: (query: Q) => get<T.List<T.Person>>('/api/people', query),
  addPerson: (body: { name: string; name_en?: string; phone?: string }) => post<T.Person>('/api/people', body),
  posts: (org: T.Id) => get<T.List<T.Post>>('/api/posts', { org }),
  addPost: (body: { org: T.Id; title: string; title_en?: string; duties: string[] }) => post<T.Post>('/api/posts', body),
  holdPost: (id: T.Id, body: { person: T.Id; from: string; to?: string }) => post<T.Post>(`/api/posts/${id}/hold`, body),
  accounts: (query: Q) => get<T.List<T.Account>>('/api/accounts', query),
  addAccount: (body: { login: string; person: T.Id; org: T.Id; password: string }) => post<T.Account>('/api/accounts', body),
  lockAccount: (id: T.Id, locked: boolean) => post<void>(`/api/accounts/${id}/lock`, { locked }),
  resetPassword: (id: T.Id, password: string) => post<void>(`/api/accounts/${id}/password`, { password }),
  grants: (account: T.Id) => get<T.List<T.Grant>>('/api/grants', { account }),
  addGrant: (body: Record<string, unknown>) => post<T.Grant>('/api/grants', body),
  revokeGrant: (id: T.Id, reason: string) => post<void>(`/api/grants/${id}/revoke`, { reason }),
  roles: () => get<T.List<T.Role>>('/api/roles'),
  calendar: (from: string, to: string) => get<T.List<T.CalendarDay>>('/api/calendar', { from, to }),
  setCalendar: (days: T.CalendarDay[]) => put<void>('/api/calendar', { days }),

  documents: (query: Q, signal?: AbortSignal) => get<T.List<T.DocumentItem>>('/api/documents', query, signal),
  document: (id: T.Id) => get<T.DocumentDetail>(`/api/documents/${id}`),
  uploadDocument: (file: File, onProgress: (part: number) => void) =>
    upload<T.DocumentDetail>('/api/documents', { name: file.name }, file, onProgress),
  editDocument: (id: T.Id, body: Record<string, unknown>) => patch<T.DocumentItem>(`/api/documents/${id}`, body),
  addDraft: (doc: T.Id, range: T.Range) => post<T.Draft>(`/api/documents/${doc}/drafts`, { start: range.start, end: range.end }),
  confirmSure: (doc: T.Id, min_confidence: number) =>
    post<{ confirmed: number; skipped: { draft: T.Id; why: string }[] }>(`/api/documents/${doc}/confirm-sure`, { min_confidence }),
  editDraft: (id: T.Id, body: Record<string, unknown>) => patch<T.Draft>(`/api/drafts/${id}`, body),
  confirmDraft: (id: T.Id, ver: number) => post<{ draft: T.Draft; matter: unknown }>(`/api/drafts/${id}/confirm`, { ver }),
  discardDraft: (id: T.Id, ver: number) => post<unknown>(`/api/drafts/${id}/discard`, { ver }),
  restoreDraft: (id: T.Id, ver: number) => post<unknown>(`/api/drafts/${id}/restore`, { ver }),
  splitDraft: (id: T.Id, ver: number, at: number) => post<{ drafts: T.Draft[] }>(`/api/drafts/${id}/split`, { ver, at }),
  mergeDraft: (id: T.Id, ver: number) => post<{ draft: T.Draft }>(`/api/drafts/${id}/merge`, { ver }),

  matters: (query: Q, signal?: AbortSignal) => get<T.List<T.MatterItem>>('/api/matters', query, signal),
  exportUrl: (query: Q) => url('/api/matters/export.xlsx', query),
  importMatters: (file: File, check: boolean) =>
    request<T.ImportResult>('POST', '/api/matters/import', { query: { name: file.name, check }, raw: file }),
  addMatter: (body: Partial<T.NewMatter>) => post<T.MatterDetail>('/api/matters', body),
  matter: (id: T.Id) => get<T.MatterDetail>(`/api/matters/${id}`),
  act: (id: T.Id, body: Record<string, unknown>) => post<T.MatterDetail>(`/api/matters/${id}/acts`, body),
  bulk: (body: Record<string, unknown>) => post<{ done: number }>('/api/matters/bulk', body),
  addChildren: (id: T.Id, children: Record<string, unknown>[]) =>
    post<unknown>(`/api/matters/${id}/children`, { children }),
  uploadFile: (id: T.Id, file: File, onProgress: (part: number) => void) =>
    upload<T.FileRef>(`/api/matters/${id}/files`, { name: file.name, captured_ms: file.lastModified || undefined }, file, onProgress),
  search: (q: string, signal?: AbortSignal) => get<T.Search>('/api/search', { q, limit: 8 }, signal),
  work: () => get<T.Work>('/api/work'),
  cockpit: (region?: string) => get<T.Cockpit>('/api/cockpit', { region }),

  ledger: () => get<T.List<T.LedgerLog>>('/api/ledger'),
  ledgerEvents: (query: Q) => get<T.List<T.LedgerEvent>>('/api/ledger/events', query),
  ledgerCheck: () => post<T.LedgerCheck>('/api/ledger/check'),
}
