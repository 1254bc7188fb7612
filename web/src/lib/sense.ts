// Readings on a page: colours of levels, ages, gaps, runs of flags, calendars, breakpoints. Pure.
import { clock, day, dayPlus } from './time'

/* "255,126,0", as catalogs write a standard's colour. */
export function cssOf(rgb: string): string {
  return /^\d+,\d+,\d+$/.test(rgb) ? `rgb(${rgb})` : '#9aa5b1'
}
const channel = (c: number) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)
/* Black or white, whichever is read better on the colour. */
export function inkOn(rgb: string): string {
  const [r = 154, g = 165, b = 177] = rgb.split(',').map(Number)
  const light = 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? '#000' : '#fff'
}

export interface Words { key: string; args: Record<string, string | number> }
/* How long ago, in the largest unit that says enough. */
export function ageWords(now: number, ms: number): Words {
  const min = Math.max(0, Math.floor((now - ms) / 60_000))
  if (min < 1) return { key: 'page.sense.age_now', args: {} }
  if (min < 90) return { key: 'page.sense.age_min', args: { n: min } }
  if (min < 48 * 60) return { key: 'page.sense.age_h', args: { n: Math.round(min / 60) } }
  return { key: 'page.sense.age_d', args: { n: Math.round(min / 1440) } }
}
/* Later than one would expect: water stations speak every four hours, the others every hour at least. */
export const isSilent = (now: number, until: number | null, medium = '') => until === null || now - until > (medium === 'water' ? 9 : 3) * 3600_000

/* What an input of day and time holds, in China's time, and back; null for what is not whole. */
export const toInput = (ms: number) => `${day(ms)}T${clock(ms)}`
export function fromInput(s: string): number | null {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(s) ? Date.parse(`${s}:00+08:00`) : NaN
  return Number.isFinite(ms) ? ms : null
}

/* ISO 8601: the week of a day, as 2026-W44. */
export function weekOf(date: string): string {
  const d = new Date(`${date}T00:00:00Z`)
  d.setUTCDate(d.getUTCDate() + 3 - ((d.getUTCDay() + 6) % 7)) // the Thursday decides the year
  const first = new Date(Date.UTC(d.getUTCFullYear(), 0, 4))
  const n = 1 + Math.round(((d.getTime() - first.getTime()) / 86400_000 - 3 + ((first.getUTCDay() + 6) % 7)) / 7)
  return `${d.getUTCFullYear()}-W${String(n).padStart(2, '0')}`
}

const units: Record<string, string> = { 'ug/m3': 'µg/m³', 'mg/m3': 'mg/m³', degC: '°C', 'uS/cm': 'µS/cm', deg: '°' }
export const unitWord = (u: string) => units[u] ?? u
/* A figure as an office writes it: no more places than the size of it needs. */
export function figure(v: number | null | undefined): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return '—'
  const a = Math.abs(v)
  return String(Number(v.toFixed(a >= 100 ? 0 : a >= 10 ? 1 : a >= 1 ? 2 : 4)))
}

