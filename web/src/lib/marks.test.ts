import { describe, expect, it } from 'vitest'
import { CodeText } from './codepoints'
import { marksByParagraph, paragraphsOf, piecesOf, type Mark } from './marks'

const mark = (start: number, end: number, what: Mark['what'], id?: string): Mark => ({ start, end, what, id, state: 'draft' })

describe('paragraphs and pieces', () => {
  it('keeps offsets over blank lines and wide characters', () => {
    const code = new CodeText('甲🔥乙\n\n丙丁\n')
    const paras = paragraphsOf(code)
    expect(paras.map((p) => [p.start, p.end, p.text])).toEqual([[0, 3, '甲🔥乙'], [5, 7, '丙丁']])
    for (const p of paras) expect(code.slice(p.start, p.end)).toBe(p.text)
  })

  it('cuts a very long line', () => {
    const code = new CodeText('安'.repeat(4500))
    expect(paragraphsOf(code).map((p) => p.end - p.start)).toEqual([2000, 2000, 500])
  })

  it('loses no character and marks each piece', () => {
    const code = new CodeText('深刻汲取教训，开展🔥专项治理（区城管委牵头）。')
    const [p] = paragraphsOf(code)
    const pieces = piecesOf(p!, [mark(7, 14, 'draft', 'd1'), mark(14, 22, 'note')], [{ start: 9, end: 10 }])
    expect(pieces.map((x) => x.text).join('')).toBe(code.text)
    expect(pieces.filter((x) => x.draft).map((x) => x.text)).toEqual(['开展', '🔥', '专项治理'])
    expect(pieces.filter((x) => x.first)).toHaveLength(1)
    expect(pieces.find((x) => x.hot)!.text).toBe('🔥')
    expect(pieces.find((x) => x.note)!.text).toBe('（区城管委牵头）')
  })

  it('gives a paragraph only the marks that touch it', () => {
    const code = new CodeText('一二三\n四五六\n七八九')
    const paras = paragraphsOf(code)
    const map = marksByParagraph(paras, [mark(1, 6, 'draft', 'a'), mark(8, 10, 'draft', 'b')])
    expect(map.get(0)!.map((m) => m.id)).toEqual(['a'])
    expect(map.get(4)!.map((m) => m.id)).toEqual(['a'])
    expect(map.get(8)!.map((m) => m.id)).toEqual(['b'])
  })

  it('handles a document of 100,000 characters quickly enough to test', () => {
    const line = '各区要开展燃气管道带病运行专项治理，年底前完成整改。'
    const code = new CodeText(Array(4000).fill(line).join('\n'))
    const paras = paragraphsOf(code)
    expect(paras).toHaveLength(4000)
    expect(code.length).toBeGreaterThan(100_000)
    expect(marksByParagraph(paras, [mark(0, 5, 'draft', 'x')]).size).toBe(1)
  })
})
