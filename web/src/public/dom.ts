// As much of a framework as this page needs.
type Child = Node | string | null | false
type Props = Record<string, string | number | boolean | null | ((e: Event) => void)>

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag)
  for (const [k, v] of Object.entries(props)) {
    if (typeof v === 'function') el.addEventListener(k, v)
    else if (v === true) el.setAttribute(k, '')
    else if (v !== false && v !== null) el.setAttribute(k, String(v))
  }
  el.append(...children.filter((c): c is Node | string => c !== null && c !== false))
  return el
}

let fields = 0
// A labelled field: hint and fault are read out with it.
export function field(label: string, control: HTMLElement, hint = ''): HTMLElement {
  const n = ++fields
  control.id ||= `f${n}`
  const small = hint ? h('p', { class: 'hint', id: `h${n}` }, hint) : null
  const fault = h('p', { class: 'fault', id: `e${n}`, role: 'alert' })
  control.setAttribute('aria-describedby', `${small ? `h${n} ` : ''}e${n}`)
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), small, control, fault)
}

export function fault(control: HTMLElement, text: string): void {
  const place = control.closest('.field')?.querySelector('.fault')
  if (place) place.textContent = text
  if (text) control.setAttribute('aria-invalid', 'true')
  else control.removeAttribute('aria-invalid')
}
