import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { offlinePage } from './pwa/plugin'

// BIHUAN names the server that `npm run dev` passes /api on to.
const server = process.env.BIHUAN ?? 'http://127.0.0.1:8212'

export default defineConfig({
  plugins: [vue(), offlinePage()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
  },
  server: {
    port: 5173,
    proxy: { '/api': { target: server }, '/healthz': { target: server } },
  },
  build: {
    target: 'es2021',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      // The page, and the small one without login that citizens report on (/report).
      input: ['index.html', 'report.html'].map((f) => fileURLToPath(new URL(`./${f}`, import.meta.url))),
      output: {
        // Few files: the libraries, the charts and the map (asked for only where they are drawn), one file a page.
        manualChunks(id: string) {
          if (/node_modules\/(echarts|zrender|tslib)/.test(id)) return 'charts'
          if (/node_modules\/maplibre-gl|src\/lib\/maplibre/.test(id)) return 'map'
          if (/node_modules\//.test(id)) return 'lib'
          // What every page uses; the rest travels with the pages that ask for it.
          if (/src\/(use|state|api)\//.test(id) || /src\/parts\/[^/]+$/.test(id)) return 'app'
          if (/src\/lib\//.test(id) && !/lib\/(draw|hash|mapstyle|showif|rounds|share)\b/.test(id)) return 'app'
          return undefined
        },
      },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'], restoreMocks: true },
})
