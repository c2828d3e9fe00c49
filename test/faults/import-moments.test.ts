import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMongoose } from '../../server/database/connect.ts'
import { startDatabase } from '../../server/database/start.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import type { Client, Page } from '../harness/client.ts'
import { download } from '../harness/client.ts'
import { makeList } from '../harness/lists.ts'
import { ServiceProcess } from '../harness/process.ts'
import { cutAt, type Durations, type Moment, momentsOf } from './support/moments.ts'
import { expectSame, hasAny, type Outcome, outcomeOf } from './support/outcome.ts'
import { approve, PATIENCE_MS, reach, sendList, view } from './support/run.ts'

/**
 * SIGKILL of the service and its database at random moments between the sending of a long list and its being applied.
 * The moments are shares of what each stage took in an undisturbed run. `FAULT_MOMENTS` says how many (6), and
 * `FAULT_SEED` which.
 */
const ROWS = 20_000
const COUNT = Number(process.env.FAULT_MOMENTS ?? 6)
const SEED = Number(process.env.FAULT_SEED ?? 253)
const LIST = makeList({ rows: ROWS, seed: 11 })
const timeout = 2 * PATIENCE_MS

const services: ServiceProcess[] = []
/** a stopped service that nobody has sent anything */
let fresh: ServiceProcess
let durations: Durations
let undisturbed: Outcome

async function service(from?: ServiceProcess): Promise<ServiceProcess> {
  const made = await ServiceProcess.create({}, from)
  services.push(made)
  return made
}

beforeAll(async () => {
  fresh = await service()
  await fresh.start()
  await fresh.stop()
  const running = await service(fresh)
  await running.start()
  const client = await running.client()
  const marks = [performance.now()]
  const mark = () => marks.push(performance.now())
  const id = await sendList(client, LIST.csv)
  mark()
  await reach(client, id, 'checked')
  mark()
  await approve(client, id)
  mark()
  await reach(client, id, 'applied')
  mark()
  const [sending = 0, checking = 0, approving = 0, applying = 0] = marks
    .slice(1)
    .map((at, i) => at - (marks[i] ?? 0))
  durations = { sending, checking, approving, applying }
  undisturbed = await outcomeOf(running, id)
}, timeout)

afterAll(() => Promise.all(services.map((s) => s.remove())))

/** Sends the list again after a crash; what the first sending left is whole, or nothing. @returns the list to go on with */
async function sendAgain(running: ServiceProcess, client: Client): Promise<string> {
  const { items } = (await client.get<Page<ImportView>>('/imports')).body
  const [kept] = items
  if (!kept) {
    // A file that no list names is removed at the start.
    await running.stop()
    await expectNoFiles(running)
    await running.start()
    client.base = running.url
    return sendList(client, LIST.csv)
  }
  expect(items).toHaveLength(1)
  const { bytes } = await download(client, `/imports/${kept.id}/file`)
  expect(bytes.equals(Buffer.from(LIST.csv)), 'a list is there with its whole file').toBe(true)
  return kept.id
}

async function expectNoFiles({ dataDir }: ServiceProcess): Promise<void> {
  const database = await startDatabase({ dataDir })
  const connection = await connectMongoose(database.uri)
  try {
    for (const name of ['import-files.files', 'import-files.chunks', 'imports'])
      expect(await connection.collection(name).countDocuments(), name).toBe(0)
  } finally {
    await connection.close()
    await database.stop()
  }
}

/** The whole way of a list, as a client that comes back after a crash goes it. @param id of the list, once it is there */
async function goOn(client: Client, id: string): Promise<void> {
  const { status } = await view(client, id)
  if (status === 'parsing') await reach(client, id, 'checked')
  if (status === 'parsing' || status === 'checked') await approve(client, id)
  await reach(client, id, 'applied')
}

/** Brings a list to a stage, and kills the service in it. @returns its id, if its sender came to know it */
async function killIn({ stage, part }: Moment, running: ServiceProcess, client: Client) {
  const kill = () => running.kill()
  const after = part * durations[stage]
  let id: string | undefined
  const send = async () => {
    id = await sendList(client, LIST.csv)
  }
  if (stage === 'sending') {
    await cutAt(after, send, kill)
    return id
  }
  await send()
  const list = id ?? ''
  if (stage === 'checking') {
    await cutAt(after, () => reach(client, list, 'checked'), kill)
    return list
  }
  await reach(client, list, 'checked')
  if (stage === 'approving') {
    await cutAt(after, () => approve(client, list), kill)
    return list
  }
  await approve(client, list)
  await cutAt(after, () => reach(client, list, 'applied'), kill)
  return list
}

/** Figures are without the list until all of it counts. */
async function expectAllOrNothing(client: Client): Promise<void> {
  const figures = await client.figures()
  if (hasAny(figures)) expect(figures).toEqual(undisturbed.rules)
}

describe(`a list of 20,000 rows killed at ${COUNT} moments of seed ${SEED}`, () => {
  const moments = momentsOf(SEED, COUNT).map(
    (m, i) => [`${i + 1}. ${m.stage}, at ${(m.part * 100).toFixed(1)} % of it`, m] as const,
  )

  it('undisturbed, gives what it was made for', () => {
    expect(undisturbed.upload).toMatchObject({ status: 'applied', recorded: ROWS })
    expect(undisturbed.instants).toEqual({ recorded: 1, voided: 0 })
    expect(undisturbed.differences).toEqual([])
    expect(undisturbed.vehicles).toEqual(LIST.expected.vehicles)
    for (const [rule, { numerator, denominator }] of Object.entries(LIST.expected.rules))
      expect(undisturbed.rules[rule], rule).toMatchObject({ numerator, denominator })
  })

  it.for(moments)('%s: it ends as if nothing had happened', { timeout }, async ([, moment]) => {
    const running = await service(fresh)
    await running.start()
    const client = await running.client()
    const known = await killIn(moment, running, client)
    await running.start()
    client.base = running.url
    const id = known ?? (await sendAgain(running, client))
    await expectAllOrNothing(client)
    await goOn(client, id)
    expectSame(await outcomeOf(running, id), undisturbed)
    await running.remove()
  })
})