export interface Column { at_ms: number[]; value: (number | null)[]; flag: string }
const steps: Record<string, number> = { minute: 60_000, hour: 3600_000, 'hour-own': 3600_000, day: 86400_000, 'day-own': 86400_000 }
/* The step between two values of a kind; of real-time values, and of kinds sent more sparsely, the usual one. */
export function stepOf(kind: string, at: number[]): number {
  const least = steps[kind] ?? 1000
  const gaps = at.slice(1, 200).map((t, i) => t - at[i]!).sort((a, b) => a - b)
  return Math.max(least, gaps[Math.floor(gaps.length / 2)] ?? least)
}
export interface Line { points: [number, number | null][]; from: number[] } // from: which reading a point is, -1 a gap
/* Points with a break wherever more than one and a half steps passed without a value. */
export function lineOf(c: Column, step: number): Line {
  const points: [number, number | null][] = []
  const from: number[] = []
  for (let i = 0; i < c.at_ms.length; i++) {
    const t = c.at_ms[i]!
    if (i && t - c.at_ms[i - 1]! > 1.5 * step) {
      points.push([c.at_ms[i - 1]! + step, null])
      from.push(-1)
    }
    points.push([t, c.value[i] ?? null])
    from.push(i)
  }
  return { points, from }
}
export interface Run { from: number; to: number; flag: string; n: number }
/* Stretches of values whose flag keeps them from counting. */
export function runsOf(c: Column, counts: (flag: string) => boolean, step: number): Run[] {
  const out: Run[] = []
  for (let i = 0; i < c.at_ms.length; i++) {
    const flag = (c.flag[i] ?? ' ').trim()
    if (counts(flag)) continue
    const t = c.at_ms[i]!
    const last = out[out.length - 1]
    if (last && last.flag === flag && t - last.to < 1.5 * step) {
      last.to = t + step
      last.n++
    } else out.push({ from: t, to: t + step, flag, n: 1 })
  }
  return out
}
/* Stretches without any value, the edges of the span not counted. */
export function gapsOf(c: Column, step: number): Run[] {
  const out: Run[] = []
  for (let i = 1; i < c.at_ms.length; i++) {
    const a = c.at_ms[i - 1]! + step
    const b = c.at_ms[i]!
    if (b - a > 0.5 * step) out.push({ from: a, to: b, flag: '', n: Math.round((b - a) / step) })
  }
  return out
}
/* The reading nearest to a moment; -1 of none. */
export function nearest(at: number[], ms: number): number {
  let lo = 0
  let hi = at.length - 1
  if (hi < 0) return -1
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1
    if (at[mid]! <= ms) lo = mid
    else hi = mid
  }
  return ms - at[lo]! <= at[hi]! - ms ? lo : hi
}

/* Weeks of a month as seven days each from Monday; '' where the month is not. */
export function weeksOf(month: string): string[][] {
  const first = `${month}-01`
  const lead = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7
  const days: string[] = Array<string>(lead).fill('')
  for (let d = first; d.slice(0, 7) === month; d = dayPlus(d, 1)) days.push(d)
  while (days.length % 7) days.push('')
  return Array.from({ length: days.length / 7 }, (_, i) => days.slice(i * 7, i * 7 + 7))
}
export function monthPlus(month: string, n: number): string {
  const m = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + n
  return `${Math.floor(m / 12)}-${String((m % 12) + 1).padStart(2, '0')}`
}
export const monthOf = (ms: number) => day(ms).slice(0, 7)
export const dayMs = (date: string) => Date.parse(`${date}T00:00:00+08:00`)

export interface Breaks { rounded: number | null; lo: number | null; hi: number | null; index_lo: number | null; index_hi: number | null; sub: number | null; above: boolean }
/* "(150 − 100) ÷ (115 − 60) × (97 − 60) + 100 = 133.6 → 134": HJ 633 formula (1) with its figures; '' where none was used. */
export function formulaOf(b: Breaks): string {
  if (b.rounded === null || b.lo === null || b.hi === null || b.index_lo === null || b.index_hi === null || b.sub === null) return ''
  const v = ((b.index_hi - b.index_lo) / (b.hi - b.lo)) * (b.rounded - b.lo) + b.index_lo
  const shown = Number(v.toFixed(2))
  return `(${b.index_hi} − ${b.index_lo}) ÷ (${b.hi} − ${b.lo}) × (${b.rounded} − ${b.lo}) + ${b.index_lo} = ${shown}${shown === b.sub ? '' : ` → ${b.sub}`}`
}

/* Six steps from pale to dark, read in black and white as well; share 0…1. */
export const heat = ['#f3ead9', '#f1d9a9', '#e9b56a', '#d98a3d', '#b85a25', '#822f17']
export const heatOf = (share: number) => heat[Math.max(0, Math.min(heat.length - 1, Math.floor(share * heat.length)))]!
/* Where a value stands between the 5th and the 95th of the hundred. */
export function scaleOf(values: number[]): { lo: number; hi: number; share: (v: number) => number } {
  const v = [...values].sort((a, b) => a - b)
  const at = (p: number) => v[Math.min(v.length - 1, Math.max(0, Math.round(p * (v.length - 1))))] ?? 0
  const lo = at(0.05)
  const hi = Math.max(at(0.95), lo + 1e-9)
  return { lo, hi, share: (x) => Math.max(0, Math.min(0.9999, (x - lo) / (hi - lo))) }
}
