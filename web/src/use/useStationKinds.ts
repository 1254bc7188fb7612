// Words for kinds of stations and what they measure, asked once.
import { shallowRef } from 'vue'
import { sense, type StationKindsOut } from '@/api/sense'
import { word } from '@/i18n'

const kinds = shallowRef<StationKindsOut | null>(null)
let asked = false

export function useStationKinds() {
  if (!asked) {
    asked = true
    sense.kinds().then((k) => (kinds.value = k), () => (asked = false))
  }
  const kindWord = (id: string) => word(kinds.value?.kinds.find((k) => k.id === id), id)
  const itemWord = (id: string, medium?: string) => {
    const all = kinds.value?.items.filter((i) => i.id === id) ?? []
    return word(all.find((i) => i.medium === medium) ?? all[0], id)
  }
  return { kinds, kindWord, itemWord }
}
