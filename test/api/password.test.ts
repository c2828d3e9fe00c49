import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, PASSWORD, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

const NEW = 'a new long password'
const change = (by: Client, current: string, password: string) =>
  by.post<ProblemBody>('/me/password', { current, password })

it('changes one’s password, goes on here and ends the other sessions', async () => {
  const viewer = await person(service, { role: 'viewer' })
  const phone = service.visitor()
  await phone.signIn(viewer.email, PASSWORD)
  expect((await change(viewer, PASSWORD, NEW)).status).toBe(204)
  expect([(await viewer.get('/me')).status, (await phone.get('/me')).status]).toEqual([200, 401])
  expect((await viewer.get<{ items: unknown[] }>('/me/sessions')).body.items).toHaveLength(1)
  expect((await phone.post('/session', { email: viewer.email, password: PASSWORD })).status).toBe(401)
  await phone.signIn(viewer.email, NEW)
  // Again, with what is the password now.
  expect((await change(viewer, PASSWORD, 'the third password')).body.code).toBe('password.wrong')
  expect((await change(viewer, NEW, 'the third password')).status).toBe(204)
})

it('refuses a wrong present one, and says no more', async () => {
  const viewer = await person(service, { role: 'viewer' })
  const { status, body } = await change(viewer, 'not the present one', NEW)
  expect([status, body.code]).toEqual([403, 'password.wrong'])
  expect((await viewer.get('/me')).status).toBe(200)
  await service.visitor().signIn(viewer.email, PASSWORD)
})

it('lets nobody guess at an open session’s password', async () => {
  const viewer = await person(service, { role: 'viewer' })
  const statuses: number[] = []
  for (let i = 0; i < 6; i++) statuses.push((await change(viewer, `guess ${i}`, NEW)).status)
  expect(statuses).toEqual([403, 403, 403, 403, 403, 429])
  const { status, headers } = await viewer.post('/me/second-factor', { password: PASSWORD })
  expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true])
  // Signing in is not held up by that.
  await service.visitor().signIn(viewer.email, PASSWORD)
})

it('is changed once by two at once', async () => {
  const viewer = await person(service, { role: 'viewer' })
  const tries = await Promise.all(
    ['first of two passwords', 'second of two passwords'].map((p) => change(viewer, PASSWORD, p)),
  )
  const statuses = tries.map((t) => t.status)
  expect(statuses.filter((s) => s === 204)).toHaveLength(1)
  const winner = statuses[0] === 204 ? 'first of two passwords' : 'second of two passwords'
  await service.visitor().signIn(viewer.email, winner)
})

it.each([
  {},
  { current: PASSWORD },
  { password: NEW },
  { current: PASSWORD, password: 'short' },
  { current: PASSWORD, password: 'x'.repeat(201) },
  { current: { $ne: null }, password: NEW },
  { current: PASSWORD, password: NEW, role: 'administrator' },
  [],
])('is not changed by %j', async (body) => {
  const viewer = await person(service, { role: 'viewer' })
  expect((await viewer.post('/me/password', body)).status).toBe(400)
  expect((await service.visitor().post('/me/password', body)).status).toBe(401)
  await service.visitor().signIn(viewer.email, PASSWORD)
})

it('takes a link for a new password away with it', async () => {
  const viewer = await person(service, { role: 'viewer' })
  const { accountLinks, clock, connection } = service.services
  await accountLinks.requestReset(viewer.email, 'somewhere', clock.now())
  await accountLinks.settle(clock.now())
  const resets = () =>
    connection.collection('accounts').countDocuments({ email: viewer.email, reset: { $exists: true } })
  expect(await resets()).toBe(1)
  await change(viewer, PASSWORD, NEW)
  expect(await resets()).toBe(0)
})
