/* A share from 0 to 1 as a percentage; what has no value stays a dash, and "100 %" is only said of the whole. */
export function percent(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined || Number.isNaN(share)) return '—'
  const s = (share * 100).toFixed(digits)
  if (Number(s) === 100 && share < 1) return `${(100 - 10 ** -digits).toFixed(digits)} %`
  return `${Number(s)} %`
}
