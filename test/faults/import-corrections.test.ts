import { type Db, ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, vehicleOf } from '../harness/client.ts'
import { ServiceProcess } from '../harness/process.ts'
import { expectSame, type Outcome, outcomeOf } from './support/outcome.ts'
import { anewWhenMissed, approve, crash, PATIENCE_MS, reach, sendList, view, whenSo } from './support/run.ts'

/**
 * SIGKILL while a list puts right what the register says of a fleet, and while a list is withdrawn. What a correction
 * withdraws and says anew are two writes; the states between them are looked for in the database itself.
 */
const VEHICLES = 3000
const timeout = 2 * PATIENCE_MS
const numbers = Array.from({ length: VEHICLES }, (_, i) => i + 1)
const isBus = (n: number): boolean => n % 10 === 0
const moves = (n: number): boolean => n % 5 === 1
const factsOf = (n: number) => ({
  ...vehicleOf(n, isBus(n) ? { category: 'bus', energy: 'BEV' } : {}),
  registeredOn: '2020-01-01',
})
const BUSES = numbers.filter(isBus).length
const MOVED = numbers.filter(moves).length

/** Every vehicle, and a change of each bus since, so that a correction of it concerns two entries. */
const REGISTER = csvOf([
  ...numbers.map((n) => ({ ...factsOf(n), kind: 'stock' })),
  ...numbers.filter(isBus).map((n) => ({ ...factsOf(n), kind: 'battery-swap', on: '2025-03-01', packs: 4 })),
])
/** The same fleet with the energy of each vehicle put right, and some in another county. */
const FLEET = csvOf(
  numbers.map((n) => ({
    ...factsOf(n),
    energy: isBus(n) ? 'FCEV' : 'gas',
    ...(moves(n) ? { county: '350703' } : {}),
  })),
).replace('变动类型', '序号')

/** Vehicles of which an entry has a document, all over the list. */
const DOCUMENTED = numbers.filter((n) => n % 250 === 1)
/** The entries that these go with: of each vehicle the one that counts. */
const documentsOf = (energy: string) =>
  DOCUMENTED.map((n) => `${vehicleOf(n).vin}|stock|2020-01-01 ${energy}`).sort()

const services: ServiceProcess[] = []
/** stopped services: with the fleet's list checked, and with it applied */
let checked: ServiceProcess
let applied: ServiceProcess
let id = ''
let expected: { applied: Outcome; withdrawn: Outcome }

async function service(from?: ServiceProcess): Promise<ServiceProcess> {
  const made = await ServiceProcess.create({}, from)
  services.push(made)
  return made
}

async function begin(from: ServiceProcess): Promise<{ running: ServiceProcess; client: Client }> {
  const running = await service(from)
  await running.start()
  return { running, client: await running.client() }
}

beforeAll(async () => {
  checked = await service()
  await checked.start()
  const client = await checked.client()
  const stock = await sendList(client, REGISTER)
  await reach(client, stock, 'checked')
  await approve(client, stock)
  await reach(client, stock, 'applied')
  for (const n of DOCUMENTED) await giveDocument(client, n)
  id = await sendList(client, FLEET, { mode: 'fleet', asOf: '2026-11-20' })
  const { counts } = await reach(client, id, 'checked')
  expect(counts).toMatchObject({ changed: VEHICLES, error: 0, missing: 0 })
  await checked.stop()

  const first = await begin(checked)
  await approve(first.client, id)
  await reach(first.client, id, 'applied')
  await first.running.stop()
  applied = first.running
  const copy = await begin(applied)
  const whole = await outcomeOf(copy.running, id)
  const last = await begin(applied)
  await withdraw(last.client)
  await reach(last.client, id, 'withdrawn')
  expected = { applied: whole, withdrawn: await outcomeOf(last.running, id) }
}, timeout)

afterAll(() => Promise.all(services.map((s) => s.remove())))

async function giveDocument(client: Client, n: number): Promise<void> {
  const form = new FormData()
  form.set('file', new Blob(['%PDF-1.4']), '证.pdf')
  const file = (await client.send<{ id: string }>('POST', '/attachments', form)).body.id
  const { history } = (await client.get<VehicleWithHistory>(`/vehicles/${vehicleOf(n).vin}`)).body
  const added = await client.post(`/changes/${history[0]?.id}/attachments`, { attachment: file })
  expect(added.status, JSON.stringify(added.body)).toBe(201)
}

