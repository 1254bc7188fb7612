// `npm run mock`: answers /api from mock/data.ts inside the development server. It keeps no rules:
// it only gives the page something of the right shape to draw.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import * as d from './data'
import { safety } from './safety'

type Reply = { status: number; body?: unknown }
type Handler = (m: RegExpMatchArray, q: URLSearchParams, body: any) => unknown
const list = (items: unknown[]) => ({ items, next: null, total: items.length, total_exact: true })
const problem = (status: number, code: string, key: string, title: string, detail = '', args = {}): Reply => ({ status, body: { type: 'about:blank', title, status, code, key, detail, args, request: 'r-1' } })
let signedIn = false
let prefs = {}
let stale = true

const page = (items: { id: string }[], q: URLSearchParams) => {
  const limit = Number(q.get('limit') ?? 50)
  const from = Number(q.get('after') ?? 0)
  return { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null, total: items.length, total_exact: true }
}
const filtered = (q: URLSearchParams) =>
  d.matters.filter((m) => ['phase', 'state', 'colour', 'region'].every((k) => !q.get(k) || (m as any)[k] === q.get(k)) && (!q.get('q') || m.title.includes(q.get('q')!) || m.no.includes(q.get('q')!)) && (!q.get('sector') || m.sectors.includes(q.get('sector')!)))
const touch = (id: string, x: object) => Object.assign(d.drafts.find((f) => f.id === id)!, x, { ver: 2 })
const me = () => (signedIn ? { ...d.me, prefs } : problem(401, 'UNAUTHENTICATED', 'err.unauthenticated', '请先登录'))
const posts = (org: string) => [{ id: `q-${org}`, org, title: '局长', title_en: 'Director', rank: 1, leader: true, duties: ['安全生产第一责任人'], holder: { person: 'p1', name: '陈示例', from: '2024-03-01', to: null }, history: [{ person: 'p9', name: '孙示例', from: '2020-01-01', to: '2024-02-29' }] }]

