// What is different between the matter somebody started from and the matter as it is now.
import type { MatterDetail, MatterEvent } from '@/api/types'

export interface Change { what: string; from: string; to: string }
export interface Words { state: (id: string) => string; day: (ms: number | null) => string; name: (x: { name: string; name_en: string }) => string }

export function newEvents(before: MatterDetail, after: MatterDetail): MatterEvent[] {
  const seen = new Set(before.timeline.map((e) => e.seq))
  return after.timeline.filter((e) => !seen.has(e.seq))
}
export function changesOf(a: MatterDetail, b: MatterDetail, w: Words): Change[] {
  const out: Change[] = []
  const add = (what: string, from: string, to: string) => from !== to && out.push({ what, from, to })
  const units = (list: MatterDetail['lead']) => list.map(w.name).join(' ')
  add('state', w.state(a.state), w.state(b.state))
  add('due', w.day(a.due_ms), w.day(b.due_ms))
  add('lead', units(a.lead), units(b.lead))
  add('co', units(a.co), units(b.co))
  add('progress', `${a.progress ?? 0} %`, `${b.progress ?? 0} %`)
  add('title', a.title, b.title)
  return out
}
