// Writes src/gen/messages.{en,zh-CN}.json from ../i18n/messages.tsv: the page's own keys (page.…), flat, and
// src/gen/public.json: those of the small page for citizens (public.…), both languages in one. A row without both languages, or with different {arguments}, fails the build.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const source = process.env.MESSAGES ?? join(web, '..', 'i18n', 'messages.tsv')
const tables = { page: { en: {}, zh: {} }, public: { en: {}, zh: {} } }
const faults = []
const args = (s) => [...new Set(s.match(/\{\w+\}/g) ?? [])].sort().join()

readFileSync(source, 'utf8')
  .split('\n')
  .forEach((line, i) => {
    const table = tables[line.split('.', 1)[0]]
    if (!table) return
    const { en, zh } = table
    const [key, e, z, ...rest] = line.split('\t')
    const at = `${i + 1}: ${key}`
    if (!e || !z || rest.length) faults.push(`${at}: needs key, en, zh-CN`)
    else if (key in en) faults.push(`${at}: stands twice`)
    else if (args(e) !== args(z)) faults.push(`${at}: arguments differ: ${args(e)} / ${args(z)}`)
    en[key] = e
    zh[key] = z
  })
if (faults.length) {
  console.error(faults.map((f) => `messages.tsv:${f}`).join('\n'))
  process.exit(1)
}
const out = join(web, 'src', 'gen')
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'public.json'), JSON.stringify({ en: tables.public.en, 'zh-CN': tables.public.zh }, null, 1) + '\n')
for (const [name, table] of [['en', tables.page.en], ['zh-CN', tables.page.zh]]) {
  writeFileSync(join(out, `messages.${name}.json`), JSON.stringify(table, null, 1) + '\n')
}
