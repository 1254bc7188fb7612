import { describe, expect, it } from 'vitest'
import { CodeText, countPoints } from './codepoints'

describe('CodeText', () => {
  it('is the identity on plain text', () => {
    const t = new CodeText('区城管委牵头')
    expect(t.length).toBe(6)
    expect(t.unit(3)).toBe(3)
    expect(t.point(3)).toBe(3)
    expect(t.slice(0, 4)).toBe('区城管委')
  })

  it('counts characters beyond U+FFFF once', () => {
    const text = '𠮷野家🔥管道𡘙' // 𠮷 野 家 🔥 管 道 𡘙
    const t = new CodeText(text)
    expect(t.length).toBe(7)
    expect([...text].map((_, i) => t.slice(i, i + 1))).toEqual([...text])
    expect(t.unit(0)).toBe(0)
    expect(t.unit(1)).toBe(2)
    expect(t.unit(4)).toBe(6)
    expect(t.unit(7)).toBe(text.length)
  })

  it('maps back, and puts the middle of a pair at its start', () => {
    const text = 'a𠮷b𠮷'
    const t = new CodeText(text)
    for (let cp = 0; cp <= t.length; cp++) expect(t.point(t.unit(cp))).toBe(cp)
    expect(t.point(2)).toBe(1)
    expect(t.point(5)).toBe(3)
  })

  it('treats a lone surrogate as one character and clamps', () => {
    const t = new CodeText('x\ud83dy')
    expect(t.length).toBe(3)
    expect(t.unit(99)).toBe(3)
    expect(t.unit(-1)).toBe(0)
  })

  it('agrees with the plain way on random text', () => {
    const pool = ['中', 'a', '𠀀', '🚒', '，', '\n']
    let seed = 7
    let text = ''
    for (let i = 0; i < 500; i++) {
      seed = (seed * 1103515245 + 12345) % 2147483648
      text += pool[seed % pool.length]
    }
    const t = new CodeText(text)
    const chars = [...text]
    for (let i = 0; i <= chars.length; i += 13) {
      const unit = chars.slice(0, i).join('').length
      expect(t.unit(i)).toBe(unit)
      expect(t.point(unit)).toBe(i)
    }
    expect(countPoints(text)).toBe(500)
  })
})
