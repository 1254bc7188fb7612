// Input that is not sent yet, kept in this browser until it is sent or thrown away.
import { reactive, watch } from 'vue'
import { session } from './session'

// One machine may serve several people: what one typed is not shown to the next.
const place = (key: string) => `bihuan.unsent.${session.me?.account.login ?? ''}.${key}`

export function loadUnsent<T>(key: string): T | null {
  try {
    const s = localStorage.getItem(place(key))
    return s === null ? null : (JSON.parse(s) as T)
  } catch {
    return null
  }
}
export function saveUnsent(key: string, value: unknown): void {
  try {
    localStorage.setItem(place(key), JSON.stringify(value))
  } catch {
    // a full store must not break the form
  }
}
export function dropUnsent(key: string): void {
  localStorage.removeItem(place(key))
}

/* A form whose values outlive a reload. `clear` forgets them and goes back to `start`. */
export function useUnsent<T extends object>(key: string, start: T) {
  const kept = loadUnsent<T>(key)
  const form = reactive({ ...start, ...(kept ?? {}) }) as T
  let off = false
  watch(
    form,
    (v) => {
      if (!off) saveUnsent(key, v)
    },
    { deep: true, flush: 'sync' },
  )
  const clear = () => {
    off = true
    Object.assign(form, start)
    dropUnsent(key)
    off = false
  }
  return { form, restored: kept !== null, clear }
}
