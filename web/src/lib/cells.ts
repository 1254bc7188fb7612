// What stands in a ledger cell as text: for the clipboard and for plain columns.
import type { MatterItem } from '@/api/types'
import { named, t } from '@/i18n'
import { day, dueWords } from './time'
import { sectorWords, sourceWord, stateWord } from './words'
import { regionName } from '@/use/regionNames'

export function cellText(m: MatterItem, key: string, now: number): string {
  switch (key) {
    case 'no': return m.no
    case 'title': return m.title
    case 'state': return stateWord(m.kind, m.state)
    case 'due': {
      const w = dueWords(m, now)
      return m.due_ms === null ? '' : `${day(m.due_ms)} ${t(w.key, w.args)}`
    }
    case 'lead': return m.lead.map((o) => named(o)).join(t('page.comma'))
    case 'co': return m.co.map((o) => named(o)).join(t('page.comma'))
    case 'sectors': return sectorWords(m.sectors)
    case 'region': return regionName(m.region, m.region_name)
    case 'progress': return m.progress === null ? '' : `${m.progress} %`
    case 'children': return m.children ? String(m.children) : ''
    case 'opened': return day(m.opened_ms)
    case 'closed': return day(m.closed_ms)
    case 'grade': return m.grade ? t(`page.grade.${m.grade}`) : ''
    case 'object': return m.object?.name ?? ''
    case 'source': return m.source ? sourceWord(m.source) : ''
    case 'listed': return m.listed ? t(`page.level.${m.listed}`) : ''
    case 'contractor': return named(m.contractor)
    case 'relapses': return m.relapses ? String(m.relapses) : ''
    default: return ''
  }
}
