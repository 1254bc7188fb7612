// What has become of things: look-backs, statistics, supervision, the desk for citizens' reports. Types are the contract's.
import { get, send, type Body, type Filters, type Path } from './ask'
import type { Id } from './types'

export type * from './contract'

type Q<P extends Path> = Filters<P>
type B<P extends Path> = Body<P>

export const follow = {
  lookRules: () => get('GET /api/lookback/rules'),
  pool: (q: Q<'GET /api/lookback/pool'>) => get('GET /api/lookback/pool', q),
  lookDraws: (q: Q<'GET /api/lookback/draws'>) => get('GET /api/lookback/draws', q),
  announceLook: (b: B<'POST /api/lookback/draws'>) => send('POST /api/lookback/draws', b),
  seedLook: (id: Id, b: B<'POST /api/lookback/draws/{id}/seed'>) => send('POST /api/lookback/draws/{id}/seed', b, id),
  mustLook: (b: B<'POST /api/lookback/must'>) => send('POST /api/lookback/must', b),
  draw: (id: Id) => get('GET /api/draws/{id}', undefined, id),
  checkDraw: (id: Id) => get('GET /api/draws/{id}/check', undefined, id),
  drawPool: async (id: Id) => {
    const r = await fetch(`/api/draws/${id}/pool.txt`, { credentials: 'same-origin' })
    return r.ok ? r.text() : ''
  },
  lookbacks: (q: Q<'GET /api/lookbacks'>) => get('GET /api/lookbacks', q),
  pickLook: (b: B<'POST /api/lookbacks'>) => send('POST /api/lookbacks', b),
  handLook: (id: Id, b: B<'POST /api/lookbacks/{id}/hand'>) => send('POST /api/lookbacks/{id}/hand', b, id),
  lookResult: (id: Id, b: B<'POST /api/lookbacks/{id}/result'>) => send('POST /api/lookbacks/{id}/result', b, id),
  rates: (q: Q<'GET /api/lookback/rates'>) => get('GET /api/lookback/rates', q),
  survival: (q: Q<'GET /api/lookback/survival'>) => get('GET /api/lookback/survival', q),

  statistics: (q: Q<'GET /api/statistics'>) => get('GET /api/statistics', q),
  statisticsMatters: (q: Q<'GET /api/statistics/matters'>) => get('GET /api/statistics/matters', q),

  reminders: (q: Q<'GET /api/reminders'>) => get('GET /api/reminders', q),
  escalation: (q: Q<'GET /api/escalation'>) => get('GET /api/escalation', q),

  categories: () => get('GET /api/public/categories'),
  intake: (id: Id) => get('GET /api/intake/reports/{matter}', undefined, id),
  intakeContact: (id: Id, reason: string) => send('POST /api/intake/reports/{matter}/contact', { reason }, id),
  intakeErase: (id: Id, reason: string) => send('POST /api/intake/reports/{matter}/erase', { reason }, id),
  intakeAnswer: (id: Id, text: string) => send('POST /api/intake/reports/{matter}/answer', { text }, id),
  intakeRelease: (id: Id, photos: Id[]) => send('POST /api/intake/reports/{matter}/release', { photos }, id),
}
