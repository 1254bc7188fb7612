// Writes src/api/contract.ts from the contract that the server prints: one type a schema, under the schema's name, and one
// line a route with its filters, body and answer. The file is committed; the contract suite says when it is out of date.
//   node scripts/types.mjs [--check] [BINARY]
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const pascal = (name) => name.replace(/(^|_)(\w)/g, (_, _u, c) => c.toUpperCase())
const property = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`)
const plain = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }

function typeOf(s) {
  if (!s) return 'unknown'
  if (s.$ref) return pascal(s.$ref.split('/').pop())
  const several = s.oneOf ?? s.anyOf
  if (several) return several.map(typeOf).join(' | ')
  if (s.enum) return s.enum.map((v) => (v === null ? 'null' : `'${v}'`)).join(' | ')
  if (Array.isArray(s.type)) return s.type.map((one) => typeOf({ ...s, type: one })).join(' | ')
  if (s.type === 'array') {
    const item = typeOf(s.items)
    return / /.test(item) ? `(${item})[]` : `${item}[]`
  }
  if (s.type === 'object' && s.properties) return `{ ${members(s).join('; ')} }`
  if (s.type === 'object') return 'Record<string, unknown>'
  return plain[s.type] ?? 'unknown'
}
function members(s) {
  const must = new Set(s.required ?? [])
  return Object.entries(s.properties).map(([k, v]) => `${property(k)}${must.has(k) ? '' : '?'}: ${typeOf(v)}`)
}
function shape([name, s]) {
  if (s.type !== 'object' || !s.properties) return `export type ${pascal(name)} = ${typeOf(s)}`
  const lines = members(s)
  return lines.length ? `export interface ${pascal(name)} {\n${lines.map((l) => `  ${l}\n`).join('')}}` : `export type ${pascal(name)} = Record<string, never>`
}
const json = (content) => content?.['application/json']?.schema

function route(path, method, op) {
  const query = (op.parameters ?? []).filter((p) => p.in === 'query').map((p) => `${property(p.name)}${p.required ? '' : '?'}: ${typeOf(p.schema)}`)
  const body = json(op.requestBody?.content)
  const good = Object.entries(op.responses).find(([code]) => code.startsWith('2'))?.[1]
  const parts = [query.length ? `query: { ${query.join('; ')} }` : '', body ? `body: ${typeOf(body)}` : '', `reply: ${json(good?.content) ? typeOf(json(good.content)) : 'unknown'}`]
  return `  '${method.toUpperCase()} ${path}': { ${parts.filter(Boolean).join('; ')} }\n`
}

export function typesOf(doc) {
  const schemas = Object.entries(doc.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))
  const routes = Object.entries(doc.paths).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([path, ops]) => Object.entries(ops).map(([method, op]) => route(path, method, op)))
  return `// Made by scripts/types.mjs from the server's contract; change that, then: node scripts/types.mjs\n\n${schemas.map(shape).join('\n\n')}\n\n/* Every route: filters, body, answer. */\nexport interface Routes {\n${routes.join('')}}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const web = join(dirname(fileURLToPath(import.meta.url)), '..')
  const target = join(web, 'src', 'api', 'contract.ts')
  const args = process.argv.slice(2)
  const binary = args.find((a) => !a.startsWith('--')) ?? join(web, '..', 'build', 'bihuan')
  const r = spawnSync(binary, ['openapi'], { encoding: 'utf8', maxBuffer: 64 << 20 })
  if (r.status !== 0) {
    console.error(`${binary} openapi: ${r.error?.message ?? r.stderr}`)
    process.exit(1)
  }
  const text = typesOf(JSON.parse(r.stdout))
  if (args.includes('--check')) {
    if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
      console.error('src/api/contract.ts is not what the server says; run: node scripts/types.mjs')
      process.exit(1)
    }
  } else writeFileSync(target, text)
}
