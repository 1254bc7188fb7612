// Numbers and titles of matters that others speak of, asked once each. What the reader may not see keeps its id.
import { reactive } from 'vue'
import { api } from '@/api'

const known = reactive(new Map<string, string>())
const asked = new Set<string>()

export function learnMatter(id: string): void {
  if (!id || asked.has(id)) return
  asked.add(id)
  api.matter(id).then((m) => known.set(id, `${m.no} ${m.title}`), () => {})
}
export function matterName(id: string): string {
  learnMatter(id)
  return known.get(id) ?? id
}
