// The calls that the whole page makes: session, who, documents, matters, the ledger. Types are the contract's.
import { get, give, giveSlowly, send, type Body, type Filters } from './ask'
import { url } from './client'
import type * as T from './types'

export { ApiError, url } from './client'

/* Filters that stand in the address bar: names are the contract's, a wrong value is the server's to refuse. */
export type Loose<Q> = { [K in keyof Q]?: string | number | boolean | null }

export const api = {
  login: (login: string, password: string, otp?: string) => send('POST /api/login', otp ? { login, password, otp } : { login, password }) as Promise<T.Me>,
  logout: () => send('POST /api/logout'),
  me: () => get('GET /api/me') as Promise<T.Me>,
  setPassword: (old: string, next: string) => send('POST /api/me/password', { old, new: next }),
  otpStart: () => send('POST /api/me/otp'),
  otpConfirm: (otp: string) => send('POST /api/me/otp/confirm', { otp }),
  otpOff: (password: string) => send('DELETE /api/me/otp', { password }),
  setPrefs: (prefs: Record<string, unknown>) => send('PUT /api/me/prefs', { prefs }),

  meta: () => get('GET /api/meta'),
  regions: (query: Filters<'GET /api/regions'>) => get('GET /api/regions', query),
  orgs: (query: Loose<Filters<'GET /api/orgs'>>, signal?: AbortSignal) => get('GET /api/orgs', query as Filters<'GET /api/orgs'>, undefined, signal),
  org: (id: T.Id) => get('GET /api/orgs/{id}', undefined, id),
  addOrg: (body: Body<'POST /api/orgs'>) => send('POST /api/orgs', body),
  editOrg: (id: T.Id, body: Body<'PATCH /api/orgs/{id}'>) => send('PATCH /api/orgs/{id}', body, id),
  people: (query: Filters<'GET /api/people'>) => get('GET /api/people', query),
  addPerson: (body: Body<'POST /api/people'>) => send('POST /api/people', body),
  posts: (org: T.Id) => get('GET /api/posts', { org }),
  addPost: (body: Body<'POST /api/posts'>) => send('POST /api/posts', body),
  holdPost: (id: T.Id, body: Body<'POST /api/posts/{id}/hold'>) => send('POST /api/posts/{id}/hold', body, id),
  accounts: (query: Filters<'GET /api/accounts'>) => get('GET /api/accounts', query),
  addAccount: (body: Body<'POST /api/accounts'>) => send('POST /api/accounts', body),
  lockAccount: (id: T.Id, locked: boolean) => send('POST /api/accounts/{id}/lock', { locked }, id),
  resetPassword: (id: T.Id, password: string) => send('POST /api/accounts/{id}/password', { password }, id),
  grants: (account: T.Id) => get('GET /api/grants', { account }),
  addGrant: (body: Body<'POST /api/grants'>) => send('POST /api/grants', body),
  revokeGrant: (id: T.Id, reason: string) => send('POST /api/grants/{id}/revoke', { reason }, id),
  roles: () => get('GET /api/roles'),
  calendar: (from: string, to: string) => get('GET /api/calendar', { from, to }),
  setCalendar: (body: Body<'PUT /api/calendar'>) => send('PUT /api/calendar', body),

  documents: (query: Loose<Filters<'GET /api/documents'>>, signal?: AbortSignal) => get('GET /api/documents', query as Filters<'GET /api/documents'>, undefined, signal),
  document: (id: T.Id) => get('GET /api/documents/{id}', undefined, id),
  uploadDocument: (file: File, onProgress: (part: number) => void) => giveSlowly('POST /api/documents', { name: file.name }, file, onProgress),
  editDocument: (id: T.Id, body: Body<'PATCH /api/documents/{id}'>) => send('PATCH /api/documents/{id}', body, id),
  addDraft: (doc: T.Id, { start, end }: T.Range) => send('POST /api/documents/{id}/drafts', { start, end }, doc),
  confirmSure: (doc: T.Id, min_confidence: number) => send('POST /api/documents/{id}/confirm-sure', { min_confidence }, doc),
  editDraft: (id: T.Id, body: Body<'PATCH /api/drafts/{id}'>) => send('PATCH /api/drafts/{id}', body, id),
  confirmDraft: (id: T.Id, ver: number) => send('POST /api/drafts/{id}/confirm', { ver }, id),
  discardDraft: (id: T.Id, ver: number) => send('POST /api/drafts/{id}/discard', { ver }, id),
  restoreDraft: (id: T.Id, ver: number) => send('POST /api/drafts/{id}/restore', { ver }, id),
  splitDraft: (id: T.Id, ver: number, at: number) => send('POST /api/drafts/{id}/split', { ver, at }, id),
  mergeDraft: (id: T.Id, ver: number) => send('POST /api/drafts/{id}/merge', { ver }, id),

  matters: (query: Loose<Filters<'GET /api/matters'>>, signal?: AbortSignal) => get('GET /api/matters', query as Filters<'GET /api/matters'>, undefined, signal),
  exportUrl: (query: Loose<Filters<'GET /api/matters/export.xlsx'>>) => url('/api/matters/export.xlsx', query),
  importMatters: (file: File, check: boolean) => give('POST /api/matters/import', { name: file.name, check }, file),
  addMatter: (body: Body<'POST /api/matters'>) => send('POST /api/matters', body) as Promise<T.MatterDetail>,
  matter: (id: T.Id) => get('GET /api/matters/{id}', undefined, id) as Promise<T.MatterDetail>,
  act: (id: T.Id, body: Body<'POST /api/matters/{id}/acts'>) => send('POST /api/matters/{id}/acts', body, id) as Promise<T.MatterDetail>,
  bulk: (body: Body<'POST /api/matters/bulk'>) => send('POST /api/matters/bulk', body),
  addChildren: (id: T.Id, body: Body<'POST /api/matters/{id}/children'>) => send('POST /api/matters/{id}/children', body, id),
  uploadFile: (id: T.Id, file: File, onProgress: (part: number) => void) => giveSlowly('POST /api/matters/{id}/files', { name: file.name, captured_ms: file.lastModified || undefined }, file, onProgress, id),
  search: (q: string, signal?: AbortSignal) => get('GET /api/search', { q, limit: 8 }, undefined, signal),
  work: () => get('GET /api/work'),
  cockpit: (region?: string) => get('GET /api/cockpit', { region }),

  ledger: () => get('GET /api/ledger'),
  ledgerEvents: (query: Filters<'GET /api/ledger/events'>) => get('GET /api/ledger/events', query),
  ledgerCheck: () => send('POST /api/ledger/check'),
}
