import { createApp } from 'vue'
import App from './App.vue'
import { clientHooks } from './api/client'
import { i18n, savedLang, setLang } from './i18n'
import { router } from './router'
import { forget, loadMe, loadMeta, session } from './state/session'
import { toastError } from './use/toasts'
import { ApiError } from './api'
import { installUi } from './ui'
import './styles/base.css'
import './styles/print.css'

async function start(): Promise<void> {
  const lang = setLang(savedLang())
  clientHooks.lang = savedLang()
  clientHooks.onNetwork = (up) => (session.online = up)
  clientHooks.onUnauthorized = () => {
    forget()
    const from = router.currentRoute.value
    if (from.name !== 'login') void router.replace({ name: 'login', query: { next: from.fullPath } })
  }
  window.addEventListener('offline', () => (session.online = false))
  window.addEventListener('online', () => (session.online = true))

  await lang
  const results = await Promise.allSettled([loadMeta(), loadMe()])
  const app = createApp(App)
  installUi(app)
  app.use(i18n).use(router)
  await router.isReady()
  app.mount('#app')
  // What was made without a network goes out whichever page is open.
  if (session.me && localStorage.getItem('bihuan.inspect.owner')) void import('./offline/store').then((o) => o.openStore())
  for (const r of results) if (r.status === 'rejected' && r.reason instanceof ApiError && !session.restored) return toastError(r.reason.problem)
}

void start()
