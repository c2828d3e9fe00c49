import { ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { difference } from '../../server/audit/redact.ts'

const many = (n: number, last: string) => [...Array.from({ length: n - 1 }, (_, i) => `p${i}`), last]

describe('what differs of two states', () => {
  it('is told though it lies behind what is cut: in a list, a text, a depth, among many fields', () => {
    const deep = (leaf: number) => ({ a: { b: { c: { d: { e: { f: { g: leaf } } } } } } })
    const wide = (leaf: number) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i === 99 ? leaf : i]))
    const state = (list: string, text: string, n: number) => ({
      ...{ list: many(60, list), text: `${'x'.repeat(600)}${text}`, deep: deep(n), same: many(60, 'z') },
      ...wide(n),
    })
    const { before, after } = difference(state('was', 'was', 1), state('is', 'is', 2))
    for (const side of [before, after])
      expect(Object.keys(side as object)).toEqual(['list', 'text', 'deep', 'f99'])
    expect(before).toMatchObject({ f99: 1 })
    expect(after).toMatchObject({ f99: 2 })
    expect((after as { list: unknown[] }).list).toHaveLength(41)
    expect((after as { text: string }).text).toHaveLength(501)
  })

  it('is nothing for the same things of other kinds, and shows no secret', () => {
    const id = new ObjectId()
    const at = new Date('2026-11-23T00:00:00Z')
    const was = { id, at, gone: undefined, none: null, map: new Map([['a', 1]]), password: 'old secret' }
    const is = { id: id.toHexString(), at: at.toISOString(), map: { a: 1 }, password: 'new secret' }
    expect(difference(was, is)).toEqual({ before: { password: '***' }, after: { password: '***' } })
    expect(difference(new Map([['a', 1]]), new Map([['a', 2]]))).toEqual({
      before: { a: 1 },
      after: { a: 2 },
    })
  })

  it('is all of a thing that is made or ends', () => {
    expect(difference(null, { a: 1 })).toEqual({ before: null, after: { a: 1 } })
    expect(difference({ a: 1 }, undefined)).toEqual({ before: { a: 1 }, after: null })
    expect(difference(['a'], ['b'])).toEqual({ before: ['a'], after: ['b'] })
  })
})
