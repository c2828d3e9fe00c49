import { mongo } from 'mongoose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, csvOf, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** What is asked of the thread for lists at the moment when it ends. */
let service: TestService
let admin: Client
let list: string
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  list = (await admin.check('list.csv', csvOf([{ ...vehicleOf(1), kind: 'stock' }]))).id
})
afterAll(() => service.close())

const ask = () => service.services.importThread.ask('countMoves', { id: list })

it('is answered by the next thread, where this one ends because nothing had come for a while', async () => {
  const { importThread } = service.services
  await ask()
  Reflect.get(importThread, 'worker').postMessage({ call: 'stop' })
  expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(Array(20).fill(null))
  expect((await admin.check('next.csv', csvOf([{ ...vehicleOf(2), kind: 'stock' }]))).counts.new).toBe(1)
})

it('is begun by the next thread, without waiting for a look around', async () => {
  const { importThread, models } = service.services
  // Nobody looks: what is begun is begun because the thread was told.
  Reflect.set(importThread, 'look', async () => undefined)
  try {
    await ask()
    const again = { $set: { status: 'parsing', lease: null } }
    await models.imports.collection.updateOne({ _id: new mongo.ObjectId(list) }, again)
    Reflect.get(importThread, 'worker').postMessage({ call: 'stop' })
    importThread.kick()
    expect((await admin.importIn(list, 'checked')).counts.new).toBe(1)
  } finally {
    Reflect.deleteProperty(importThread, 'look')
  }
})

it('is too much for now while the service stops, and not for the file', async () => {
  await ask()
  const stopped = service.services.importThread.stop()
  const asked = await Promise.allSettled(Array.from({ length: 20 }, ask))
  await stopped
  for (const answer of asked)
    if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ status: 503, code: 'busy' })
  await expect(ask()).rejects.toMatchObject({ status: 503, code: 'busy' })
  expect((await admin.upload('late.csv', csvOf([{ ...vehicleOf(3), kind: 'stock' }]))).status).toBe(503)
  await service.restart()
  expect((await admin.check('late.csv', csvOf([{ ...vehicleOf(3), kind: 'stock' }]))).counts.new).toBe(1)
})
