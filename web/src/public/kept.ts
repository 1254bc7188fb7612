// What this phone keeps: reports that were sent (number and code), and what is typed but not sent yet.
export interface Kept { no: string; code: string; what: string; at_ms: number }
export interface Draft { category: string; text: string; place: string; contact: string; region: string }

const REPORTS = 'bihuan.reports', DRAFT = 'bihuan.report.draft'

function read<T>(key: string, or: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as T) ?? or
  } catch {
    return or
  }
}

export const reports = (): Kept[] => read<Kept[]>(REPORTS, []).filter((r) => r && typeof r.no === 'string' && typeof r.code === 'string')

export function keep(r: Kept): void {
  localStorage.setItem(REPORTS, JSON.stringify([r, ...reports().filter((k) => k.no !== r.no)].slice(0, 50)))
}

export function forget(no: string): void {
  localStorage.setItem(REPORTS, JSON.stringify(reports().filter((k) => k.no !== no)))
}

export const draft = (): Draft => ({ category: '', text: '', place: '', contact: '', region: '', ...read<Partial<Draft>>(DRAFT, {}) })
export const keepDraft = (d: Draft): void => localStorage.setItem(DRAFT, JSON.stringify(d))
export const dropDraft = (): void => localStorage.removeItem(DRAFT)
