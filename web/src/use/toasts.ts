import { reactive } from 'vue'
import type { Problem } from '@/api/types'
import { t, te } from '@/i18n'

export interface Toast { id: number; kind: 'ok' | 'error'; title: string; detail: string; where: string; link?: { text: string; to: string } }
export const toasts = reactive<Toast[]>([])
let last = 0

function push(toast: Omit<Toast, 'id'>, ms: number): void {
  const id = ++last
  toasts.push({ id, ...toast })
  if (toasts.length > 4) toasts.shift()
  setTimeout(() => closeToast(id), ms)
}
export function closeToast(id: number): void {
  const i = toasts.findIndex((x) => x.id === id)
  if (i >= 0) toasts.splice(i, 1)
}
export function toastOk(title: string, link?: Toast['link']): void {
  push({ kind: 'ok', title, detail: '', where: '', link }, 5000)
}

/* What went wrong, where, and what to do, in the reader's language. */
export function problemWords(p: Problem): { title: string; detail: string; where: string } {
  const title = p.title || (te(p.key) ? t(p.key, p.args ?? {}) : t('page.err.unknown'))
  const detail = p.detail && p.detail !== title ? p.detail : te(`${p.key}_do`) ? t(`${p.key}_do`) : ''
  const where = [p.pointer && p.pointer !== '/ver' ? t('page.err.where', { pointer: p.pointer }) : '', p.request ? t('page.err.request', { id: p.request }) : '']
  return { title, detail, where: where.filter(Boolean).join(' · ') }
}
export function toastError(p: Problem): void {
  const words = problemWords(p)
  const same = toasts.find((x) => x.kind === 'error' && x.title === words.title && x.detail === words.detail)
  if (same) closeToast(same.id)
  push({ kind: 'error', ...words }, 12_000)
}
