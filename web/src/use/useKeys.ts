import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'

export type Keys = Record<string, (e: KeyboardEvent) => void>

export function typing(e: Event): boolean {
  const el = e.target as HTMLElement | null
  if (!el?.closest) return false
  return !!el.closest('input, textarea, select, [contenteditable="true"], .el-overlay, [role="listbox"]')
}

/* Plain keys for a page: silent while somebody types, while a dialog is open, or with a modifier held. */
export function useKeys(keys: Keys): void {
  const handler = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e)) return
    if ((e.key === 'Enter' || e.key === ' ') && (e.target as HTMLElement).closest('a, button, summary')) return
    const f = keys[e.key]
    if (!f) return
    e.preventDefault()
    f(e)
  }
  const on = () => window.addEventListener('keydown', handler)
  const off = () => window.removeEventListener('keydown', handler)
  onMounted(on)
  onActivated(on)
  onDeactivated(off)
  onBeforeUnmount(off)
}
