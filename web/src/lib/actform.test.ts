import { describe, expect, it } from 'vitest'
import type { Field } from '@/api/types'
import { actBody, emptyForm, missingFields } from './actform'

const f = (name: string, type: Field['type'], required = false): Field => ({ name, type, required, max: null, options: [], options_zh: [], options_en: [], label_zh: '', label_en: '' })
const fields = [f('text', 'text', true), f('percent', 'percent'), f('files', 'files'), f('co', 'orgs')]

describe('forms of acts', () => {
  it('starts empty, knows what is missing, sends what is filled', () => {
    const form = emptyForm(fields)
    expect(missingFields(fields, form)).toEqual(['text'])
    form.text = '   '
    expect(missingFields(fields, form)).toEqual(['text'])
    Object.assign(form, { text: '已整改', percent: 0, files: [{ id: 'f1', name: 'a.jpg' }] })
    expect(missingFields(fields, form)).toEqual([])
    expect(actBody(fields, form)).toEqual({ text: '已整改', percent: 0, files: ['f1'] })
  })
})

it('sends what a kind asks for as named words', () => {
  const fields = [f('text', 'text', true), f('grade', 'select', true), f('funds', 'number'), f('expert', 'text')]
  expect(actBody(fields, { text: 'x', grade: 'major', funds: 12, expert: '' })).toEqual({ text: 'x', more: [{ name: 'grade', value: 'major' }, { name: 'funds', value: '12' }] })
})
