import { createI18n, type MessageContext } from 'vue-i18n'
import { clientHooks } from '@/api/client'

export type Lang = 'zh-CN' | 'en'
const KEY = 'bihuan.lang'

// Messages are plain sentences with {named} arguments: no plural or link syntax, nothing compiled,
// so nothing that a strict content policy would refuse.
const said = (x: unknown) => (typeof x === 'string' || typeof x === 'number' ? String(x) : '')
const messageCompiler = (message: unknown) => {
  const source = typeof message === 'string' ? message : ''
  return (ctx: MessageContext<string>) =>
    source.replace(/\{(\w+)\}/g, (_, name: string) => said(ctx.named(name)))
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  missingWarn: false,
  fallbackWarn: false,
  messages: { 'zh-CN': {}, en: {} },
  messageCompiler: messageCompiler as never,
  messageResolver: (table, key) => (table as Record<string, string>)[key] ?? null,
})

const loaders: Record<Lang, () => Promise<{ default: Record<string, string> }>> = {
  'zh-CN': () => import('@/gen/messages.zh-CN.json'),
  en: () => import('@/gen/messages.en.json'),
}
const loaded = new Set<Lang>()

export const t = i18n.global.t
export const te = (key: string) => i18n.global.te(key)
export const lang = () => i18n.global.locale.value

export function savedLang(): Lang {
  return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN'
}

export async function setLang(next: Lang): Promise<void> {
  if (!loaded.has(next)) {
    i18n.global.setLocaleMessage(next, (await loaders[next]()).default)
    loaded.add(next)
  }
  i18n.global.locale.value = next
  clientHooks.lang = next
  localStorage.setItem(KEY, next)
  document.documentElement.lang = next
}

/* The one of two names that the reader's language wants; the other where it is missing. */
export function pick(zh: string | null | undefined, en: string | null | undefined): string {
  return (lang() === 'en' ? en || zh : zh || en) ?? ''
}
export const named = (x: { name: string; name_en?: string } | null | undefined) => (x ? pick(x.name, x.name_en) : '')
export const word = (x: { zh: string; en: string } | null | undefined, fallback = '') => (x ? pick(x.zh, x.en) : fallback)
