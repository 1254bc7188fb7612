// Periods an office reports on: a month, a quarter, a year, as first and last day.
import { dayPlus } from './time'

export interface Period { from: string; to: string }
const two = (n: number) => String(n).padStart(2, '0')

/* `months` months from the first of month `m` (1…12, may run over) of year `y`. */
function span(y: number, m: number, months: number): Period {
  const first = (yy: number, mm: number) => `${yy + Math.floor((mm - 1) / 12)}-${two(((((mm - 1) % 12) + 12) % 12) + 1)}-01`
  return { from: first(y, m), to: dayPlus(first(y, m + months), -1) }
}
export const presets = ['month', 'last_month', 'quarter', 'last_quarter', 'year', 'last_year'] as const
export type Preset = (typeof presets)[number]

export function periodOf(what: Preset, today: string): Period {
  const y = Number(today.slice(0, 4))
  const m = Number(today.slice(5, 7))
  const q = Math.floor((m - 1) / 3) * 3 + 1
  switch (what) {
    case 'month': return span(y, m, 1)
    case 'last_month': return span(y, m - 1, 1)
    case 'quarter': return span(y, q, 3)
    case 'last_quarter': return span(y, q - 3, 3)
    case 'year': return span(y, 1, 12)
    case 'last_year': return span(y - 1, 1, 12)
  }
}
export const presetOf = (p: Period, today: string) => presets.find((x) => periodOf(x, today).from === p.from && periodOf(x, today).to === p.to)
