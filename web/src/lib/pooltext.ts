// The published text of a draw's candidates, a line each: "<kind> <id> <weight> <avoid>".
import type { Candidate } from './draw'

export function candidatesOf(text: string): { first: Candidate[]; others: Candidate[] } {
  const all = text.split('\n').filter(Boolean).map((line) => line.split(' '))
  const of = (kind: string) => all.filter((x) => x[0] === kind && x.length === 4).map((x) => ({ id: x[1]!, weight: Number(x[2]), avoid: x[3] }))
  return { first: of('0'), others: of('1') }
}
