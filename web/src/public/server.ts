// The door without an account: no cookie, no token.
import { lang, t } from './words'

export class Refused extends Error {
  constructor(message: string, readonly status: number, readonly pointer = '') {
    super(message)
  }
}

async function ask<T>(method: string, path: string, body?: unknown, raw?: Blob): Promise<T> {
  let r: Response
  try {
    r = await fetch(`/api/public/${path}`, {
      method,
      credentials: 'omit',
      headers: { 'Accept-Language': lang, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    })
  } catch {
    throw new Refused(t('offline'), 0)
  }
  const json = await r.json().catch(() => null)
  if (!r.ok) throw new Refused(json?.detail ?? `${r.status}`, r.status, json?.pointer ?? '')
  return json as T
}

export interface Named { code: string; name: string; name_en: string }
export interface Category { id: string; zh: string; en: string; hint_zh: string; hint_en: string }
export interface Categories { items: Category[]; photos: number; photo_mib: number; text: number; home: Named | null }
export interface Step { at_ms: number; text: string }
export interface ReportState {
  no: string; category_zh: string; category_en: string; state_text: string; received_ms: number; closed_ms: number | null
  steps: Step[]; answers: Step[]; may_answer: boolean; choices: string[]; fixed: string; answered_ms: number | null
}
export interface NewReport {
  category: string; text: string; lat?: number; lon?: number; region?: string; place?: string; contact?: string; photos: string[]; website: string
}

const path = encodeURIComponent
export const categories = (): Promise<Categories> => ask('GET', 'categories')
export const regions = (parent: string): Promise<{ items: Named[] }> => ask('GET', `regions?parent=${path(parent)}`)
export const placeOf = (lat: number, lon: number): Promise<{ region: Named | null }> => ask('GET', `place?lat=${lat}&lon=${lon}`)
export const sendPhoto = (b: Blob): Promise<{ token: string; expires_ms: number }> => ask('POST', 'photos', undefined, b)
export const sendReport = (r: NewReport): Promise<{ no: string; code: string; state_text: string }> => ask('POST', 'reports', r)
export const look = (no: string, code: string): Promise<ReportState> => ask('GET', `reports/${path(no)}?code=${path(code)}`)
export const answer = (no: string, code: string, fixed: string, text: string): Promise<ReportState> =>
  ask('POST', `reports/${path(no)}/answer`, { code, fixed, ...(text ? { text } : {}) })
