// The small page for citizens: report, keep number and code, see what became of it, say whether it is really fixed.
import './report.css'
import { field, h } from './dom'
import { form } from './form'
import * as kept from './kept'
import { type Categories, type ReportState, categories, look } from './server'
import { state } from './state'
import { at, lang, setLang, t } from './words'

const root = document.getElementById('report') as HTMLElement
let known: Categories | null = null

function frame(...body: (Node | null)[]): void {
  document.documentElement.lang = lang
  document.title = t('title')
  root.replaceChildren(
    h('header', {}, h('h1', {}, t('title')), h('button', { type: 'button', class: 'plain', lang: lang === 'en' ? 'zh-CN' : 'en', 'data-testid': 'lang', click: () => {
      setLang(lang === 'en' ? 'zh-CN' : 'en')
      void show()
    } }, t('lang'))),
    h('main', {}, ...body.filter((n): n is Node => n !== null)))
}

function go(hash: string): void {
  if (location.hash === hash) void show()
  else location.hash = hash
}

function done(no: string, code: string, what: string): void {
  kept.keep({ no, code, what, at_ms: Date.now() })
  const copied = h('span', { role: 'status', class: 'hint' })
  const copy = h('button', { type: 'button', class: 'plain', click: () => {
    void navigator.clipboard?.writeText(`${no}\n${code}`).then(() => (copied.textContent = t('copied')))
  } }, t('copy'))
  const heading = h('h2', { tabindex: -1 }, t('done'))
  frame(h('section', { class: 'card', 'data-testid': 'receipt' }, heading, h('p', {}, t('done_hint')),
    h('dl', {}, h('dt', {}, t('no')), h('dd', { 'data-testid': 'receipt-no' }, no), h('dt', {}, t('code')), h('dd', { class: 'code', 'data-testid': 'receipt-code' }, code)),
    copy, ' ', copied, h('button', { type: 'button', class: 'main', 'data-testid': 'follow', click: () => go(`#${no}`) }, t('follow')),
    h('button', { type: 'button', class: 'wide', click: () => go('#') }, t('again'))))
  scrollTo(0, 0)
  heading.focus()
}

function mine(): HTMLElement | null {
  const list = kept.reports()
  if (!list.length) return null
  return h('section', { class: 'card' }, h('h2', {}, t('mine')), h('ul', { class: 'mine', 'data-testid': 'mine' }, ...list.map((r) =>
    h('li', {}, h('a', { href: `#${r.no}` }, r.what || r.no), ' ', h('span', { class: 'hint' }, at(r.at_ms)), ' ',
      h('button', { type: 'button', class: 'plain', 'aria-label': `${t('forget')}: ${r.no}`, click: () => {
        kept.forget(r.no)
        void show()
      } }, t('forget'))))))
}

function lookup(no = '', why = ''): HTMLElement {
  const number = h('input', { type: 'text', autocomplete: 'off', 'data-testid': 'look-no' })
  const code = h('input', { type: 'text', autocomplete: 'off', autocapitalize: 'characters', 'data-testid': 'look-code' })
  number.value = no
  return h('form', { class: 'card', submit: (e) => {
    e.preventDefault()
    void follow(number.value.trim(), code.value.trim())
  } }, h('h2', {}, t('lookup')), field(t('no'), number), field(t('code'), code),
    h('button', { type: 'submit', class: 'wide', 'data-testid': 'look' }, t('look')), h('p', { class: 'fault', role: 'alert', 'data-testid': 'look-fault' }, why))
}

const back = (): HTMLElement => h('button', { type: 'button', class: 'plain', 'data-testid': 'back', click: () => go('#') }, `← ${t('back')}`)

async function follow(no: string, code: string): Promise<void> {
  const shown = (s: ReportState, answered: boolean): void => {
    frame(back(), state(s, code, answered, (after) => shown(after, true)))
  }
  try {
    shown(await look(no, code), false)
  } catch (e) {
    frame(back(), lookup(no, (e as Error).message))
  }
}

async function show(): Promise<void> {
  const no = decodeURIComponent(location.hash.slice(1))
  const one = kept.reports().find((r) => r.no === no)
  if (one) return follow(one.no, one.code)
  if (no) return frame(back(), lookup(no))
  try {
    known ??= await categories()
  } catch (e) {
    return frame(h('p', { class: 'fault', role: 'alert' }, (e as Error).message), lookup())
  }
  frame(h('p', {}, t('lead')), h('p', { class: 'danger' }, `⚠ ${t('danger')}`), mine(), form(known, done), lookup())
}

addEventListener('hashchange', () => void show())
void show()
