// Server-sent events: one connection for the page, reconnected with growing pauses (1 s to 30 s).
import { onBeforeUnmount } from 'vue'
import type { StreamAct } from './types'

type Listener = (act: StreamAct) => void
const listeners = new Set<Listener>()
/* News of measuring: a station has new values; an alarm began, changed or ended. */
export interface ReadingNews { station: string; at_ms: number }
export interface AlarmNews { region: string; alarm: string; station: string }
type News = { reading: ReadingNews; alarm: AlarmNews }
const hearers = { reading: new Set<(n: ReadingNews) => void>(), alarm: new Set<(n: AlarmNews) => void>() }
let source: EventSource | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let pause = 1000

export function openStream(): void {
  if (source || typeof EventSource === 'undefined') return
  clearTimeout(timer)
  source = new EventSource('/api/stream')
  source.onopen = () => {
    pause = 1000
  }
  source.addEventListener('act', (e) => {
    const act = JSON.parse((e as MessageEvent<string>).data) as StreamAct
    listeners.forEach((f) => f(act))
  })
  source.addEventListener('reading', (e) => {
    const news = JSON.parse((e as MessageEvent<string>).data) as ReadingNews
    hearers.reading.forEach((f) => f(news))
  })
  source.addEventListener('alarm', (e) => {
    const news = JSON.parse((e as MessageEvent<string>).data) as AlarmNews
    hearers.alarm.forEach((f) => f(news))
  })
  source.onerror = () => {
    closeStream()
    timer = setTimeout(openStream, pause + Math.random() * 500)
    pause = Math.min(pause * 2, 30_000)
  }
}

export function closeStream(): void {
  clearTimeout(timer)
  source?.close()
  source = null
}

/* Calls back at most once in `quietMs`, for acts that `wanted` accepts, while the component lives. */
export function useLive(wanted: (act: StreamAct) => boolean, refresh: () => void, quietMs = 700): void {
  let due: ReturnType<typeof setTimeout> | undefined
  const listener: Listener = (act) => {
    if (due || !wanted(act)) return
    due = setTimeout(() => {
      due = undefined
      refresh()
    }, quietMs)
  }
  listeners.add(listener)
  onBeforeUnmount(() => {
    listeners.delete(listener)
    clearTimeout(due)
  })
}

/* Gathers news for `quietMs`, then hands over all of it at once, while the component lives. */
export function useNews<K extends keyof News>(kind: K, hear: (news: News[K][]) => void, quietMs = 1000): void {
  const heard: News[K][] = []
  let due: ReturnType<typeof setTimeout> | undefined
  const hearer = (n: News[K]) => {
    heard.push(n)
    due ??= setTimeout(() => {
      due = undefined
      hear(heard.splice(0))
    }, quietMs)
  }
  const set = hearers[kind] as Set<(n: News[K]) => void>
  set.add(hearer)
  onBeforeUnmount(() => {
    set.delete(hearer)
    clearTimeout(due)
  })
}
