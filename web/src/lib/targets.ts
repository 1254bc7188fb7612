import type { Target } from '@/api/types'

const signs: Record<string, string> = { '>=': '≥', ge: '≥', '<=': '≤', le: '≤', '=': '=', eq: '=', '>': '>', gt: '>', '<': '<', lt: '<', up: '↑', down: '↓' }
export const comparators = ['>=', '<=', '=', '>', '<']
export const sign = (c: string) => signs[c] ?? c

/* A target in one line: 隐患整改率 ≥ 100 %. */
export function targetWords(x: Target): string {
  if (x.value === null || x.value === undefined || x.value === '') return x.text
  return [x.indicator, sign(x.comparator), x.value, x.unit].filter((s) => s !== '' && s !== null && s !== undefined).join(' ')
}
