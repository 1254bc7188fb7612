// Invented records in the contract's shape, so that the page can be drawn without a server.
import type * as T from '../src/api/types'

export const NOW = Date.UTC(2026, 10, 23, 1, 30)
const DAY = 86400_000
export const regions = [
  ['140109000000', '示例区', 'Demo District'], ['140109001000', '一街道', 'First Street'], ['140109002000', '二街道', 'Second Street'], ['140109100000', '三河镇', 'Sanhe Town'],
].map(([code, name, name_en], i): T.Region => ({ code: code!, name: name!, name_en: name_en!, level: i ? 4 : 3, parent: i ? '140109000000' : '140100000000', children: i ? 0 : 3 }))

export const sectors: T.Sector[] = [
  ['work-safety', 'Work safety', '安全生产'], ['fire', 'Fire safety', '消防'], ['mines', 'Mines', '矿山'], ['gas', 'Gas', '燃气'],
  ['construction', 'Construction and housing', '建设施工与房屋'], ['air', 'Air', '大气环境'], ['water', 'Water', '水环境'], ['solid-waste', 'Solid and hazardous waste', '固体废物与危险废物'],
].map(([id, en, zh], bit) => ({ id: id!, bit, en: en!, zh: zh! }))

const S = (id: string, zh: string, en: string, phase = 'open'): T.StateDef => ({ id, zh, en, open: phase === 'open', phase })
export const workflow: T.Workflow = {
  kind: 'task',
  states: [
    S('assigned', '已交办', 'Assigned'), S('returned', '已退回', 'Handed back'), S('doing', '办理中', 'In hand'), S('extending', '申请延期', 'Extension asked'),
    S('verifying', '待核验', 'To be verified'), S('verified', '待销号', 'Verified, to be closed'), S('suspended', '已暂缓', 'Suspended'),
    S('closed', '已办结', 'Closed', 'closed'), S('cancelled', '已撤销', 'Cancelled', 'closed'),
  ],
  acts: [{ id: 'accept', zh: '签收', en: 'Accept' }, { id: 'report', zh: '填报进展', en: 'Report progress' }],
}

export const orgs: T.Org[] = [
  ['区城市管理委员会', 'District Urban Management Commission', '区城管委', 'department'], ['区应急管理局', 'District Emergency Management Bureau', '区应急局', 'department'],
  ['区住房和城乡建设委员会', 'District Housing and Construction Commission', '区住建委', 'department'], ['区生态环境局', 'District Ecology and Environment Bureau', '区生态环境局', 'department'],
  ['区消防救援支队', 'District Fire and Rescue Brigade', '区消防支队', 'department'], ['一街道办事处', 'First Street Office', '一街道', 'township'],
  ['三河镇人民政府', 'Sanhe Town Government', '三河镇', 'township'], ['示例燃气有限公司', 'Demo Gas Company', '示例燃气', 'enterprise'],
].map(([name, name_en, short, kind], i) => ({ id: `o${i + 1}`, region: regions[i === 5 ? 1 : i === 6 ? 3 : 0]!.code, region_name: regions[i === 5 ? 1 : i === 6 ? 3 : 0]!.name, kind: kind!, name: name!, name_en: name_en!, short: short!, parent: null, level: 3, sectors: ['work-safety'], valid_from: '2020-01-01', valid_to: null, ver: 1 }))
const party = (i: number): T.PartyRef => ({ org: orgs[i]!.id, name: orgs[i]!.short, name_en: orgs[i]!.name_en })

