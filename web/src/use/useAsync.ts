import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { ApiError } from '@/api'
import type { Problem } from '@/api/types'
import { toastError } from '@/use/toasts'

/* A task with a busy flag that is raised only after 200 ms, so that quick answers never flicker. */
export function useAsync<A extends unknown[], R>(work: (...args: A) => Promise<R>, quiet = false) {
  const busy = ref(false)
  const slow = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function run(...args: A): Promise<R | undefined> {
    const mine = ++turn
    busy.value = true
    problem.value = null
    clearTimeout(timer)
    timer = setTimeout(() => (slow.value = true), 200)
    try {
      const r = await work(...args)
      return mine === turn ? r : undefined
    } catch (e) {
      if (e instanceof ApiError) {
        if (mine === turn) problem.value = e.problem
        if (!quiet && e.problem.status !== 401) toastError(e.problem)
      } else if ((e as Error).name !== 'AbortError') throw e
      return undefined
    } finally {
      if (mine === turn) {
        clearTimeout(timer)
        busy.value = false
        slow.value = false
      }
    }
  }
  onBeforeUnmount(() => clearTimeout(timer))
  return { busy, slow, problem, run }
}
