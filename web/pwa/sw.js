// The worker of the inspection page (scope /inspect): keeps the page's own files so that it opens without a network.
// It never keeps an answer of the server: what an inspection needs lies in IndexedDB, put there by the page, and goes
// with the session. FILES and VERSION are written when the page is built.
const VERSION = '__VERSION__'
const FILES = __FILES__
const CACHE = `bihuan-page-${VERSION}`

self.addEventListener('install', (e) => {
  e.waitUntil(
    caches.open(CACHE).then((c) => c.addAll(['/inspect', ...FILES].map((f) => new Request(f, { headers: { Accept: 'text/html,*/*' }, credentials: 'omit' })))).then(() => self.skipWaiting()),
  )
})
self.addEventListener('activate', (e) => {
  e.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith('bihuan-page-') && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  )
})

// A page of the inspection from the network while it answers, else as it was kept.
async function view(request) {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), 4000)
  try {
    const fresh = await fetch(request.url, { signal: stop.signal, headers: { Accept: 'text/html' }, credentials: 'same-origin' })
    if (fresh.ok) return fresh
    throw new Error(String(fresh.status))
  } catch {
    return (await caches.match('/inspect', { cacheName: CACHE })) ?? Response.error()
  } finally {
    clearTimeout(timer)
  }
}
self.addEventListener('fetch', (e) => {
  const { request } = e
  const at = new URL(request.url)
  if (request.method !== 'GET' || at.origin !== self.location.origin) return
  if (request.mode === 'navigate') e.respondWith(view(request))
  else if (FILES.includes(at.pathname)) e.respondWith(caches.match(at.pathname, { cacheName: CACHE }).then((r) => r ?? fetch(request)))
})
