import { afterAll, beforeAll, expect, it } from 'vitest'
import { ShortMemory } from '../../server/accounts/short-memory.ts'
import { person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Who asks is remembered for a moment; what this process changes holds at once all the same. */

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

it('a session that is ended is refused by the very next request, many times over', async () => {
  const viewer = await person(service, { role: 'viewer' })
  for (let i = 0; i < 10; i++) {
    const other = service.visitor()
    await other.signIn(viewer.email, 'long enough to be taken')
    expect((await other.get('/me')).status).toBe(200)
    const { body } = await other.get<{ items: { id: string; current: boolean }[] }>('/me/sessions')
    const own = body.items.find((s) => s.current)
    expect((await viewer.send('DELETE', `/me/sessions/${own?.id}`)).status).toBe(204)
    expect((await other.get('/me')).status).toBe(401)
    expect((await viewer.get('/me')).status).toBe(200)
  }
})

it('rights that are taken hold for the very next request', async () => {
  const officer = await person(service, { role: 'officer' })
  expect((await officer.get('/imports')).status).toBe(200)
  const { status } = await service.admin.send('PATCH', `/accounts/${officer.id}`, { active: false })
  expect(status).toBe(200)
  expect((await officer.get('/me')).status).toBe(401)
})

it('what another process changes holds within a second', async () => {
  const viewer = await person(service, { role: 'viewer' })
  const { uri } = { uri: service.config.mongodbUri ?? '' }
  const { MongoClient } = await import('mongodb')
  const other = new MongoClient(uri)
  try {
    const ended = () => other.db().collection('sessions').deleteMany({ 'session.account': viewer.id })
    // Remembered by now.
    expect((await viewer.get('/me')).status).toBe(200)
    await ended()
    // The second that is promised; however long this takes, what is asked after it must be refused.
    await new Promise((done) => setTimeout(done, 1000))
    expect((await viewer.get('/me')).status).toBe(401)
  } finally {
    await other.close()
  }
})

it('a read that a write overtook is not remembered', async () => {
  const client = service.services.connection.getClient()
  const things = service.services.connection.collection('things')
  let elapsed = 0
  const memory = new ShortMemory(client, ['things'], () => elapsed)
  await things.insertOne({ name: 'old' })
  const read = () => things.findOne({}, { projection: { _id: 0 } })
  expect(await memory.get('a', read)).toEqual({ name: 'old' })
  const overtaken = memory.get('b', async () => {
    const found = await read()
    await things.updateOne({}, { $set: { name: 'new' } })
    return found
  })
  expect(await overtaken).toEqual({ name: 'old' })
  expect(await memory.get('b', read)).toEqual({ name: 'new' })
  expect(await memory.get('a', read)).toEqual({ name: 'new' })
  await service.services.connection.collection('others').insertOne({})
  let reads = 0
  const counted = async () => ++reads
  expect([await memory.get('c', counted), await memory.get('c', counted)]).toEqual([1, 1])
  await service.services.connection.collection('others').insertOne({})
  expect(await memory.get('c', counted)).toBe(1)
  await things.deleteMany({})
  expect(await memory.get('c', counted)).toBe(2)
  elapsed = 999
  expect(await memory.get('c', counted)).toBe(2)
  elapsed = 1000
  expect(await memory.get('c', counted)).toBe(3)
})
