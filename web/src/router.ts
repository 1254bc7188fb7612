import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { can, session } from '@/state/session'

/* Administrators of accounts or of the record have no matters: they start at what they do have. */
export function home(): string {
  if (!session.me || can('matter.read')) return '/work'
  return can('account.read') ? '/who/accounts' : can('ledger.read') ? '/check' : '/account'
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: () => home() },
  { path: '/login', name: 'login', component: () => import('@/pages/LoginPage.vue') },
  { path: '/work', name: 'work', component: () => import('@/pages/WorkPage.vue') },
  { path: '/documents', name: 'documents', component: () => import('@/pages/DocumentsPage.vue') },
  { path: '/documents/:id', name: 'document', component: () => import('@/pages/DocumentPage.vue'), props: true },
  { path: '/ledger', name: 'ledger', component: () => import('@/pages/LedgerPage.vue') },
  { path: '/matters/:id', name: 'matter', component: () => import('@/pages/MatterPage.vue'), props: true },
  { path: '/who/:tab?', name: 'who', component: () => import('@/pages/WhoPage.vue'), props: true },
  { path: '/cockpit', name: 'cockpit', component: () => import('@/pages/CockpitPage.vue') },
  { path: '/check', name: 'check', component: () => import('@/pages/CheckPage.vue') },
  { path: '/account', name: 'account', component: () => import('@/pages/AccountPage.vue') },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('@/pages/MissingPage.vue') },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

router.beforeEach((to) => {
  if (to.name !== 'login' && !session.me) {
    return { name: 'login', query: to.path === '/' || to.path === '/work' ? {} : { next: to.fullPath } }
  }
  return to.name === 'work' && session.me && !can('matter.read') ? home() : true
})