const titles = [
  '开展燃气管道“带病运行”专项治理，加大老旧管网改造维护力度', '全面排查整治高层建筑消防通道堵塞问题', '完成尾矿库汛前隐患整改并逐库验收',
  '对全区建筑工地扬尘污染开展联合检查', '落实入河排污口“一口一策”整治', '更新危险废物贮存场所台账，清零超期贮存', '组织人员密集场所应急疏散演练', '推进既有多层住宅电动自行车充电设施建设',
]
const states = ['doing', 'assigned', 'verifying', 'doing', 'extending', 'verified', 'closed', 'returned', 'doing']
export const matters: T.MatterItem[] = Array.from({ length: 137 }, (_, i) => {
  const state = states[i % states.length]!
  const closed = state === 'closed'
  const left = ((i * 7) % 24) - 6
  const due = NOW + left * 1.4 * DAY
  return {
    id: String(9000 + i), region: regions[i % 4]!.code, region_name: regions[i % 4]!.name, no: `示例-2026-任务-${String(i + 1).padStart(6, '0')}`, kind: 'task',
    title: titles[i % titles.length]!, state, phase: closed ? 'closed' : 'open', colour: closed ? 'grey' : left < 0 ? 'red' : left < 6 ? 'amber' : 'green',
    due_ms: i % 17 === 16 ? null : Math.floor(due / DAY) * DAY + 10 * 3600_000, days_left: closed || i % 17 === 16 ? null : left, sectors: [sectors[i % 8]!.id, ...(i % 3 ? [] : ['work-safety'])].slice(0, 2),
    lead: [party(i % 8)], co: i % 2 ? [party((i + 1) % 8), party((i + 3) % 8)] : [], progress: closed ? 100 : (i * 13) % 95, parent: null, children: i === 0 ? 2 : 0,
    document: 'd1', opened_ms: NOW - (20 + (i % 60)) * DAY, closed_ms: closed ? NOW - (i % 9) * DAY : null, ver: 3, handler_region: regions[0]!.code,
  }
})

const body = `中共示例区委常委会会议纪要\n（2026年第18次）\n首页 > 政务公开 > 会议\n2026年11月2日，区委常委会召开会议，传达学习全国安全生产电视电话会议精神，研究部署全区安全生产和生态环境保护工作。\n会议指出，要深刻汲取各类事故教训，开展管道“带病运行”专项治理，加大老旧管网改造维护力度，年底前隐患整改率达到100%。（牵头单位：区城管委；责任单位：区应急局、区住建委）\n会议强调，要全面排查整治高层建筑消防通道堵塞问题，12月15日前完成。（区消防支队牵头，各街道、镇配合）\n要强化重污染天气应对，PM2.5年均浓度控制在35微克/立方米以下。𠮷祥里片区（🔥重点）每季度组织一次应急演练。（责任单位：区生态环境局、区应急局）\n会议要求，各级领导干部要提高政治站位，切实把思想和行动统一到会议精神上来。\n要对全区建筑工地扬尘污染开展联合检查，对发现的问题建立清单、限期整改，重大问题挂牌督办。\n版权所有 示例区人民政府办公室 联系电话 0000-0000000\n`
const chars = [...(body + '\n' + Array.from({ length: 40 }, (_, i) => `附件第${i + 1}条：各有关单位要按照职责分工，加强协调配合，形成工作合力，推动各项任务落地见效。`).join('\n'))]
const full = chars.join('')
const find = (s: string): T.Range => {
  const at = [...full.slice(0, full.indexOf(s))].length
  return { start: at, end: at + [...s].length }
}
const unit = (name: string, org: number | null): T.UnitSpan => ({ name, org: org === null ? null : orgs[org]!.id, ...find(name) })
const draft = (n: number, text: string, x: Partial<T.Draft>): T.Draft => ({
  id: `f${n}`, ...find(text), text, state: 'draft', title: text.slice(0, 30), action: null, object: null, sectors: [], lead: [], co: [], deadline: null, targets: [], confidence: 0.9, reasons: [], matter: null, matter_state: null, edited: false, ver: 1, ...x,
})
export const drafts: T.Draft[] = [
  draft(1, '开展管道“带病运行”专项治理，加大老旧管网改造维护力度，年底前隐患整改率达到100%', {
    title: '开展管道“带病运行”专项治理，加大老旧管网改造维护力度', action: { text: '开展', ...find('开展管道') }, sectors: [{ id: 'gas', ...find('管道') }], lead: [unit('区城管委', 0)], co: [unit('区应急局', 1), unit('区住建委', 2)],
    deadline: { text: '年底前', due: '2026-12-31', recurs: '', ...find('年底前') }, targets: [{ text: '隐患整改率达到100%', indicator: '隐患整改率', comparator: '>=', value: 100, unit: '%', ...find('隐患整改率达到100%') }], confidence: 0.93, reasons: [{ ...find('开展'), why: '动作词' }],
  }),
  draft(2, '全面排查整治高层建筑消防通道堵塞问题，12月15日前完成', { state: 'confirmed', sectors: [{ id: 'fire', ...find('消防通道') }], lead: [unit('区消防支队', 4)], deadline: { text: '12月15日前', due: '2026-12-15', recurs: '', ...find('12月15日前') }, matter: '9001', matter_state: 'assigned' }),
  draft(3, '强化重污染天气应对，PM2.5年均浓度控制在35微克/立方米以下', { sectors: [{ id: 'air', ...find('重污染天气') }], lead: [unit('区生态环境局', 3)], targets: [{ text: 'PM2.5年均浓度控制在35微克/立方米以下', indicator: 'PM2.5年均浓度', comparator: '<=', value: 35, unit: 'µg/m³', ...find('PM2.5年均浓度控制在35微克/立方米以下') }], confidence: 0.81 }),
  draft(4, '𠮷祥里片区（🔥重点）每季度组织一次应急演练', { sectors: [{ id: 'work-safety', ...find('应急演练') }], deadline: { text: '每季度', due: null, recurs: 'quarter', ...find('每季度') }, confidence: 0.88, lead: [unit('区应急局', 1)] }),
  draft(5, '各级领导干部要提高政治站位，切实把思想和行动统一到会议精神上来', { state: 'discarded', confidence: 0.31 }),
  draft(6, '对全区建筑工地扬尘污染开展联合检查，对发现的问题建立清单、限期整改，重大问题挂牌督办', { confidence: 0.72, sectors: [{ id: 'construction', ...find('建筑工地') }, { id: 'air', ...find('扬尘污染') }] }),
]
export const document: T.DocumentDetail = {
  id: 'd1', title: '中共示例区委常委会会议纪要（2026年第18次）', issuer: '中共示例区委', date: '2026-11-02', number: '示委纪〔2026〕18号', kind: 'minutes', region: regions[0]!.code, format: 'docx', encoding: 'utf-8', chars: chars.length,
  directives: 6, confirmed: 1, discarded: 1, to_decide: 4, open: 41, overdue: 3, uploaded_ms: NOW - 20 * DAY, uploaded_by: '陈示例', text: full, hash: 'b2c1'.repeat(16), size: 24_113,
  clutter: [find('首页 > 政务公开 > 会议'), find('版权所有 示例区人民政府办公室 联系电话 0000-0000000')], notes: [{ ...find('（牵头单位：区城管委；责任单位：区应急局、区住建委）'), lead: ['区城管委'], co: ['区应急局', '区住建委'] }], drafts, ver: 4,
}

