import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/**
 * Uploads that are refused before they are read, over a connection that ends with the answer, as behind a proxy that
 * keeps none open: the answer arrives all the same, also at who reads it only after having sent everything.
 */
let service: TestService
let viewer: Client
beforeAll(async () => {
  service = await startTestService()
  viewer = await person(service, { role: 'viewer' })
})
afterAll(() => service.close())

const MB = 1 << 20

/** Sends a file of so many megabytes slowly, and reads the answer after that. */
async function send(client: Client, path: string, megabytes: number): Promise<string> {
  const [head, end] = [
    '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
    '\r\n--x--\r\n',
  ]
  const { hostname, port } = new URL(client.base)
  const socket = connect(Number(port), hostname).pause()
  const failed = new Promise<never>((_, reject) => socket.once('error', reject))
  const write = (part: string | Buffer) =>
    Promise.race([failed, new Promise<void>((done) => socket.write(part, () => done()))])
  await write(
    `${[
      ...[`POST /api/v1${path} HTTP/1.1`, `host: ${hostname}:${port}`, 'connection: close'],
      ...[`cookie: ${client.cookie}`, 'content-type: multipart/form-data; boundary=x'],
      `content-length: ${head.length + megabytes * MB + end.length}`,
    ].join('\r\n')}\r\n\r\n${head}`,
  )
  // Time enough to refuse it, if nobody waits.
  await pause(300)
  for (let i = 0; i < megabytes; i++) await write(Buffer.alloc(MB, 65))
  await write(end)
  const parts: Buffer[] = []
  const answered = new Promise<void>((done) => socket.once('end', done))
  socket.on('data', (part) => parts.push(part)).resume()
  await Promise.race([failed, answered])
  socket.destroy()
  return Buffer.concat(parts).toString()
}

it.each([
  ['who is not signed in', () => service.visitor(), '/imports', 401],
  ['who may not send any', () => viewer, '/imports', 403],
  ['a place that there is not', () => service.admin, '/import', 404],
] as const)('one of %s is told so', async (_, by, path, status) => {
  expect(await send(by(), path, 20)).toMatch(
    new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json[\\s\\S]*"status":${status}`),
  )
})

it('one that is too large is told so', async () => {
  expect(await send(service.admin, '/imports', 60)).toMatch(/^HTTP\/1.1 413 [\s\S]*import\.too-large/)
})

it('one that never comes to its end is told so in a while', async () => {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  socket.write(
    'POST /api/v1/imports HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/csv\r\ncontent-length: 1000000\r\n\r\nabc',
  )
  let said = ''
  for await (const part of socket) said += part
  expect(said).toMatch(/^HTTP\/1.1 401 /)
})
