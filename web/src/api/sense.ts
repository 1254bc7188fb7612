// Monitoring: stations and their readings, indices, alarms, hot grids, devices. Types are the contract's.
import { request, url } from './client'
import type * as C from './contract'

export type * from './contract'

type Path = keyof C.Routes
type Query<P extends Path> = C.Routes[P] extends { query: infer Q } ? { [K in keyof Q]?: Q[K] | null } : undefined
type Body<P extends Path> = C.Routes[P] extends { body: infer B } ? B : undefined
type Reply<P extends Path> = C.Routes[P]['reply']
type Words = Record<string, string | number | boolean | null | undefined>

/* {id}, {mn}, {cell} stand for the one name given. */
const path = (p: string, from: number, id?: string) => p.slice(from).replace(/\{\w+\}/, encodeURIComponent(id ?? ''))
function get<P extends Path & `GET ${string}`>(p: P, query?: Query<P>, id?: string): Promise<Reply<P>> {
  return request('GET', path(p, 4, id), { query: query as Words })
}
function post<P extends Path & `POST ${string}`>(p: P, body: Body<P>, id?: string): Promise<Reply<P>> {
  return request('POST', path(p, 5, id), { body })
}
type Q<P extends Path> = Query<P>
type B<P extends Path> = Body<P>

export const sense = {
  kinds: () => get('GET /api/station-kinds'),
  live: (q: Q<'GET /api/stations/live'>) => get('GET /api/stations/live', q),
  stations: (q: Q<'GET /api/stations'>) => get('GET /api/stations', q),
  station: (id: string) => get('GET /api/stations/{id}', undefined, id),
  measured: (id: string) => get('GET /api/stations/{id}/measured', undefined, id),
  series: (id: string, q: Q<'GET /api/stations/{id}/series'>) => get('GET /api/stations/{id}/series', q, id),
  seriesUrl: (id: string, q: Words) => url(`/api/stations/${id}/series.csv`, q),
  air: (id: string, q: Q<'GET /api/stations/{id}/air'>) => get('GET /api/stations/{id}/air', q, id),
  explain: (id: string, q: Q<'GET /api/stations/{id}/air/explain'>) => get('GET /api/stations/{id}/air/explain', q, id),
  water: (id: string, q: Q<'GET /api/stations/{id}/water'>) => get('GET /api/stations/{id}/water', q, id),
  upkeepKinds: () => get('GET /api/upkeep-kinds'),
  upkeep: (id: string, q: Q<'GET /api/stations/{id}/upkeep'>) => get('GET /api/stations/{id}/upkeep', q, id),
  addUpkeep: (id: string, b: B<'POST /api/stations/{id}/upkeep'>) => post('POST /api/stations/{id}/upkeep', b, id),
  endUpkeep: (id: string, b: B<'POST /api/upkeep/{id}/end'>) => post('POST /api/upkeep/{id}/end', b, id),
  withdrawUpkeep: (id: string, b: B<'POST /api/upkeep/{id}/withdraw'>) => post('POST /api/upkeep/{id}/withdraw', b, id),
  doubts: (id: string, q: Q<'GET /api/stations/{id}/doubts'>) => get('GET /api/stations/{id}/doubts', q, id),
  doubtNear: (id: string, q: Q<'GET /api/stations/{id}/doubts/near'>) => get('GET /api/stations/{id}/doubts/near', q, id),
  decideDoubt: (id: string, b: B<'POST /api/stations/{id}/doubts/decide'>) => post('POST /api/stations/{id}/doubts/decide', b, id),
  versions: (id: string, q: Q<'GET /api/stations/{id}/series/versions'>) => get('GET /api/stations/{id}/series/versions', q, id),
  importReadings: (file: File, q: Q<'POST /api/stations/import'>): Promise<Reply<'POST /api/stations/import'>> => request('POST', '/api/stations/import', { query: q, raw: file }),
  stationRules: (id: string) => get('GET /api/stations/{id}/rules', undefined, id),

  alarms: (q: Q<'GET /api/alarms'>) => get('GET /api/alarms', q),
  alarm: (id: string) => get('GET /api/alarms/{id}', undefined, id),
  ackAlarm: (id: string, text: string) => post('POST /api/alarms/{id}/ack', { text }, id),
  clearAlarm: (id: string, text: string) => post('POST /api/alarms/{id}/clear', { text }, id),
  effect: (matter: string, q: Q<'GET /api/matters/{id}/effect'>) => get('GET /api/matters/{id}/effect', q, matter),

  gridPeriods: (q: Q<'GET /api/grids/periods'>) => get('GET /api/grids/periods', q),
  gridFill: (b: B<'POST /api/grids/fill'>) => post('POST /api/grids/fill', b),
  gridMap: (q: Q<'GET /api/grids/map'>) => get('GET /api/grids/map', q),
  gridRanking: (q: Q<'GET /api/grids/ranking'>) => get('GET /api/grids/ranking', q),
  gridCell: (cell: string, q: Q<'GET /api/grids/cells/{cell}'>) => get('GET /api/grids/cells/{cell}', q, cell),
  sendPatrol: (cell: string, b: B<'POST /api/grids/{cell}/patrol'>) => post('POST /api/grids/{cell}/patrol', b, cell),
  patrolFound: (id: string, b: B<'POST /api/grids/patrols/{id}/finding'>) => post('POST /api/grids/patrols/{id}/finding', b, id),
  fires: (q: Q<'GET /api/firepoints'>) => get('GET /api/firepoints', q),

  devices: (q: Q<'GET /api/devices'>) => get('GET /api/devices', q),
  unknown: () => get('GET /api/devices/unknown', { limit: 200 }),
  device: (mn: string) => get('GET /api/devices/{mn}', undefined, mn),
  approve: (mn: string, b: B<'POST /api/devices/{mn}/approve'>) => post('POST /api/devices/{mn}/approve', b, mn),
  refuse: (mn: string, b: B<'POST /api/devices/{mn}/refuse'>) => post('POST /api/devices/{mn}/refuse', b, mn),
  quality: (mn: string, q: Q<'GET /api/devices/{mn}/quality'>) => get('GET /api/devices/{mn}/quality', q, mn),
  frames: (mn: string, q: Q<'GET /api/devices/{mn}/frames'>) => get('GET /api/devices/{mn}/frames', q, mn),
  commands: (mn: string, q: Q<'GET /api/devices/{mn}/commands'>) => get('GET /api/devices/{mn}/commands', q, mn),
  send: (mn: string, b: B<'POST /api/devices/{mn}/commands'>) => post('POST /api/devices/{mn}/commands', b, mn),
  commandKinds: () => get('GET /api/device-commands'),
  gateway: () => get('GET /api/gateway'),

  mqtt: () => get('GET /api/mqtt'),
  topics: (q: Q<'GET /api/mqtt/topics'>) => get('GET /api/mqtt/topics', q),
  setTopic: (b: B<'POST /api/mqtt/topics'>) => post('POST /api/mqtt/topics', b),
  refuseTopic: (id: string, b: B<'POST /api/mqtt/topics/{id}/refuse'>) => post('POST /api/mqtt/topics/{id}/refuse', b, id),
}
