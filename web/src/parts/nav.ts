// The house's rooms. A section stands in the bar; its pages stand in the row beneath it.
import { router } from '@/router'
import { can } from '@/state/session'

export interface NavItem { name: string; to: string; perm?: string; phone?: boolean; pages?: NavItem[]; under?: string[] }

export const navItems: NavItem[] = [
  {
    name: 'cockpit', to: '/cockpit', perm: 'matter.read', under: ['statmatters'],
    pages: [{ name: 'cockpit', to: '/cockpit' }, { name: 'stats', to: '/stats', under: ['statmatters'] }],
  },
  {
    name: 'work', to: '/work', phone: true, perm: 'matter.read', under: ['intakereport'],
    pages: [{ name: 'work', to: '/work' }, { name: 'supervise', to: '/supervise' }, { name: 'marks', to: '/marks', perm: 'matter.verify' }, { name: 'intake', to: '/intake', perm: 'report.intake', under: ['intakereport'] }],
  },
  { name: 'documents', to: '/documents', perm: 'document.read', under: ['document'] },
  { name: 'ledger', to: '/ledger?phase=open', phone: true, perm: 'matter.read', under: ['matter', 'hazard_new'] },
  {
    name: 'map', to: '/map', phone: true, perm: 'matter.read', under: ['object'],
    pages: [{ name: 'map', to: '/map' }, { name: 'objects', to: '/objects', under: ['object'] }],
  },
  {
    name: 'monitor', to: '/monitor', perm: 'sense.read', under: ['station', 'alarm', 'device'],
    pages: [
      { name: 'monitor', to: '/monitor', under: ['station'] }, { name: 'alarms', to: '/monitor/alarms', under: ['alarm'] },
      { name: 'grids', to: '/monitor/grids' }, { name: 'devices', to: '/monitor/devices', under: ['device'] },
    ],
  },
  {
    name: 'inspect', to: '/inspect', phone: true, perm: 'matter.read', under: ['visit', 'plan', 'draw', 'lookdraw'],
    pages: [
      { name: 'inspect', to: '/inspect', under: ['visit'] }, { name: 'plans', to: '/inspect/plans', under: ['plan', 'draw'] },
      { name: 'lookback', to: '/lookback', under: ['lookdraw'] },
    ],
  },
  {
    name: 'duty', to: '/duty', perm: 'matter.read',
    pages: [{ name: 'duty', to: '/duty' }, { name: 'gaps', to: '/duty/gaps' }, { name: 'who', to: '/who', perm: 'org.read' }],
  },
  {
    name: 'criteria', to: '/criteria', perm: 'matter.read',
    pages: [{ name: 'criteria', to: '/criteria' }, { name: 'risk', to: '/risk' }],
  },
  { name: 'check', to: '/check', perm: 'ledger.read' },
]

// A page whose route is not there is not shown.
const mine = (list: NavItem[]) => list.filter((i) => (!i.perm || can(i.perm)) && router.hasRoute(i.name))
const leads = (i: NavItem, here: string): boolean => i.name === here || !!i.under?.includes(here) || !!i.pages?.some((p) => leads(p, here))

/* Sections of the person who is here. One whose own page is closed to them, but not one below, leads to that one. */
export function sections(): NavItem[] {
  return navItems.flatMap((s) => {
    if (!router.hasRoute(s.name)) return mine(s.pages ?? []).map((p) => ({ ...p }))
    if (!s.perm || can(s.perm)) return [{ ...s, pages: s.pages ? mine(s.pages) : undefined }]
    return (s.pages ?? []).filter((p) => p.perm && can(p.perm)).map((p) => ({ ...p }))
  })
}
export const sectionOf = (here: string) => sections().find((s) => leads(s, here))
export const lights = leads
