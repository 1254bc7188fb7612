// What became of a report, and "is it really fixed?".
import { h } from './dom'
import { type ReportState, type Step, answer } from './server'
import { at, lang, t } from './words'

const list = (steps: Step[], id: string): HTMLElement =>
  h('ol', { class: 'steps', 'data-testid': id }, ...steps.map((s) => h('li', {}, h('time', {}, at(s.at_ms)), ' ', h('span', {}, s.text))))

const choice = (s: ReportState, c: string): string => t(s.choices.length === 1 ? `object.${c}` : `fixed.${c}`)

function question(s: ReportState, code: string, again: (s: ReportState) => void): HTMLElement {
  const words = h('textarea', { rows: 3, maxlength: 2000, id: 'answer-words', 'data-testid': 'answer-words' })
  const status = h('p', { role: 'status', class: 'status' })
  const say = async (c: string, e: Event): Promise<void> => {
    const button = e.currentTarget as HTMLButtonElement
    button.disabled = true
    try {
      again(await answer(s.no, code, c, words.value.trim()))
    } catch (x) {
      status.textContent = t('failed', { why: (x as Error).message })
      button.disabled = false
    }
  }
  return h('section', { class: 'card ask', 'data-testid': 'question' }, h('h2', {}, t(s.choices.length === 1 ? 'object_question' : 'fixed_question')),
    h('label', { for: 'answer-words' }, t('answer_words')), words,
    ...s.choices.map((c) => h('button', { type: 'button', class: 'wide', 'data-testid': `answer-${c}`, click: (e) => void say(c, e) }, choice(s, c))), status)
}

export function state(s: ReportState, code: string, answered: boolean, again: (s: ReportState) => void): HTMLElement {
  return h('div', { 'data-testid': 'state' },
    h('section', { class: 'card' }, h('h2', { tabindex: -1 }, lang === 'en' ? s.category_en : s.category_zh), h('p', { class: 'hint' }, `${t('no')} ${s.no}`),
      h('p', { class: 'now', 'data-testid': 'state-text' }, s.state_text), h('p', { class: 'hint' }, t('received', { at: at(s.received_ms) })),
      answered && h('p', { role: 'status', 'data-testid': 'answer-sent' }, `✓ ${t('answer_sent')}`),
      s.fixed !== '' && h('p', {}, t('your_answer', { what: t(`fixed.${s.fixed}`) }))),
    s.may_answer && question(s, code, again),
    s.answers.length > 0 && h('section', { class: 'card' }, h('h2', {}, t('answers')), list(s.answers, 'answers')),
    h('section', { class: 'card' }, h('h2', {}, t('steps')), list(s.steps, 'steps')))
}
