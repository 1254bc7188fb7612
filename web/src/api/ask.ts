// A call of a route of the contract: the path is checked against its list of routes, filters, body and answer have its types.
import { request, upload, type Upload } from './client'
import type { Routes } from './contract'

export type Path = keyof Routes
export type Filters<P extends Path> = Routes[P] extends { query: infer Q } ? { [K in keyof Q]?: Q[K] | null } : undefined
export type Body<P extends Path> = Routes[P] extends { body: infer B } ? B : undefined
export type Reply<P extends Path> = Routes[P]['reply']

/* What stands for the {holes} of a path, in their order. */
type At = string | readonly string[]
type Query = Record<string, string | number | boolean | null | undefined>

export function pathOf(route: string, at: At = []): string {
  const ids = typeof at === 'string' ? [at] : [...at]
  return route.slice(route.indexOf(' ') + 1).replace(/\{\w+\}/g, () => encodeURIComponent(ids.shift() ?? ''))
}

export function get<P extends Path & `GET ${string}`>(route: P, query?: Filters<P>, at?: At, signal?: AbortSignal): Promise<Reply<P>> {
  return request('GET', pathOf(route, at), { query: query as Query | undefined, signal })
}

/* Every other method: what changes something has a body. */
export function send<P extends Exclude<Path, `GET ${string}`>>(route: P, body?: Body<P>, at?: At): Promise<Reply<P>> {
  return request(route.slice(0, route.indexOf(' ')), pathOf(route, at), { body })
}

/* Bytes as they are; what describes them travels as filters. */
export function give<P extends Path & `POST ${string}`>(route: P, query: Filters<P>, raw: Blob, at?: At): Promise<Reply<P>> {
  return request('POST', pathOf(route, at), { query: query as Query | undefined, raw })
}

/* The same, saying how much has gone out. */
export function giveSlowly<P extends Path & `POST ${string}`>(route: P, query: Filters<P>, file: Blob, onProgress: (part: number) => void, at?: At): Upload<Reply<P>> {
  return upload(pathOf(route, at), (query ?? {}) as Query, file, onProgress)
}