const routes: [string, RegExp, Handler][] = [
  ['GET', /^meta$/, () => d.meta],
  ['GET', /^me$/, me],
  ['POST', /^login$/, (_m, _q, b) => (b.password === 'demo' ? ((signedIn = true), me()) : problem(401, 'BAD_LOGIN', 'err.bad_login', '账号或密码不正确', '请核对后重试；连续 5 次错误将锁定 15 分钟。'))],
  ['POST', /^logout$/, () => ((signedIn = false), {})],
  ['PUT', /^me\/prefs$/, (_m, _q, b) => ((prefs = b.prefs), {})],
  ['POST', /^me\/otp$/, () => ({ secret: 'JBSWY3DPEHPK3PXPJBSWY3DP', uri: 'otpauth://totp/bihuan:chen.office?secret=JBSWY3DPEHPK3PXPJBSWY3DP&issuer=bihuan' })],
  ['GET', /^regions$/, (_m, q) => list(q.get('parent') ? d.regions.filter((r) => r.parent === q.get('parent')) : q.get('q') ? d.regions.filter((r) => r.name.includes(q.get('q')!)) : d.regions.filter((r) => r.code === q.get('code')))],
  ['GET', /^orgs$/, (_m, q) => page(d.orgs.filter((o) => !q.get('q') || (o.name + o.short).includes(q.get('q')!)), q)],
  ['GET', /^orgs\/(.+)$/, (m) => ({ ...d.orgs.find((o) => o.id === m[1]), posts: posts(m[1]!), people: [{ id: 'p1', name: '陈示例', name_en: 'Chen Demo' }] })],
  ['GET', /^people$/, () => list([{ id: 'p1', name: '陈示例', name_en: 'Chen Demo', org_name: '区应急管理局' }])],
  ['GET', /^posts$/, (_m, q) => list(posts(q.get('org')!))],
  ['GET', /^accounts$/, () => list([{ id: 'a1', login: 'chen.office', person: 'p1', person_name: '陈示例', org: 'o2', org_name: '区应急管理局', locked: false, otp_enabled: true }, { id: 'a2', login: 'wu.hbj', person: 'p2', person_name: '吴示例', org: 'o4', org_name: '区生态环境局', locked: true, otp_enabled: false }])],
  ['GET', /^grants$/, () => list([{ id: 'g1', account: 'a1', role: 'office', role_zh: '安委办', role_en: 'Safety office', region: d.regions[0]!.code, region_name: '示例区', sectors: ['all'], org: null, valid_from: '2026-01-01', valid_to: null, reason: '岗位职责' }])],
  ['GET', /^roles$/, () => list([{ id: 'office', zh: '安委办', en: 'Safety office', perms: ['matter.read'] }])],
  ['GET', /^calendar$/, () => list([{ date: '2026-10-01', working: false, name_zh: '国庆节', name_en: 'National Day', status: 'unverified' }, { date: '2026-10-10', working: true, name_zh: '国庆节调休', name_en: 'Swapped day', status: 'unverified' }])],
  ['GET', /^documents$/, () => list([d.document, { ...d.document, id: 'd2', title: 'Work priorities for 2026: safety and environment', issuer: 'Demo District Government', number: '', format: 'md', to_decide: 0, directives: 12, confirmed: 12, discarded: 0, overdue: 0 }])],
  ['POST', /^documents$/, () => d.document],
  ['GET', /^documents\/(.+)$/, () => ({ ...d.document, drafts: d.drafts, to_decide: d.drafts.filter((x) => x.state === 'draft').length })],
  ['POST', /^documents\/.+\/drafts$/, (_m, _q, b) => { const f = { ...d.drafts[5]!, id: `f${Date.now()}`, ...b, text: d.document.text.slice(b.start, b.end), title: d.document.text.slice(b.start, b.end), state: 'draft' }; d.drafts.push(f); return f }],
  ['POST', /^documents\/.+\/confirm-sure$/, () => ({ confirmed: 0, skipped: [{ draft: 'f3', why: '没有完成时限' }] })],
  ['PATCH', /^drafts\/(.+)$/, (m, _q, { ver: _v, ...b }) => touch(m[1]!, { ...b, edited: true })],
  ['POST', /^drafts\/(.+)\/confirm$/, (m) => ({ draft: touch(m[1]!, { state: 'confirmed', matter: '9001', matter_state: 'assigned' }), matter: { id: '9001' } })],
  ['POST', /^drafts\/(.+)\/discard$/, (m) => touch(m[1]!, { state: 'discarded' })],
  ['POST', /^drafts\/(.+)\/restore$/, (m) => touch(m[1]!, { state: 'draft' })],
  ['POST', /^drafts\/.+\/(split|merge)$/, () => ({ drafts: [], draft: d.drafts[0] })],
  ['GET', /^matters$/, (_m, q) => page(filtered(q), q)],
  ['POST', /^matters\/import$/, () => ({ rows: 3, ok: 1, errors: [{ cell: 'C3', row: 3, message: '找不到单位：区城管' }, { cell: 'F4', row: 4, message: '日期无效：2026-13-01' }], created: [] })],
  ['POST', /^matters\/bulk$/, () => problem(409, 'STALE', 'err.stale', '内容已被他人修改', '', { ver: '4' })],
  ['POST', /^matters\/(\d+)\/acts$/, (m) => { if (stale) { stale = false; return problem(409, 'STALE', 'err.stale', '内容已被他人修改', '请核对变化后重新提交。', { ver: '4', state: 'doing', by: '吴示例', at: String(d.NOW) }) } return d.detail(d.matters.find((x) => x.id === m[1])!) }],
  ['POST', /^matters\/.+\/children$/, () => ({})],
  ['GET', /^matters\/(\d+)$/, (m) => d.detail(d.matters.find((x) => x.id === m[1])!)],
  ['GET', /^search$/, (_m, q) => ({ ...page(filtered(q), q), documents: [d.document] })],
  ['GET', /^work$/, () => { const w = (f: (m: any) => boolean) => d.matters.filter(f).slice(0, 5).map((m) => ({ ...m, acts: d.acts.slice(0, 2) })); return { needs_me: w((m) => m.colour === 'red'), waiting: w((m) => m.state === 'verifying').map((m) => ({ ...m, acts: [] })), due_soon: w((m) => m.colour === 'amber'), counts: { needs_me: 7, overdue: 5, due_week: 9, waiting: 5 } } }],
  ['GET', /^cockpit$/, () => d.cockpit],
  ['GET', /^ledger$/, () => list(d.regions.map((r, i) => ({ region: r.code, region_name: r.name, size: 4211 - i * 900, root: d.leaf(i + 3), alg: 'sha256', last_ms: d.NOW - i * 3600_000 })))],
  ['GET', /^ledger\/events$/, () => list(Array.from({ length: 20 }, (_, i) => ({ region: d.regions[0]!.code, seq: 4211 - i, at_ms: d.NOW - i * 600_000, kind: 'matter.report', subject: String(9000 + i), actor_name: '陈示例', leaf: d.leaf(i), body: `{"act":"report","at":${d.NOW},"matter":"${9000 + i}","text":"已完成"}` })))],
  ['POST', /^ledger\/check$/, () => ({ ok: true, events: 12345, logs: 4, ms: 87, first: null })],
]

function answer(method: string, path: string, q: URLSearchParams, body: unknown): Reply {
  for (const [verb, re, f] of [...routes, ...safety]) {
    const m = verb === method ? path.match(re) : null
    if (!m) continue
    const r = f(m, q, body) as Reply
    return r && typeof r === 'object' && typeof r.status === 'number' && 'body' in r ? r : { status: 200, body: r }
  }
  return method === 'GET' ? problem(404, 'NOT_FOUND', 'err.not_found', '没有找到') : { status: 200, body: {} }
}

function handle(req: IncomingMessage, res: ServerResponse, next: () => void): void {
  const at = new URL(req.url ?? '/', 'http://x')
  if (!at.pathname.startsWith('/api/')) return next()
  const path = at.pathname.slice(5)
  if (path === 'stream') {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' })
    res.write(': hello\n\n')
    return
  }
  const parts: Buffer[] = []
  req.on('data', (c) => parts.push(c))
  req.on('end', () => {
    const json = (req.headers['content-type'] ?? '').includes('json')
    const r = answer(req.method ?? 'GET', path, at.searchParams, json ? JSON.parse(Buffer.concat(parts).toString() || '{}') : {})
    res.writeHead(r.status, { 'Content-Type': r.status >= 400 ? 'application/problem+json' : 'application/json' })
    res.end(JSON.stringify(r.body))
  })
}

export function mockServer(): Plugin {
  return { name: 'mock-server', configureServer: (s) => void s.middlewares.use(handle) }
}
