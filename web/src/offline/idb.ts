// IndexedDB behind a few promises. Everything that an inspection keeps on this device lies in one database a person,
// which logging out deletes.
import { session } from '@/state/session'

const OWNER = 'bihuan.inspect.owner'
const name = () => `bihuan.inspect.${session.me?.account.login ?? localStorage.getItem(OWNER) ?? ''}`
const STORES = ['kv', 'visits', 'queue', 'blobs'] as const
export type StoreName = (typeof STORES)[number]

const lost = (why: DOMException | null) => why ?? new Error('IndexedDB')
let opened: Promise<IDBDatabase> | null = null
let whose = ''

function open(): Promise<IDBDatabase> {
  if (whose !== name()) opened = null
  whose = name()
  opened ??= new Promise((resolve, reject) => {
    const r = indexedDB.open(name(), 1)
    r.onupgradeneeded = () => STORES.forEach((s) => r.result.createObjectStore(s))
    r.onsuccess = () => {
      // Another page deletes the database at logout: let it.
      r.result.onversionchange = () => {
        r.result.close()
        opened = null
      }
      resolve(r.result)
    }
    r.onerror = () => {
      opened = null
      reject(lost(r.error))
    }
  })
  return opened
}
const done = (tx: IDBTransaction) =>
  new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onerror = tx.onabort = () => reject(lost(tx.error))
  })
const result = <T>(r: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    r.onsuccess = () => resolve(r.result)
    r.onerror = () => reject(lost(r.error))
  })

export async function put(store: StoreName, key: string, value: unknown): Promise<void> {
  const tx = (await open()).transaction(store, 'readwrite', { durability: 'strict' })
  tx.objectStore(store).put(value, key)
  return done(tx)
}
export async function get<T>(store: StoreName, key: string): Promise<T | undefined> {
  return result((await open()).transaction(store).objectStore(store).get(key) as IDBRequest<T | undefined>)
}
export async function all<T>(store: StoreName): Promise<T[]> {
  return result((await open()).transaction(store).objectStore(store).getAll() as IDBRequest<T[]>)
}
export async function remove(store: StoreName, key: string): Promise<void> {
  const tx = (await open()).transaction(store, 'readwrite')
  tx.objectStore(store).delete(key)
  return done(tx)
}
/* Whose things these are, so that the page can open them again before the server says who is here. */
export const remember = () => session.me && localStorage.setItem(OWNER, session.me.account.login)
export const owner = () => localStorage.getItem(OWNER)

export async function wipe(): Promise<void> {
  const db = await opened?.catch(() => null)
  db?.close()
  opened = null
  await new Promise<void>((resolve) => {
    const r = indexedDB.deleteDatabase(name())
    r.onsuccess = r.onerror = r.onblocked = () => resolve()
  })
  localStorage.removeItem(OWNER)
}
