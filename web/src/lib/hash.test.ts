import { describe, expect, it } from 'vitest'
import { hex, sha256, sha256Text, sipHash } from './hash'

describe('sha256', () => {
  it('gives the vectors of FIPS 180-4', () => {
    expect(hex(sha256Text('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(hex(sha256(new Uint8Array()))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(hex(sha256Text('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))).toBe('248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1')
    expect(hex(sha256(new Uint8Array(1000).fill(0x61)))).toBe('41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3')
  })
})

describe('sipHash', () => {
  it('gives the reference vector of eight bytes', () => {
    const key = Uint8Array.from({ length: 16 }, (_, i) => i)
    expect(sipHash(key, 0x0706050403020100n)).toBe(0x93f5f5799a932462n)
  })
})
