import type { Draft, Target } from '@/api/types'

/* A target as it stands in a form: its value may be missing, or not be a number yet. */
export type TargetRow = Omit<Target, 'value'> & { value: number | string | null }
export const newTarget = (): TargetRow => ({ text: '', indicator: '', comparator: '>=', value: null, unit: '', start: null, end: null })
export const targetRow = (x: Target | Draft['targets'][number]): TargetRow => ({ ...newTarget(), ...x })
/* What the server can take: rows that say what is measured and how much. */
export const wholeTargets = (rows: TargetRow[]): Target[] => rows.flatMap((x) => (typeof x.value === 'number' && (x.indicator || x.text) ? [{ ...x, value: x.value }] : []))

const signs: Record<string, string> = { '>=': '≥', ge: '≥', '<=': '≤', le: '≤', '=': '=', eq: '=', '>': '>', gt: '>', '<': '<', lt: '<', up: '↑', down: '↓' }
export const comparators = ['>=', '<=', '=', '>', '<']
export const sign = (c: string) => signs[c] ?? c

/* A target in one line: 隐患整改率 ≥ 100 %. */
export function targetWords(x: TargetRow): string {
  if (x.value === null || x.value === '') return x.text
  return [x.indicator, sign(x.comparator), x.value, x.unit].filter((s) => s !== '' && s !== null && s !== undefined).join(' ')
}
