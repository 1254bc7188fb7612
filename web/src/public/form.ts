// The form: category, words, place, photos, contact.
import { fault, field, h } from './dom'
import * as kept from './kept'
import { plain } from './photo'
import { type Categories, type Named, Refused, placeOf, regions, sendPhoto, sendReport } from './server'
import { lang, t } from './words'

interface Sent { token: string }

const named = (n: Named): string => (lang === 'en' ? n.name_en : n.name)

function place(home: Named | null, draft: kept.Draft, changed: () => void) {
  let spot: { lat: number; lon: number } | null = null
  const status = h('p', { class: 'hint', role: 'status', 'data-testid': 'position' })
  const region = h('select', { 'data-testid': 'region', change: changed }, h('option', { value: '' }, t('choose')))
  const words = h('input', { type: 'text', maxlength: 300, 'data-testid': 'place', input: changed, autocomplete: 'off' })
  words.value = draft.place
  const fill = async (): Promise<void> => {
    if (!home) return
    region.append(h('option', { value: home.code }, named(home)))
    const list = await regions(home.code).catch(() => ({ items: [] as Named[] }))
    for (const r of list.items) region.append(h('option', { value: r.code }, named(r)))
    region.value = draft.region
  }
  void fill()
  const drop = h('button', { type: 'button', class: 'plain', hidden: true, click: () => {
    spot = null
    drop.hidden = true
    status.textContent = ''
  } }, t('no_position'))
  const take = (): void => {
    status.textContent = t('locating')
    navigator.geolocation.getCurrentPosition(async (p) => {
      spot = { lat: p.coords.latitude, lon: p.coords.longitude }
      drop.hidden = false
      const found = await placeOf(spot.lat, spot.lon).catch(() => ({ region: null }))
      status.textContent = found.region ? t('located', { place: named(found.region) }) : t('located_unknown')
    }, () => {
      status.textContent = t('not_located')
    }, { enableHighAccuracy: true, timeout: 15000 })
  }
  const el = h('fieldset', {}, h('legend', {}, t('where')),
    'geolocation' in navigator && h('button', { type: 'button', class: 'wide', 'data-testid': 'locate', click: take }, `◎ ${t('here')}`),
    status, drop, field(t('region'), region), field(t('place'), words, t('place_hint')))
  return { el, region, words, spot: () => spot }
}

function photos(max: number) {
  const sent: Sent[] = []
  const list = h('ul', { class: 'photos', 'data-testid': 'photos' })
  let waiting = 0
  const add = async (file: File): Promise<void> => {
    const line = h('p', { role: 'status' }, t('sending_photo'))
    const picture = h('img', { alt: file.name, src: URL.createObjectURL(file) })
    let mine: Sent | null = null
    const item = h('li', {}, picture, line, h('button', { type: 'button', class: 'plain', click: () => {
      item.remove()
      if (mine) sent.splice(sent.indexOf(mine), 1)
      URL.revokeObjectURL(picture.src)
    } }, t('remove')))
    list.append(item)
    waiting++
    try {
      mine = { token: (await sendPhoto(await plain(file))).token }
      if (item.isConnected) sent.push(mine)
      line.textContent = `✓ ${t('photo_sent')}`
    } catch (e) {
      line.textContent = t('photo_failed', { why: (e as Error).message })
      line.className = 'fault'
    }
    waiting--
  }
  const input = h('input', { type: 'file', accept: 'image/*', multiple: true, class: 'unseen', id: 'photo-input', 'data-testid': 'photo-input', change: () => {
    for (const f of [...(input.files ?? [])].slice(0, Math.max(0, max - list.children.length))) void add(f)
    input.value = ''
  } })
  const el = h('fieldset', {}, h('legend', {}, t('photos')), h('p', { class: 'hint' }, t('photos_hint', { n: max })), input,
    h('label', { for: 'photo-input', class: 'wide' }, `+ ${t('take')}`), list)
  return { el, tokens: () => sent.map((s) => s.token), busy: () => waiting > 0 }
}

export function form(c: Categories, done: (no: string, code: string, what: string) => void): HTMLElement {
  const d = kept.draft()
  const category = h('select', { required: true, 'data-testid': 'category', change: () => changed() }, h('option', { value: '' }, t('choose')),
    ...c.items.map((k) => h('option', { value: k.id }, lang === 'en' ? k.en : k.zh)))
  category.value = d.category
  const hint = h('p', { class: 'hint', 'aria-live': 'polite' })
  const text = h('textarea', { rows: 5, maxlength: c.text, required: true, 'data-testid': 'words', input: () => changed() })
  text.value = d.text
  const where = place(c.home, d, () => changed())
  const pictures = photos(c.photos)
  const contact = h('input', { type: 'text', maxlength: 200, 'data-testid': 'contact', input: () => changed(), autocomplete: 'off' })
  contact.value = d.contact
  const trap = h('input', { type: 'text', name: 'website', tabindex: -1, autocomplete: 'off', 'aria-hidden': 'true', class: 'trap' })
  const status = h('p', { role: 'status', class: 'status', 'data-testid': 'status' })
  const send = h('button', { type: 'submit', class: 'main', 'data-testid': 'send' }, t('send'))

  const told: Record<string, HTMLElement> = { '/category': category, '/text': text, '/region': where.region, '/lat': where.region, '/place': where.words, '/contact': contact }
  function changed(): void {
    const k = c.items.find((i) => i.id === category.value)
    for (const control of Object.values(told)) if ((control as HTMLInputElement).value) fault(control, '')
    hint.textContent = k ? (lang === 'en' ? k.hint_en : k.hint_zh) : ''
    kept.keepDraft({ category: category.value, text: text.value, place: where.words.value, contact: contact.value, region: where.region.value })
  }
  const refuse = (control: HTMLElement, why: string): void => {
    fault(control, why)
    control.focus()
  }
  async function submit(): Promise<void> {
    for (const control of Object.values(told)) fault(control, '')
    if (!category.value) return refuse(category, t('missing'))
    if (text.value.trim().length < 5) return refuse(text, t('missing'))
    const spot = where.spot()
    if (!spot && !where.region.value) return refuse(where.region, t('missing'))
    send.disabled = true
    status.textContent = t('sending')
    try {
      while (pictures.busy()) await new Promise((go) => setTimeout(go, 100))
      const r = await sendReport({ category: category.value, text: text.value, photos: pictures.tokens(), website: trap.value, ...(spot ?? {}),
        ...(where.region.value ? { region: where.region.value } : {}), ...(where.words.value ? { place: where.words.value } : {}),
        ...(contact.value ? { contact: contact.value } : {}) })
      kept.dropDraft()
      const k = c.items.find((i) => i.id === category.value)
      done(r.no, r.code, k ? `${k.zh} / ${k.en}` : '')
    } catch (e) {
      status.textContent = t('failed', { why: (e as Error).message })
      const control = e instanceof Refused ? told[e.pointer] : undefined
      if (control) refuse(control, (e as Error).message)
    }
    send.disabled = false
  }
  const el = h('form', { novalidate: true, 'data-testid': 'report-form', submit: (e) => {
    e.preventDefault()
    void submit()
  } }, field(t('what'), category), hint, field(t('words'), text, t('words_hint')), where.el, pictures.el,
    field(t('contact'), contact, t('contact_hint')), trap, h('p', { class: 'hint' }, t('kept')), send, status)
  changed()
  return el
}