async function withdraw(client: Client): Promise<void> {
  const { status, body } = await client.post(`/imports/${id}/withdraw`, { reason: '整份有误' })
  expect(status, JSON.stringify(body)).toBe(202)
}

const own = () => ({ 'source.import': new ObjectId(id) })
const count = (db: Db, filter: object) => db.collection('changes').countDocuments(filter)
const withdrawnFor = (db: Db) => count(db, { 'voidedFor.import': new ObjectId(id) })
const saidAnew = (db: Db) => count(db, { ...own(), corrects: { $exists: true } })

const MOMENTS: readonly (readonly [string, (db: Db) => Promise<boolean>])[] = [
  ['when the first entry is withdrawn', async (db) => (await withdrawnFor(db)) > 0],
  ['when the first is said anew', async (db) => (await saidAnew(db)) > 0],
  ['when vehicles begin to move', async (db) => (await count(db, { ...own(), kind: 'transferred' })) > 0],
  ['when the second thousand is withdrawn', async (db) => (await withdrawnFor(db)) > 1300],
  ['when the last is withdrawn', async (db) => (await withdrawnFor(db)) >= VEHICLES + BUSES],
]

describe('a fleet of 3,000 vehicles put right', () => {
  it('undisturbed, withdraws each wrong entry and says it anew once', () => {
    const { upload, ledger, instants, documents, differences, vehicles } = expected.applied
    expect(upload).toMatchObject({ status: 'applied', recorded: VEHICLES + BUSES + MOVED })
    expect(ledger).toHaveLength(2 * (VEHICLES + BUSES) + MOVED)
    expect(instants).toEqual({ recorded: 1, voided: 1 })
    expect(documents).toEqual(documentsOf('gas'))
    expect(differences).toEqual([])
    expect(vehicles.bus).toEqual({ total: BUSES, active: BUSES })
    expect(vehicles.truck).toEqual({ total: VEHICLES - BUSES, active: VEHICLES - BUSES })
  })

  const killedAt = (moments: typeof MOMENTS) =>
    anewWhenMissed(async () => {
      const { running, client } = await begin(checked)
      await approve(client, id)
      for (const [, isSo] of moments) {
        await whenSo(running, id, isSo)
        await crash(running, client)
      }
      await reach(client, id, 'applied')
      expectSame(await outcomeOf(running, id), expected.applied)
      await running.remove()
    })

  it.for(MOMENTS)('killed %s, it ends with every correction there once', { timeout }, (moment) =>
    killedAt([moment]),
  )

  it('killed at all of these moments, one after the other, it ends so too', { timeout }, () =>
    killedAt(MOMENTS),
  )
})

const inShort = (rules: Outcome['rules']): string =>
  Object.values(rules)
    .map((r) => `${r.id} ${r.numerator}/${r.denominator}`)
    .join(', ')

describe('such a list withdrawn', () => {
  const withdrawn = (db: Db) => count(db, { ...own(), voided: true })

  it('undisturbed, says again what was said before', () => {
    const { upload, instants, documents, differences, ledger, vehicles } = expected.withdrawn
    expect(upload).toMatchObject({ status: 'withdrawn' })
    expect(instants).toEqual({ recorded: 1, voided: 2 })
    expect(documents).toEqual(documentsOf('diesel'))
    expect(differences).toEqual([])
    expect(ledger).toHaveLength(3 * (VEHICLES + BUSES) + MOVED)
    expect(vehicles).toEqual(expected.applied.vehicles)
  })

  const killedWhen = async (so: number) => {
    const { running, client } = await begin(applied)
    await withdraw(client)
    await whenSo(running, id, async (db) => (await withdrawn(db)) >= so)
    await crash(running, client)
    return { running, client }
  }

  it.for([
    ['at once', 1],
    ['in its middle', 1600],
    ['at its end', VEHICLES + BUSES + MOVED],
  ] as const)('killed %s, it is withdrawn as a whole', { timeout }, async ([, so]) => {
    const { running, client } = await anewWhenMissed(() => killedWhen(so))
    const seen = new Set<string>()
    for (let done = false; !done; ) {
      seen.add(inShort(await client.figures()))
      done = (await view(client, id)).status === 'withdrawn'
    }
    const outcome = await outcomeOf(running, id)
    const whole = [expected.applied, expected.withdrawn].map((o) => inShort(o.rules))
    expect(
      [...seen].filter((figures) => !whole.includes(figures)),
      'half of it counts',
    ).toEqual([])
    expectSame(outcome, expected.withdrawn)
    await running.remove()
  })
})
