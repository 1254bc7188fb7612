// Forms that the server describes: what an act asks for, and what is sent for it.
import type { Field } from '@/api/types'
import { pick, te, t } from '@/i18n'

export type FormValues = Record<string, unknown>

export function emptyForm(fields: Field[]): FormValues {
  return Object.fromEntries(fields.map((f) => [f.name, f.type === 'orgs' || f.type === 'files' ? [] : ['text', 'select', 'criterion'].includes(f.type) ? '' : null]))
}
const absent = (v: unknown) => v === null || v === undefined || v === '' || (Array.isArray(v) && !v.length)

/* Names of required fields that are still empty. */
export function missingFields(fields: Field[], form: FormValues): string[] {
  return fields.filter((f) => f.required && absent(typeof form[f.name] === 'string' ? (form[f.name] as string).trim() : form[f.name])).map((f) => f.name)
}
// Members of every act; what a kind asks for besides travels as named words.
const common = new Set(['text', 'period', 'due', 'percent', 'lead', 'co', 'files', 'person'])

/* What goes out: empty optional fields do not. */
export function actBody(fields: Field[], form: FormValues): FormValues {
  const out: FormValues = {}
  const more: { name: string; value: string }[] = []
  for (const f of fields) {
    const v = form[f.name]
    if (absent(v)) continue
    if (!common.has(f.name)) more.push({ name: f.name, value: String(v) })
    else out[f.name] = f.type === 'files' ? (v as { id: string }[]).map((x) => x.id) : v
  }
  return more.length ? { ...out, more } : out
}
/* What may be chosen, in the words of the page's language. */
export const fieldOptions = (f: Field) => f.options.map((id, i) => ({ id, words: pick(f.options_zh[i], f.options_en[i]) || id }))

export function fieldLabel(f: Field): string {
  if (f.label_zh || f.label_en) return pick(f.label_zh, f.label_en)
  return te(`page.field.${f.name}`) ? t(`page.field.${f.name}`) : f.name
}
