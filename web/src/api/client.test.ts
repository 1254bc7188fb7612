import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, clientHooks, request, url } from './client'

const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

describe('the way to the server', () => {
  beforeEach(() => {
    clientHooks.csrf = 'token'
    clientHooks.lang = 'en'
    clientHooks.onUnauthorized = vi.fn()
    clientHooks.onNetwork = vi.fn()
  })
  afterEach(() => vi.unstubAllGlobals())

  it('builds addresses without empty filters', () => {
    expect(url('/api/matters', { q: '燃气', state: '', mine: true, after: null, limit: 50 })).toBe('/api/matters?q=%E7%87%83%E6%B0%94&mine=1&limit=50')
    expect(url('/api/me')).toBe('/api/me')
  })

  it('sends a token and a key with writes, and the same key again when the answer was lost', async () => {
    const fetch = vi.fn().mockRejectedValueOnce(new TypeError('lost')).mockResolvedValueOnce(reply(200, { done: 1 }))
    vi.stubGlobal('fetch', fetch)
    await expect(request('POST', '/api/x', { body: { a: 1 } })).resolves.toEqual({ done: 1 })
    const [one, two] = fetch.mock.calls.map((c) => (c[1] as RequestInit).headers as Record<string, string>)
    expect(one!['X-CSRF-Token']).toBe('token')
    expect(one!['Accept-Language']).toBe('en')
    expect(one!['Idempotency-Key']).toMatch(/^[0-9a-f]{32}$/)
    expect(two!['Idempotency-Key']).toBe(one!['Idempotency-Key'])
  })

  it('does not repeat a read, and says that the network is gone', async () => {
    const fetch = vi.fn().mockRejectedValue(new TypeError('lost'))
    vi.stubGlobal('fetch', fetch)
    await expect(request('GET', '/api/x')).rejects.toMatchObject({ problem: { key: 'page.err.network' } })
    expect(fetch).toHaveBeenCalledTimes(1)
    expect(clientHooks.onNetwork).toHaveBeenCalledWith(false)
  })

  it('hands on problem+json and notices that nobody is logged in', async () => {
    vi.stubGlobal('fetch', vi.fn().mockResolvedValue(reply(401, { title: '请先登录', code: 'UNAUTHENTICATED', key: 'err.unauthenticated', status: 401 })))
    await expect(request('GET', '/api/work')).rejects.toMatchObject({ problem: { code: 'UNAUTHENTICATED' } })
    expect(clientHooks.onUnauthorized).toHaveBeenCalledTimes(1)
  })

  it('makes a problem of an answer that is not JSON', async () => {
    vi.stubGlobal('fetch', vi.fn().mockResolvedValue(new Response('<h1>Bad gateway</h1>', { status: 502 })))
    const e = await request('GET', '/api/x').catch((x: unknown) => x)
    expect(e).toBeInstanceOf(ApiError)
    expect((e as ApiError).problem).toMatchObject({ status: 502, key: 'page.err.http', args: { status: '502' } })
  })
})
