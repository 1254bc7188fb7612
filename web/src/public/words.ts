// Texts of the small page, in both languages; times in China's time.
import tables from '../gen/public.json'

export type Lang = 'zh-CN' | 'en'
const KEY = 'bihuan.lang'

export function startLang(): Lang {
  const kept = localStorage.getItem(KEY)
  if (kept === 'en' || kept === 'zh-CN') return kept
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
}

export let lang: Lang = startLang()

export function setLang(to: Lang): void {
  lang = to
  localStorage.setItem(KEY, to)
}

export function t(key: string, args: Record<string, string | number> = {}): string {
  const text = (tables[lang] as Record<string, string>)[`public.${key}`] ?? key
  return text.replace(/\{(\w+)\}/g, (all, name) => String(args[name] ?? all))
}

export function at(ms: number): string {
  return new Intl.DateTimeFormat(lang, { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short' }).format(ms)
}