const field = (name: string, type: T.Field['type'], required = false, max: number | null = null): T.Field => ({ name, type, required, max })
export const acts: T.Act[] = [
  { id: 'report', label_zh: '填报进展', label_en: 'Report progress', fields: [field('text', 'text', true, 4000), field('percent', 'percent'), field('period', 'text', false, 40), field('files', 'files')], allowed: true, why: null },
  { id: 'extend-ask', label_zh: '申请延期', label_en: 'Ask for an extension', fields: [field('due', 'date', true), field('text', 'text', true, 4000)], allowed: true, why: null },
  { id: 'reassign', label_zh: '改派', label_en: 'Assign anew', fields: [field('lead', 'org', true), field('co', 'orgs'), field('due', 'date'), field('text', 'text')], allowed: true, why: null },
  { id: 'submit', label_zh: '申请核验', label_en: 'Ask for verification', fields: [field('text', 'text', true)], allowed: false, why: { key: 'err.guard.evidence', text: '还没有佐证材料：请先填报进展并附上照片或文件' } },
]
const ev = (seq: number, days: number, kind: string, zh: string, en: string, text: string, from: string | null, to: string | null): T.MatterEvent => ({
  seq, at_ms: NOW - days * DAY, kind, label_zh: zh, label_en: en, actor: { id: 'p1', name: '陈示例', name_en: 'Chen Demo' }, org: { id: 'o1', name: '区城管委', name_en: 'Urban Management Commission' }, from, to, text, data: {}, files: kind === 'report' ? ['x1'] : [], leaf: `${seq}9af3c07d`.repeat(7).slice(0, 64),
})
export function detail(m: T.MatterItem): T.MatterDetail {
  return {
    ...m, text: '摸清全区使用 20 年以上的中低压燃气管道底数，完成检测评估并分批更新改造。', measures: '一、建立隐患清单；二、逐条明确整改措施；三、每月调度。', targets: drafts[0]!.targets, recurs: '',
    parties: [
      { role: 'lead', org: 'o1', name: '区城市管理委员会', name_en: 'District Urban Management Commission', person: 'p2', person_name: '吴示例', basis: '会议纪要第二条' },
      { role: 'co', org: 'o2', name: '区应急管理局', name_en: 'District Emergency Management Bureau', person: null, person_name: '', basis: '' },
      { role: 'leader', org: 'o3', name: '区人民政府', name_en: 'District Government', person: 'p3', person_name: '郑示例', basis: '分管城市管理' },
    ],
    provenance: { document: 'd1', document_title: document.title, directive: 'f1', ...find(drafts[0]!.text), sentence: drafts[0]!.text },
    children: m.children ? matters.slice(40, 42).map((c) => ({ ...c, parent: m.id })) : [],
    files: [{ id: 'x1', hash: 'ab12cd34'.repeat(8), name: '阀门更换后.jpg', type: 'image/jpeg', size: 834_112, captured_ms: NOW - 5 * DAY - 3600_000, received_ms: NOW - 4 * DAY, by: '吴示例', act_seq: 14, marks: [] }],
    reports: [{ period: '2026-11', percent: m.progress, text: '已完成 3 处阀门更换，检测 12 公里。', at_ms: NOW - 4 * DAY, org_name: '区城管委', by: '吴示例' }],
    acts: m.phase === 'open' ? acts : [], waiting: m.phase === 'open' ? [{ role: 'lead', who_zh: '区城市管理委员会', who_en: 'District Urban Management Commission', since_ms: NOW - 18 * DAY, until_ms: m.due_ms }] : [],
    timeline: [ev(14, 4, 'report', '填报进展', 'Report progress', '已完成 3 处阀门更换，检测 12 公里。', 'doing', 'doing'), ev(9, 18, 'accept', '签收', 'Accept', '', 'assigned', 'doing'), ev(3, 20, 'assign', '交办', 'Assign', '按会议要求办理。', null, 'assigned')],
  }
}

