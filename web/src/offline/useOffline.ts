// The worker that keeps the inspection pages at hand, and the store behind them.
import { onMounted } from 'vue'
import { openStore, refresh } from '@/offline/store'

export function useOffline(fetchBundle = true): void {
  onMounted(async () => {
    if (import.meta.env.PROD && 'serviceWorker' in navigator && window.isSecureContext) void navigator.serviceWorker.register('/sw.js', { scope: '/inspect' }).catch(() => {})
    await openStore()
    if (fetchBundle) await refresh()
  })
}
