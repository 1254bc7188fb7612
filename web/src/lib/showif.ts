// When a checklist's item is shown: an expression over answers of other items, evaluated here because the page has to skip
// without the server. The server looks again when the answers arrive.
//   expr = and { "|" and } · and = not { "&" not } · not = "!" not | "(" expr ")" | id op value
//   op = "=" "!=" "<" "<=" ">" ">=" · value = yes | no | na | a number
// A comparison with an item that was not answered, or is not shown, is false, whatever the operator.

export type AnswerOf = (item: string) => string | number | null
type Node = (answer: AnswerOf) => boolean

export function parseShowIf(text: string): Node {
  let at = 0
  const skip = () => { while (text[at] === ' ') at++ }
  const take = (s: string) => {
    skip()
    if (!text.startsWith(s, at)) return false
    at += s.length
    return true
  }
  const fail = (): never => { throw new Error(`show_if: ${text.slice(at)}`) }
  const word = () => {
    skip()
    const m = /^[a-z0-9.-]+/.exec(text.slice(at))
    if (!m) return fail()
    at += m[0].length
    return m[0]
  }
  const compare = (): Node => {
    const item = word()
    const op = ['!=', '<=', '>=', '=', '<', '>'].find(take) ?? fail()
    const value = word()
    const number = /^-?\d/.test(value) ? Number(value) : NaN
    if (Number.isNaN(number)) {
      if (!/^(yes|no|na)$/.test(value) || (op !== '=' && op !== '!=')) return fail()
      return (a) => { const v = a(item); return typeof v === 'string' && (v === value) === (op === '=') }
    }
    const tests: Record<string, (x: number) => boolean> = {
      '=': (x) => x === number, '!=': (x) => x !== number, '<': (x) => x < number, '<=': (x) => x <= number, '>': (x) => x > number, '>=': (x) => x >= number,
    }
    return (a) => { const v = a(item); return typeof v === 'number' && tests[op]!(v) }
  }
  const not = (): Node => {
    if (take('(')) {
      const e = or()
      return take(')') ? e : fail()
    }
    if (take('!')) {
      const e = not()
      return (a) => !e(a)
    }
    return compare()
  }
  const and = (): Node => {
    let l = not()
    while (take('&')) {
      const a = l
      const b = not()
      l = (x) => a(x) && b(x)
    }
    return l
  }
  const or = (): Node => {
    let l = and()
    while (take('|')) {
      const a = l
      const b = and()
      l = (x) => a(x) || b(x)
    }
    return l
  }
  const e = or()
  skip()
  return at === text.length ? e : fail()
}

export interface Asked { id: string; show_if?: string | null }
/* Which items are to be answered, in the list's order: an answer of an item that is skipped does not count. */
export function shownItems<T extends Asked>(items: T[], answers: Map<string, string | number>): T[] {
  const shown = new Set<string>()
  const of: AnswerOf = (id) => (shown.has(id) ? answers.get(id) ?? null : null)
  return items.filter((it) => {
    let show = true
    try {
      show = !it.show_if || parseShowIf(it.show_if)(of)
    } catch {
      show = true // a condition that this page does not understand hides nothing
    }
    if (show) shown.add(it.id)
    return show
  })
}
