export interface NavItem { name: string; to: string; perm?: string; phone?: boolean }
export const navItems: NavItem[] = [
  { name: 'cockpit', to: '/cockpit', phone: true, perm: 'matter.read' },
  { name: 'work', to: '/work', phone: true, perm: 'matter.read' },
  { name: 'documents', to: '/documents', phone: true, perm: 'document.read' },
  { name: 'ledger', to: '/ledger', phone: true, perm: 'matter.read' },
  { name: 'who', to: '/who', perm: 'org.read' },
  { name: 'check', to: '/check', perm: 'ledger.read' },
]
