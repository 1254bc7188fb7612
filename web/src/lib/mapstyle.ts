// Our own map: no glyphs, sprites or tiles from elsewhere. Words are HTML marks or pictures drawn here.
import { pick } from '@/i18n'
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'

// Risk 红橙黄蓝, each with its letterless order so that a cluster can take the gravest of its members.
export const riskColour: Record<string, string> = { red: '#c8281e', orange: '#e07b12', yellow: '#e8c21a', blue: '#2f6fd0', '': '#7a8694' }
export const riskOrder = ['', 'blue', 'yellow', 'orange', 'red'] as const
export const rankOf = (risk: string) => Math.max(0, riskOrder.indexOf(risk as (typeof riskOrder)[number]))

const byRank = (rank: ExpressionSpecification): ExpressionSpecification => [
  'match', rank, 4, riskColour.red!, 3, riskColour.orange!, 2, riskColour.yellow!, 1, riskColour.blue!, riskColour['']!,
]
const rank: ExpressionSpecification = ['get', 'rank']

export interface BaseMap { url: string; attribution?: string }

export function emptyStyle(base?: BaseMap | null): StyleSpecification {
  return {
    version: 8,
    sources: base ? { base: { type: 'raster', tiles: [base.url], tileSize: 256, attribution: base.attribution } } : {},
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': '#f2f4f6' } },
      ...(base ? [{ id: 'base', type: 'raster', source: 'base', paint: { 'raster-opacity': 0.85, 'raster-saturation': -0.6 } } as LayerSpecification] : []),
    ],
  }
}

export const regionLayers: LayerSpecification[] = [
  { id: 'region-fill', type: 'fill', source: 'regions', paint: { 'fill-color': byRank(rank), 'fill-opacity': ['case', ['>', rank, 0], 0.16, 0.05] } },
  { id: 'region-line', type: 'line', source: 'regions', paint: { 'line-color': '#8793a1', 'line-width': 1, 'line-dasharray': [3, 2] } },
]
export const shapeLayers: LayerSpecification[] = [
  { id: 'shape-fill', type: 'fill', source: 'objects', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': byRank(rank), 'fill-opacity': 0.35 } },
  { id: 'shape-line', type: 'line', source: 'objects', filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': byRank(rank), 'line-width': 3 } },
]
// Clusters are made by the server for the view that is asked for; their number says how many objects stand there.
export const objectLayers: LayerSpecification[] = [
  {
    id: 'cluster', type: 'circle', source: 'objects', filter: ['==', ['get', 'cluster'], true],
    paint: {
      'circle-color': '#ffffff', 'circle-stroke-color': byRank(rank), 'circle-stroke-width': 4,
      'circle-radius': ['step', ['get', 'count'], 13, 10, 16, 100, 19, 1000, 24],
    },
  },
  { id: 'cluster-count', type: 'symbol', source: 'objects', filter: ['==', ['get', 'cluster'], true], layout: { 'icon-image': ['concat', 'n:', ['get', 'words']], 'icon-allow-overlap': true } },
  {
    id: 'object', type: 'circle', source: 'objects', filter: ['all', ['!=', ['get', 'cluster'], true], ['==', ['geometry-type'], 'Point']],
    paint: { 'circle-color': byRank(rank), 'circle-radius': 6.5, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1.5 },
  },
]
export const hazardLayers: LayerSpecification[] = [
  { id: 'hazard', type: 'symbol', source: 'hazards', layout: { 'icon-image': ['concat', 'h:', ['get', 'sign']], 'icon-allow-overlap': true, 'icon-offset': [0, -10] } },
]
export const pickedLayers: LayerSpecification[] = [
  { id: 'picked', type: 'circle', source: 'picked', paint: { 'circle-color': 'rgba(0,0,0,0)', 'circle-radius': 13, 'circle-stroke-color': '#1b2430', 'circle-stroke-width': 2.5 } },
]

/* Pictures that layers ask for by name: a cluster's number, a hazard's sign. */
export function pictureFor(name: string): ImageData | null {
  const [kind, word] = [name.slice(0, 2), name.slice(2)]
  const canvas = document.createElement('canvas')
  const g = canvas.getContext('2d', { willReadFrequently: true })
  if (!g) return null
  const wide = kind === 'n:' ? 22 + 14 * word.length : 36
  canvas.width = wide
  canvas.height = 36
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  if (kind === 'n:') {
    g.font = '600 24px system-ui, sans-serif'
    g.fillStyle = '#1b2430'
    g.fillText(word, wide / 2, 19)
  } else if (kind === 'h:') {
    const late = word.includes('late')
    g.beginPath()
    g.moveTo(18, 3)
    g.lineTo(34, 32)
    g.lineTo(2, 32)
    g.closePath()
    g.fillStyle = word.startsWith('major') ? '#ad2318' : '#ffffff'
    g.strokeStyle = late || word.startsWith('major') ? '#ad2318' : '#45505e'
    g.lineWidth = 3
    g.fill()
    g.stroke()
    g.font = '700 22px system-ui, sans-serif'
    g.fillStyle = word.startsWith('major') ? '#ffffff' : late ? '#ad2318' : '#45505e'
    g.fillText('!', 18, 22)
  } else return null
  return g.getImageData(0, 0, canvas.width, canvas.height)
}

export function boundsOf(features: { geometry: { coordinates: unknown } | null }[]): [[number, number], [number, number]] | null {
  let [w, s, e, n] = [180, 90, -180, -90]
  const walk = (c: unknown): void => {
    if (!Array.isArray(c)) return
    if (typeof c[0] === 'number') {
      const [x, y] = c as [number, number]
      w = Math.min(w, x); e = Math.max(e, x); s = Math.min(s, y); n = Math.max(n, y)
    } else c.forEach(walk)
  }
  features.forEach((f) => f.geometry && walk(f.geometry.coordinates))
  return e < w ? null : [[w, s], [e, n]]
}

/* Names of areas, in the middle of each. */
export const labelsOf = (features: { geometry: { coordinates: unknown } | null; properties: Record<string, unknown> }[]) =>
  features.flatMap((f) => {
    const b = boundsOf([f])
    return b ? [{ text: pick(word(f.properties.name), word(f.properties.name_en)), lng: (b[0][0] + b[1][0]) / 2, lat: (b[0][1] + b[1][1]) / 2 }] : []
  })
const word = (x: unknown) => (typeof x === 'string' ? x : '')

/* "1.2k" as the server's count, short enough for a mark. */
export const countWords = (n: number) => (n < 1000 ? String(n) : n < 10_000 ? `${(n / 1000).toFixed(1)}k` : `${Math.round(n / 1000)}k`)

interface Drawn { geometry: { type: string; coordinates: unknown } | null; properties: Record<string, unknown> }
/* Features of the server's feed with what the layers look at: the colour's rank, the cluster's words. */
export function forLayers<T extends Drawn>(features: T[]): (T & { type: 'Feature' })[] {
  return features.filter((f) => f.geometry).map((f) => ({ ...f, type: 'Feature' as const, properties: { ...f.properties, rank: rankOf(typeof f.properties.risk === 'string' ? f.properties.risk : ''), words: f.properties.cluster ? countWords(Number(f.properties.count)) : '' } }))
}
