// Writes dist/sw.js: the inspection page's worker with the list of files that this page needs without a network.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

// The engine of charts and the map's are big and useless without a network.
const LEFT_OUT = /^assets\/(charts|map|maplibre)/
const NEEDED = /\/pages\/(Inspect|Visit|Login|Missing)\w*Page\.vue$|\/gen\/messages|\/offline\//

export function offlinePage(): Plugin {
  return {
    name: 'offline-page',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = new Set<string>(['favicon.svg', 'inspect.webmanifest'])
      const walk = (name: string): void => {
        const chunk = bundle[name]
        if (!chunk || files.has(name) || LEFT_OUT.test(name)) return
        files.add(name)
        if (chunk.type !== 'chunk') return
        chunk.imports.forEach(walk)
        for (const css of chunk.viteMetadata?.importedCss ?? []) walk(css)
      }
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && ((chunk.isEntry && chunk.name === 'index') || Object.keys(chunk.modules).some((m) => NEEDED.test(m)))) walk(chunk.fileName)
      }
      const list = [...files].sort().map((f) => `/${f}`)
      const version = createHash('sha256').update(list.join()).digest('hex').slice(0, 12)
      const text = readFileSync(fileURLToPath(new URL('./sw.js', import.meta.url)), 'utf8')
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: text.replace('__VERSION__', version).replace('__FILES__', JSON.stringify(list)) })
    },
  }
}
