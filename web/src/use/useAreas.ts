// Outlines of the caller's territory, asked once: what a small map needs to be a map.
import { computed, shallowRef } from 'vue'
import { safety } from '@/api/safety'
import { labelsOf } from '@/lib/mapstyle'
import type { Place } from '@/parts/map/MapCanvas.vue'
import { region } from '@/state/session'

const areas = shallowRef<Place[] | undefined>()
let asked = ''

export function useAreas() {
  const code = region.value?.code ?? ''
  if (code && asked !== code) {
    asked = code
    safety.mapRegions({ parent: code }).then(
      (r) => (areas.value = r.features.filter((f) => f.geometry && !f.properties.self).map((f) => ({ ...f, properties: { ...f.properties, rank: 0 } }))),
      () => (asked = ''),
    )
  }
  return { areas, names: computed(() => labelsOf(areas.value ?? [])) }
}
