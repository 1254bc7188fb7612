export interface NavItem { name: string; to: string; perm?: string; phone?: boolean }
export const navItems: NavItem[] = [
  { name: 'cockpit', to: '/cockpit', phone: true },
  { name: 'work', to: '/work', phone: true },
  { name: 'documents', to: '/documents', phone: true },
  { name: 'ledger', to: '/ledger', phone: true },
  { name: 'who', to: '/who' },
  { name: 'check', to: '/check' },
]
