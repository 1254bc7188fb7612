// One way to the server: JSON in and out, errors as problem+json, a CSRF token and an idempotency
// key on every write, one quiet repeat of a write whose answer was lost (the key makes that safe).
import type { Problem } from './types'

export class ApiError extends Error {
  constructor(public problem: Problem) {
    super(problem.title)
  }
}

type Query = Record<string, string | number | boolean | null | undefined>
interface Options {
  query?: Query
  body?: unknown
  raw?: Blob
  signal?: AbortSignal
}

const hooks = {
  csrf: '',
  lang: 'zh-CN',
  onUnauthorized: () => {},
  onNetwork: (_up: boolean) => {},
}
export const clientHooks = hooks

export function url(path: string, query?: Query): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(query ?? {})) {
    if (v !== undefined && v !== null && v !== '' && v !== false) q.set(k, v === true ? '1' : String(v))
  }
  const s = q.toString()
  return s ? `${path}${path.includes('?') ? '&' : '?'}${s}` : path
}

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

export function networkProblem(): ApiError {
  return new ApiError({ title: '', status: 0, code: 'NETWORK', key: 'page.err.network' })
}

export function problemOf(status: number, text: string): ApiError {
  try {
    const p = JSON.parse(text) as Problem
    if (p && typeof p.title === 'string') return new ApiError({ ...p, status: p.status ?? status })
  } catch {
    // not JSON: say so by status below
  }
  return new ApiError({ title: '', status, code: 'HTTP', key: 'page.err.http', args: { status: String(status) } })
}

export function writeHeaders(): Record<string, string> {
  return { 'Accept-Language': hooks.lang, 'X-CSRF-Token': hooks.csrf, 'Idempotency-Key': newKey() }
}

async function send(method: string, target: string, init: RequestInit, again: boolean): Promise<Response> {
  try {
    const res = await fetch(target, init)
    hooks.onNetwork(true)
    return res
  } catch (e) {
    if ((e as Error).name === 'AbortError') throw e
    if (again && method !== 'GET') {
      await new Promise((r) => setTimeout(r, 600))
      return send(method, target, init, false)
    }
    hooks.onNetwork(false)
    throw networkProblem()
  }
}

export async function request<T>(method: string, path: string, opt: Options = {}): Promise<T> {
  const headers: Record<string, string> =
    method === 'GET' ? { 'Accept-Language': hooks.lang } : writeHeaders()
  let body: BodyInit | undefined
  if (opt.raw) {
    headers['Content-Type'] = 'application/octet-stream'
    body = opt.raw
  } else if (method !== 'GET') {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(opt.body ?? {})
  }
  const init: RequestInit = { method, headers, body, signal: opt.signal, credentials: 'same-origin' }
  const res = await send(method, url(path, opt.query), init, !opt.raw)
  const text = await res.text()
  if (!res.ok) {
    if (res.status === 401 && path !== '/api/login' && path !== '/api/me') hooks.onUnauthorized()
    throw problemOf(res.status, text)
  }
  return (text ? JSON.parse(text) : undefined) as T
}

export interface Upload<T> { done: Promise<T>; cancel: () => void }

/* Raw bytes with progress (fetch cannot say how much has been sent). */
export function upload<T>(path: string, query: Query, file: Blob, onProgress: (part: number) => void): Upload<T> {
  const xhr = new XMLHttpRequest()
  const done = new Promise<T>((resolve, reject) => {
    xhr.open('POST', url(path, query))
    for (const [k, v] of Object.entries(writeHeaders())) xhr.setRequestHeader(k, v)
    xhr.setRequestHeader('Content-Type', 'application/octet-stream')
    xhr.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total)
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) return resolve(JSON.parse(xhr.responseText) as T)
      if (xhr.status === 401) hooks.onUnauthorized()
      reject(problemOf(xhr.status, xhr.responseText))
    }
    xhr.onerror = () => reject(networkProblem())
    xhr.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    xhr.send(file)
  })
  return { done, cancel: () => xhr.abort() }
}
