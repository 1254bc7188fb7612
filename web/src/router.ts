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
  { path: '/map', name: 'map', component: () => import('@/pages/MapPage.vue') },
  { path: '/objects', name: 'objects', component: () => import('@/pages/ObjectsPage.vue') },
  { path: '/objects/:id', name: 'object', component: () => import('@/pages/ObjectPage.vue'), props: true },
  { path: '/monitor', name: 'monitor', component: () => import('@/pages/MonitorPage.vue') },
  { path: '/monitor/stations/:id', name: 'station', component: () => import('@/pages/StationPage.vue'), props: true },
  { path: '/monitor/alarms', name: 'alarms', component: () => import('@/pages/AlarmsPage.vue') },
  { path: '/monitor/alarms/:id', name: 'alarm', component: () => import('@/pages/AlarmPage.vue'), props: true },
  { path: '/monitor/grids', name: 'grids', component: () => import('@/pages/GridsPage.vue') },
  { path: '/monitor/devices', name: 'devices', component: () => import('@/pages/DevicesPage.vue') },
  { path: '/monitor/devices/:id', name: 'device', component: () => import('@/pages/DevicePage.vue'), props: true },
  { path: '/inspect', name: 'inspect', component: () => import('@/pages/InspectPage.vue') },
  { path: '/inspect/visits/:id', name: 'visit', component: () => import('@/pages/VisitPage.vue'), props: true },
  { path: '/inspect/plans', name: 'plans', component: () => import('@/pages/PlansPage.vue') },
  { path: '/inspect/plans/:id', name: 'plan', component: () => import('@/pages/PlanPage.vue'), props: true },
  { path: '/inspect/plans/:plan/draws/:id', name: 'draw', component: () => import('@/pages/DrawPage.vue'), props: true },
  { path: '/hazards/new', name: 'hazard_new', component: () => import('@/pages/HazardNewPage.vue') },
  { path: '/lookback', name: 'lookback', component: () => import('@/pages/LookbackPage.vue') },
  { path: '/lookback/draws/:id', name: 'lookdraw', component: () => import('@/pages/LookDrawPage.vue'), props: true },
  { path: '/criteria', name: 'criteria', component: () => import('@/pages/CriteriaPage.vue') },
  { path: '/duty', name: 'duty', component: () => import('@/pages/DutyPage.vue') },
  { path: '/duty/gaps', name: 'gaps', component: () => import('@/pages/GapsPage.vue') },
  { path: '/risk', name: 'risk', component: () => import('@/pages/RiskPage.vue') },
  { path: '/who/:tab?', name: 'who', component: () => import('@/pages/WhoPage.vue'), props: true },
  { path: '/cockpit', name: 'cockpit', component: () => import('@/pages/CockpitPage.vue') },
  { path: '/stats', name: 'stats', component: () => import('@/pages/StatsPage.vue') },
  { path: '/stats/matters', name: 'statmatters', component: () => import('@/pages/StatMattersPage.vue') },
  { path: '/supervise', name: 'supervise', component: () => import('@/pages/SupervisePage.vue') },
  { path: '/marks', name: 'marks', component: () => import('@/pages/MarksPage.vue') },
  { path: '/intake', name: 'intake', component: () => import('@/pages/IntakePage.vue') },
  { path: '/intake/:id', name: 'intakereport', component: () => import('@/pages/IntakeReportPage.vue'), props: true },
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
