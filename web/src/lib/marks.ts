// Cuts a text into paragraphs and each paragraph into pieces that carry the marks lying over them.
import { CodeText } from './codepoints'
import type { Draft, Note, Range } from '@/api/types'

export interface Paragraph extends Range { key: number; text: string }
export interface Mark extends Range {
  what: 'draft' | 'note' | 'clutter'
  id?: string
  n?: number
  state?: string
}
export interface Piece {
  start: number
  text: string
  clutter: boolean
  note: boolean
  draft: Mark | null
  first: boolean // the draft's first piece: carries its number
  hot: boolean
}

/* Paragraphs of `text` in code points; very long ones are cut so that one never gets slow to draw. */
export function paragraphsOf(code: CodeText, longest = 2000): Paragraph[] {
  const out: Paragraph[] = []
  const text = code.text
  let cp = 0
  let from = 0
  const push = (s: string, len: number) => out.push({ key: cp, start: cp, end: cp + len, text: s })
  while (from <= text.length) {
    let to = text.indexOf('\n', from)
    if (to < 0) to = text.length
    const line = text.slice(from, to)
    const end = code.point(to)
    if (end - cp <= longest) {
      if (line.trim()) push(line, end - cp)
    } else {
      for (let a = cp; a < end; a += longest) {
        const b = Math.min(a + longest, end)
        out.push({ key: a, start: a, end: b, text: code.slice(a, b) })
      }
    }
    cp = end + 1
    from = to + 1
  }
  return out
}

/* The marks of a document in one list, by start. */
export function marksOf(drafts: Draft[], notes: Note[], clutter: Range[]): Mark[] {
  const marks: Mark[] = [
    ...drafts.map((d, i): Mark => ({ start: d.start, end: d.end, what: 'draft', id: d.id, n: i + 1, state: d.state })),
    ...notes.map((n): Mark => ({ start: n.start, end: n.end, what: 'note' })),
    ...clutter.map((c): Mark => ({ start: c.start, end: c.end, what: 'clutter' })),
  ]
  return marks.sort((a, b) => a.start - b.start || a.end - b.end)
}

/* For every paragraph the marks that touch it (both lists ascend by start). */
export function marksByParagraph(paras: Paragraph[], marks: Mark[]): Map<number, Mark[]> {
  const map = new Map<number, Mark[]>()
  let open: Mark[] = []
  let i = 0
  for (const p of paras) {
    open = open.filter((m) => m.end > p.start)
    while (i < marks.length && marks[i]!.start < p.end) open.push(marks[i++]!)
    const touching = open.filter((m) => m.end > p.start && m.start < p.end)
    if (touching.length) map.set(p.key, touching)
  }
  return map
}

export function overlaps(a: Range | null | undefined, b: Range): boolean {
  return !!a && a.start < b.end && a.end > b.start
}

/* Pieces of one paragraph; where drafts overlap the shorter one wins (it can be reached by key anyway). */
export function piecesOf(p: Paragraph, marks: Mark[], hot: Range[]): Piece[] {
  const cuts = new Set([p.start, p.end])
  for (const r of [...marks, ...hot]) {
    if (r.start > p.start && r.start < p.end) cuts.add(r.start)
    if (r.end > p.start && r.end < p.end) cuts.add(r.end)
  }
  const at = [...cuts].sort((a, b) => a - b)
  const code = new CodeText(p.text)
  const out: Piece[] = []
  for (let i = 0; i + 1 < at.length; i++) {
    const r = { start: at[i]!, end: at[i + 1]! }
    const over = marks.filter((m) => overlaps(m, r))
    const drafts = over.filter((m) => m.what === 'draft')
    drafts.sort((a, b) => a.end - a.start - (b.end - b.start))
    const draft = drafts[0] ?? null
    out.push({
      start: r.start,
      text: code.slice(r.start - p.start, r.end - p.start),
      clutter: over.some((m) => m.what === 'clutter'),
      note: over.some((m) => m.what === 'note'),
      draft,
      first: !!draft && draft.start === r.start,
      hot: hot.some((h) => overlaps(h, r)),
    })
  }
  return out
}
