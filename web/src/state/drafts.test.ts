// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import { loadUnsent, useUnsent } from './drafts'

describe('unsent input', () => {
  beforeEach(() => localStorage.clear())

  it('comes back after a reload and is gone after it was sent', () => {
    const first = useUnsent('act.1.report', { text: '', percent: null as number | null })
    expect(first.restored).toBe(false)
    first.form.text = '已更换 3 处阀门'
    const second = useUnsent('act.1.report', { text: '', percent: null as number | null })
    expect(second.restored).toBe(true)
    expect(second.form.text).toBe('已更换 3 处阀门')
    second.clear()
    expect(second.form.text).toBe('')
    expect(loadUnsent('act.1.report')).toBeNull()
  })

  it('survives a broken store', () => {
    localStorage.setItem('bihuan.unsent..x', '{half')
    expect(loadUnsent('x')).toBeNull()
  })
})
