// Types of supervised objects, asked once.
import { ref } from 'vue'
import { safety, type ObjectType } from '@/api/safety'
import { word } from '@/i18n'

const types = ref<ObjectType[]>([])
let asked: Promise<void> | null = null

export function useObjectTypes() {
  asked ??= safety.objectTypes().then((r) => void (types.value = r.items), () => void (asked = null))
  return { types, typeOf: (id: string) => types.value.find((x) => x.id === id), typeWord: (id: string) => word(types.value.find((x) => x.id === id), id) }
}
