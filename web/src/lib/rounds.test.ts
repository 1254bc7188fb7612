import { expect, it } from 'vitest'
import type { MatterEvent } from '@/api/types'
import { roundsOf } from './rounds'

const ev = (seq: number, kind: string, act?: string) => ({ seq, kind, data: act ? { act } : {} }) as unknown as MatterEvent

it('opens a round at each relapse, newest round and newest event first', () => {
  const r = roundsOf([ev(1, 'matter.create'), ev(2, 'matter.act', 'order'), ev(5, 'relapse'), ev(4, 'close'), ev(7, 'matter.act', 'relapse'), ev(8, 'report')])
  expect(r.map((x) => [x.n, x.events.map((e) => e.seq)])).toEqual([[3, [8, 7]], [2, [5]], [1, [4, 2, 1]]])
})
it('has one round for a matter that never came back', () => {
  expect(roundsOf([ev(1, 'create')])).toHaveLength(1)
})
