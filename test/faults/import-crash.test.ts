import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeModel } from '../../server/changes/model.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { startDatabase } from '../../server/database/start.ts'
import type { ImportStatus, ImportView } from '../../server/imports/schema.ts'
import { vehicleModel } from '../../server/vehicles/model.ts'
import { rebuildVehicles } from '../../server/vehicles/rebuild.ts'
import type { Client } from '../harness/client.ts'
import { makeList } from '../harness/lists.ts'
import { ServiceProcess } from '../harness/process.ts'

/**
 * SIGKILL of the service's whole process group, its database with it, in the middle of checking and at moments of
 * applying a long list. After a restart the list is applied, and everything is as after an undisturbed run.
 */
const ROWS = 20_000
const LIST = makeList({ rows: ROWS, seed: 7 })
/** Leases of the killed process run out after 30 s at the latest, then the work goes on. */
const PATIENCE_MS = 110_000

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
    await approve(await running.client())
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
  importId = await sendList(client)
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

async function sendList(client: Client): Promise<string> {
  const sent = await client.upload('list.csv', LIST.csv)
  expect(sent.status).toBe(202)
  return sent.body.id
}

async function approve(client: Client, id = importId): Promise<void> {
  expect((await client.post(`/imports/${id}/approve`)).status).toBe(202)
}

const view = async (client: Client, id: string): Promise<ImportView> =>
  (await client.get<ImportView>(`/imports/${id}`)).body

/** Asks for an upload again and again until it is as wanted. @throws when it comes to another end */
async function until(
  client: Client,
  id: string,
  holds: (view: ImportView) => boolean,
  everyMs: number,
): Promise<ImportView> {
  for (
    const deadline = Date.now() + PATIENCE_MS;
    ;
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  ) {
    const found = await view(client, id)
    if (holds(found)) return found
    if (['failed', 'rejected', 'applied'].includes(found.status) || Date.now() > deadline)
      throw new Error(`the moment never came: ${found.status} ${found.progress.done}/${found.progress.total}`)
  }
}

const reach = (client: Client, id: string, status: ImportStatus): Promise<ImportView> =>
  until(client, id, (v) => v.status === status, 200)

/** Waits until so many rows are done of a stage that still goes on. */
const progress = (client: Client, id: string, status: ImportStatus, done: number): Promise<ImportView> =>
  until(client, id, (v) => v.status === status && v.progress.done >= done && v.progress.done < ROWS, 30)

/** Everything that must not depend on what happened on the way. */
interface Outcome {
  upload: Pick<ImportView, 'counts' | 'codes' | 'recorded'>
  rules: Awaited<ReturnType<Client['figures']>>
  evidence: Record<string, number>
  vehicles: Record<string, { total: number; active: number }>
  ledger: string[]
  /** what a rebuild from the ledger finds wrong */
  differences: string[]
}

/** Waits until the list is applied; then gives what has come out, and stops the service. */
async function outcomeOf(running: ServiceProcess, id: string): Promise<Outcome> {
  const client = await running.client()
  const { counts, codes, recorded } = await reach(client, id, 'applied')
  const rules = await client.figures()
  const evidence: Record<string, number> = {}
  for (const rule of Object.keys(rules)) {
    const { body } = await client.get<{ total: number }>(`/compliance/${rule}/evidence?limit=1`)
    evidence[rule] = body.total
  }
  const vehicles: Outcome['vehicles'] = {}
  for (const category of Object.keys(LIST.expected.vehicles)) {
    const count = async (more: string) =>
      (await client.get<{ total: number }>(`/vehicles?limit=1&category=${category}${more}`)).body.total
    vehicles[category] = { total: await count(''), active: await count('&status=active') }
  }
  await running.stop()
  return { upload: { counts, codes, recorded }, rules, evidence, vehicles, ...(await ledgerOf(running)) }
}

/** The ledger in a stopped service's folder, without what is another in each run, and what a rebuild finds. */
async function ledgerOf({ dataDir }: ServiceProcess): Promise<Pick<Outcome, 'ledger' | 'differences'>> {
  const database = await startDatabase({ dataDir })
  const connection = await connectMongoose(database.uri)
  try {
    const changes = changeModel(connection)
    const entries = await changes.collection.find().toArray()
    const ledger = entries.map(
      ({ _id, source, recordedAt: _at, reportedAt: _sent, recordedBy: _by, ...rest }) =>
        JSON.stringify({ ...rest, row: source?.row }),
    )
    const stamps = new Set(entries.map((e) => e.recordedAt.getTime()))
    expect(stamps.size, 'a list is recorded under one instant').toBe(1)
    const { differences } = await rebuildVehicles(changes, vehicleModel(connection))
    return { ledger: ledger.sort(), differences }
  } finally {
    await connection.close()
    await database.stop()
  }
}

/** Compares without printing twenty thousand lines when they differ. */
async function expectUndisturbed(outcome: Outcome): Promise<void> {
  const { ledger, ...rest } = outcome
  const { ledger: expected, ...figures } = await undisturbed
  expect(rest).toEqual(figures)
  const known = new Set(expected)
  expect(ledger.filter((entry) => !known.has(entry)).slice(0, 3)).toEqual([])
  expect(ledger.length).toBe(expected.length)
}

/** Nothing of a list counts before all of it does; it is applied no earlier than the dead process's leases run out. */
async function expectNothingCounts(client: Client): Promise<void> {
  const figures = Object.values(await client.figures())
  if ((await view(client, importId)).status !== 'applying') return
  expect(figures.filter((f) => f.numerator !== 0 || (f.denominator ?? 0) !== 0).map((f) => f.id)).toEqual([])
}

describe('a list of 20,000 rows', () => {
  /** Kills it at such a moment and starts it again, for the same client. */
  async function crash(running: ServiceProcess, client: Client): Promise<void> {
    await running.kill()
    await running.start()
    client.base = running.url
  }

  it.concurrent('undisturbed, gives the figures that it was made for', {
    timeout,
  }, async () => {
    const { rules, vehicles, upload, ledger, differences } = await undisturbed
    const { expected } = LIST
    const found = Object.keys(expected.rules).map((id) => {
      const { numerator, denominator } = rules[id] ?? {}
      return [id, { numerator, denominator }]
    })
    expect(Object.fromEntries(found)).toEqual(expected.rules)
    expect(vehicles).toEqual(expected.vehicles)
    expect(upload.recorded).toBe(ROWS)
    expect(ledger).toHaveLength(ROWS)
    expect(differences).toEqual([])
  })

  it.concurrent('killed in the middle of checking, it is checked and can be applied', {
    timeout,
  }, async () => {
    const running = await service()
    await running.start()
    const client = await running.client()
    const id = await sendList(client)
    await progress(client, id, 'parsing', 8000)
    await crash(running, client)
    await reach(client, id, 'checked')
    await approve(client, id)
    await expectUndisturbed(await outcomeOf(running, id))
  })

  const moments = [
    ['right after the approval, and again when half was recorded', [0, 10_000]],
    ['when the first rows were recorded, and again when nearly all was', [1, 18_000]],
  ] as const
  it.concurrent.for(moments)('killed %s, it ends applied all the same', { timeout }, async ([, crashes]) => {
    const running = await service(await prepared)
    await running.start()
    const client = await running.client()
    await approve(client)
    for (const done of crashes) {
      if (done > 0) await progress(client, importId, 'applying', done)
      await crash(running, client)
      await expectNothingCounts(client)
    }
    await expectUndisturbed(await outcomeOf(running, importId))
  })
})
