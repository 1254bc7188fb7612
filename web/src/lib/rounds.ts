// A dossier's rounds: each relapse opens a new one. Newest first, as the timeline stands.
import type { MatterEvent } from '@/api/types'

export interface Round { n: number; events: MatterEvent[] }
const opens = new Set(['relapse', 'reopen'])
export const actOf = (e: MatterEvent) => (typeof e.data.act === 'string' ? e.data.act : e.kind.replace(/^matter\./, ''))

export function roundsOf(timeline: MatterEvent[]): Round[] {
  const rounds: Round[] = [{ n: 1, events: [] }]
  for (const e of [...timeline].sort((a, b) => a.seq - b.seq)) {
    if (opens.has(actOf(e))) rounds.push({ n: rounds.length + 1, events: [] })
    rounds[rounds.length - 1]!.events.unshift(e)
  }
  return rounds.reverse()
}