export const me: T.Me = {
  account: { id: 'a1', login: 'chen.office', must_change_password: false, otp_enabled: false }, person: { id: 'p1', name: '陈示例', name_en: 'Chen Demo' }, org: { id: 'o2', name: '区应急管理局', name_en: 'District Emergency Management Bureau', kind: 'department' },
  posts: [{ id: 'q1', title: '安委办综合科科长', org_name: '区应急管理局', duties: ['综合协调'] }], csrf: 'mock', perms: ['matter.read', 'matter.create', 'matter.act', 'document.read', 'document.write', 'org.read', 'org.write', 'account.read', 'account.write', 'grant.read', 'grant.write', 'ledger.read', 'ledger.check', 'calendar.write'],
  scopes: [{ region: regions[0]!, sectors: ['all'], perms: ['matter.read'], valid_to_ms: null }, { region: regions[3]!, sectors: ['mines'], perms: ['matter.read'], valid_to_ms: null }], home_region: regions[0]!, now_ms: NOW, demo: true, prefs: {},
}
export const meta: T.Meta = {
  version: '0.1.0', sectors, workflows: [workflow], perms: [], org_kinds: ['party', 'government', 'department', 'enterprise', 'institution', 'township'], demo: true,
  logins: [{ login: 'chen.office', password: 'demo', who_zh: '安委办 · 综合科科长', who_en: 'Safety Committee Office, section head' }, { login: 'wu.hbj', password: 'demo', who_zh: '区生态环境局 · 经办人', who_en: 'Ecology bureau, officer' }],
}
export const cockpit: T.Cockpit = {
  counts: { open: 121, needs_me: 7, due_week: 23, overdue: 18, closed_month: 34, on_time_share: 0.87 }, red: matters.filter((m) => m.colour === 'red').slice(0, 10),
  by_sector: sectors.map((s, i) => ({ sector: s.id, open: 21 - i * 2, overdue: (i * 3) % 5 })), by_region: regions.map((r, i) => ({ region: r.code, name: r.name, name_en: r.name_en, open: 50 - i * 11, overdue: (i * 5) % 7 })),
  heat: regions.flatMap((r, i) => sectors.map((s, j) => ({ region: r.code, sector: s.id, open: (i * 5 + j * 7) % 13, overdue: (i + j * 2) % 4 }))), trend: Array.from({ length: 12 }, (_, i) => ({ week: new Date(NOW - (11 - i) * 7 * DAY).toISOString().slice(0, 10), opened: 8 + ((i * 5) % 9), closed: 5 + ((i * 7) % 10), open: 90 + i * 3 })),
  by_state: workflow.states.map((s, i) => ({ state: s.id, n: 30 - i * 3 })),
}
export const leaf = (i: number) => ((i * 2654435761) >>> 0).toString(16).padStart(8, '0').repeat(8)
