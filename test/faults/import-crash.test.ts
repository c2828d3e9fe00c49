import { type Db, ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../harness/client.ts'
import { makeList } from '../harness/lists.ts'
import { ServiceProcess } from '../harness/process.ts'
import { expectSame, hasAny, type Outcome, outcomeOf } from './support/outcome.ts'
import {
  anewWhenMissed,
  approve,
  crash,
  PATIENCE_MS,
  progress,
  reach,
  sendList,
  whenSo,
} from './support/run.ts'

/**
 * SIGKILL of the service's whole process group, its database with it, in the middle of checking and at moments of
 * applying a long list. After a restart the list is applied, and everything is as after an undisturbed run.
 */
const ROWS = 20_000
const LIST = makeList({ rows: ROWS, seed: 7 })

const timeout = 2 * PATIENCE_MS

const services: ServiceProcess[] = []
/** a stopped service in which the list has been checked */
let prepared: Promise<ServiceProcess>
let importId = ''
let undisturbed: Promise<Outcome>

beforeAll(() => {
  prepared = prepare()
  undisturbed = prepared.then(async (from) => {
    const running = await service(from)
    await running.start()
    const client = await running.client()
    await approve(client, importId)
    await reach(client, importId, 'applied')
    return outcomeOf(running, importId)
  })
  // Whoever waits for them hears of it.
  undisturbed.catch(() => undefined)
})

afterAll(async () => {
  await undisturbed.catch(() => undefined)
  await Promise.all(services.map((s) => s.remove()))
})

async function prepare(): Promise<ServiceProcess> {
  const running = await service()
  await running.start()
  const client = await running.client()
  importId = await sendList(client, LIST.csv)
  const { counts } = await reach(client, importId, 'checked')
  expect(counts).toMatchObject({ total: ROWS, new: ROWS, error: 0 })
  await running.stop()
  return running
}

async function service(from?: ServiceProcess): Promise<ServiceProcess> {
  const made = await ServiceProcess.create({}, from)
  services.push(made)
  return made
}

/** Waits for the end of a killed list, which must be as if nothing had happened. */
async function expectUndisturbed(running: ServiceProcess, client: Client, id: string): Promise<void> {
  await reach(client, id, 'applied')
  expectSame(await outcomeOf(running, id), await undisturbed)
}

const recordedOf = (db: Db, id: string) =>
  db.collection('changes').countDocuments({ 'source.import': new ObjectId(id) })

/** Nothing of a list counts before all of it does. */
async function expectAllOrNothing(client: Client): Promise<void> {
  const figures = await client.figures()
  if (hasAny(figures)) expect(figures).toEqual((await undisturbed).rules)
}

describe('a list of 20,000 rows', () => {
  it.concurrent('undisturbed, gives the figures that it was made for', {
    timeout,
  }, async () => {
    const { rules, vehicles, upload, ledger, instants, differences } = await undisturbed
    const { expected } = LIST
    const found = Object.keys(expected.rules).map((id) => {
      const { numerator, denominator } = rules[id] ?? {}
      return [id, { numerator, denominator }]
    })
    expect(Object.fromEntries(found)).toEqual(expected.rules)
    expect(vehicles).toEqual(expected.vehicles)
    expect(upload.recorded).toBe(ROWS)
    expect(ledger).toHaveLength(ROWS)
    expect(instants, 'a list is recorded under one instant').toEqual({ recorded: 1, voided: 0 })
    expect(differences).toEqual([])
  })

  it.concurrent('killed in the middle of checking, it is checked and can be applied', {
    timeout,
  }, async () => {
    const { running, client, id } = await anewWhenMissed(async () => {
      const running = await service()
      await running.start()
      const client = await running.client()
      const id = await sendList(client, LIST.csv)
      await progress(client, id, { status: 'parsing', done: 8000, rows: ROWS })
      await crash(running, client)
      return { running, client, id }
    })
    await reach(client, id, 'checked')
    await approve(client, id)
    await expectUndisturbed(running, client, id)
  })

  const moments = [
    ['right after the approval, and again when half was recorded', [0, 10_000]],
    ['when the first rows were recorded, and again when nearly all was', [1, 18_000]],
  ] as const
  it.concurrent.for(moments)('killed %s, it ends applied all the same', { timeout }, async ([, crashes]) => {
    const { running, client } = await anewWhenMissed(async () => {
      const running = await service(await prepared)
      await running.start()
      const client = await running.client()
      await approve(client, importId)
      for (const done of crashes) {
        const isSo = async (db: Db) => (await recordedOf(db, importId)) >= done
        if (done > 0) await whenSo(running, importId, isSo)
        await crash(running, client)
        await expectAllOrNothing(client)
      }
      return { running, client }
    })
    await expectUndisturbed(running, client, importId)
  })
})
