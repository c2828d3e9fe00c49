import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { holdAnswer } from '../../server/audit/hold.ts'

/** A server whose answers wait for `store`. */
async function serverOf(answer: express.RequestHandler, store: () => Promise<void>) {
  const app = express()
  app.use((_req, res, next) => {
    holdAnswer(res, store, () => {
      for (const name of res.getHeaderNames()) if (/^content-/.test(name)) res.removeHeader(name)
      res.statusCode = 503
      return 'not stored'
    })
    next()
  })
  app.use(answer)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  close = () => server.close()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
let close: (() => void) | undefined
afterEach(() => close?.())

/** A store that ends when it is told to. */
function gate() {
  let calls = 0
  let open: () => void = () => {}
  let fail: (error: Error) => void = () => {}
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return {
    store: () => {
      calls++
      return opened
    },
    open: () => open(),
    fail: () => fail(new Error('no')),
    calls: () => calls,
  }
}

const BIG = Buffer.alloc(3_000_000, 'x')
const ANSWERS: [string, express.RequestHandler, string][] = [
  ['JSON', (_req, res) => void res.status(201).json({ a: 1 }), '{"a":1}'],
  ['nothing', (_req, res) => void res.status(204).end(), ''],
  ['a long text', (_req, res) => void res.send(BIG.toString()), BIG.toString()],
  [
    'a stream',
    (_req, res) =>
      pipeline(Readable.from(Array.from({ length: 300 }, (_, i) => Buffer.alloc(10_000, i % 10))), res),
    Buffer.concat(Array.from({ length: 300 }, (_, i) => Buffer.alloc(10_000, i % 10))).toString(),
  ],
  [
    'pieces',
    (_req, res) => {
      res.write('one ')
      res.write('two ')
      res.end('three')
    },
    'one two three',
  ],
]

describe('an answer that is held', () => {
  it.each(ANSWERS)('leaves whole and in order once its entry is stored: %s', async (_what, answer, body) => {
    const door = gate()
    const url = await serverOf(answer, door.store)
    let answered = false
    const asked = fetch(url).then(async (response) => {
      answered = true
      return response.text()
    })
    await expect.poll(door.calls).toBe(1)
    // Nothing, not even its head, has left; another request shows that the server is not merely slow.
    await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    door.open()
    expect(await asked).toBe(body)
    expect(door.calls()).toBe(1)
  })

  it('is broken off when its head has left before, and the service goes on', async () => {
    const door = gate()
    const url = await serverOf((_req, res) => {
      res.flushHeaders()
      res.end('x')
    }, door.store)
    const asked = fetch(url).then((response) => response.text())
    await expect.poll(door.calls).toBe(1)
    door.fail()
    await expect(asked).rejects.toThrow()
  })

  it.each(ANSWERS)('never leaves when its entry cannot be stored: %s', async (_what, answer) => {
    const door = gate()
    const url = await serverOf(answer, door.store)
    const asked = fetch(url)
    await expect.poll(door.calls).toBe(1)
    door.fail()
    const response = await asked
    expect([response.status, await response.text()]).toEqual([503, 'not stored'])
  })
})
