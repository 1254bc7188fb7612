// The hazard loop's part of the mock: a few objects on a small map; everything else is an empty list of the right shape.
import { NOW, orgs, regions, sectors } from './data'

const list = (items: unknown[]) => ({ items, next: null, total: items.length, total_exact: true })
const square = (x: number, y: number) => ({ type: 'Polygon', coordinates: [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]] })
const risks = ['red', 'orange', 'yellow', 'blue', '']
const objects = Array.from({ length: 24 }, (_, i) => ({
  id: String(500 + i), region: regions[1 + (i % 3)]!.code, region_name: regions[1 + (i % 3)]!.name, type: 'gas-station', no: `gas-${i + 1}`, name: `示例加气站${i + 1}号`, name_en: `Demo gas station ${i + 1}`, owner: orgs[7]!.id, owner_name: orgs[7]!.name, owner_name_en: orgs[7]!.name_en,
  sectors: ['gas'], risk: risks[i % 5]!, level: null, lat: 37.7 + (i % 5) * 0.017, lon: 112.3 + (i % 7) * 0.04, geometry_kind: 'point', valid_from: null, valid_to: null, ver: 1,
}))
const point = (o: (typeof objects)[number]) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [o.lon, o.lat] }, properties: { cluster: false, count: 1, id: o.id, name: o.name, risk: o.risk, type: o.type } })
const share = { key: '', zh: '', en: '', looked: 40, held: 36, by_hand: 2, share: 0.9, low: 0.77, high: 0.96, worth: 38 }

export const safety: [string, RegExp, (m: RegExpMatchArray) => unknown][] = [
  ['GET', /^object-types$/, () => ({ items: [{ id: 'gas-station', zh: '燃气场站', en: 'Gas station', group: 'gas', geometry: 'point', sectors: ['gas'], attrs: [], source: '', certainty: 'house' }], risks: [] })],
  ['GET', /^objects$/, () => list(objects)],
  ['GET', /^objects\/(\d+)$/, (m) => ({ ...objects.find((o) => o.id === m[1])!, secret: 0, geometry: null, attrs: {}, can_write: true, history: [] })],
  ['GET', /^map\/config$/, () => ({ tiles: null, attribution: '', home: regions[0]!.code, home_name: regions[0]!.name, boundaries: true, west: 112.3, south: 37.7, east: 112.6, north: 37.8, crs: 'cgcs2000' })],
  ['GET', /^map\/objects$/, () => ({ type: 'FeatureCollection', features: objects.map(point), total: objects.length, clustered: false })],
  ['GET', /^map\/matters$/, () => ({ type: 'FeatureCollection', features: [], total: 0, clustered: false })],
  ['GET', /^map\/regions$/, () => ({ type: 'FeatureCollection', features: regions.map((r, i) => ({ type: 'Feature', geometry: i ? square(112.2 + i * 0.1, 37.7) : null, properties: { code: r.code, name: r.name, name_en: r.name_en, self: !i, risk: risks[i]!, red: 5, orange: 5, yellow: 5, blue: 5, total: 24 } })) })],
  ['GET', /^criteria\/editions$/, () => ({ items: [] })],
  ['GET', /^duty$/, () => ({ day: '2026-11-23', region: regions[0], sectors: [sectors[3]!.id], object: null, matter: null, gaps: 0, overlaps: 0, rows: [] })],
  ['GET', /^duty\/gaps$/, () => ({ day: '2026-11-23', objects: 24, pairs: 24, covered: 21, share: 0.875, lines: [], items: [], next: null, total: 0, total_exact: true })],
  ['GET', /^lookback\/rates$/, () => ({ from: '', to: '', all: share, items: [] })],
  ['GET', /^lookback\/survival$/, () => ({ from: '', to: '', all: { key: '', zh: '', en: '', fixes: 0, relapses: 0, median_days: null, steps: [] }, items: [] })],
  ['GET', /^lookback\/pool$/, () => ({ ...list([]), day: '2026-11-23', kind: 'hazard', size: 0, must: 0, drawable: 0, want: 0, late: 0 })],
  ['GET', /^sync\/bundle$/, () => ({ account: 'a1', rules: { min_inspectors: 2, sign_inspectors: 2 }, visits: [], checklists: [], plans: [], objects: [] })],
  ['GET', /^escalation$/, () => ({ ladder: [], items: [], units: [], next: null })],
  ['GET', /^reminders$/, () => ({ day: '2026-11-23', before: [], at: [], after: [] })],
  ['GET', /^statistics$/, () => ({ from: '2026-01-01', to: '2026-12-31', region: regions[0]!.code, region_name: regions[0]!.name, sector: null, source: null, by: 'month', as_of_ms: NOW, figures: [], total: { key: '', zh: '', en: '', values: [] }, rows: [] })],
  ['GET', /^(criteria|plans|visits|marks|mark-kinds|lookbacks|lookback\/draws|risk\/methods|designations)$/, () => list([])],
]
