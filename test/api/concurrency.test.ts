import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import { startDatabase } from '../../server/database/start.ts'
import { type RunningService, startService } from '../../server/start.ts'
import { rebuildVehicles } from '../../server/vehicles/rebuild.ts'
import type { VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Answer, Client, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

/** Fifty at once, half of them through another service on the same database. */
const ATTEMPTS = 50

let service: TestService
let second: RunningService
let folder: string
let clients: Client[]
let n = 0

beforeAll(async () => {
  service = await startTestService()
  folder = mkdtempSync(join(tmpdir(), 'fleet-second-'))
  const database = startDatabase({ uri: service.config.mongodbUri, dataDir: folder })
  second = await startService({ ...service.config, dataDir: folder }, database, {
    log: pino({ level: 'silent' }),
    writeLimits: { account: 1_000_000, address: 1_000_000 },
    importThread: inject('importThread'),
  })
  const other = new Client(second.url)
  await other.signIn(ADMIN.email, ADMIN.password)
  clients = [service.admin, other]
})
afterAll(async () => {
  await second.stop()
  await service.close()
  rmSync(folder, { recursive: true, force: true })
})

const atOnce = (attempt: (client: Client, i: number) => Promise<Answer<Recorded>>) =>
  Promise.all(
    Array.from({ length: ATTEMPTS }, (_, i) => {
      const client = clients[i % 2]
      if (!client) throw new Error('no client')
      return attempt(client, i)
    }),
  )

/** Exactly one has won; all others are told what happened. */
function expectOne(answers: Answer<Recorded>[], won: number, told: string[]): Recorded {
  const winners = answers.filter((a) => a.status === won)
  expect(answers.map((a) => a.status).filter((s) => s >= 500)).toEqual([])
  expect(winners).toHaveLength(1)
  for (const { status, body } of answers.filter((a) => a.status !== won)) {
    const said = body.errors[0]?.code ?? body.code
    expect([[409, 422].includes(status), told.includes(said), said]).toEqual([true, true, said])
    expect(body.title).toMatch(/\p{Script=Han}/u)
  }
  return winners[0]?.body as Recorded
}

const historyOf = async (of: number) =>
  (await service.admin.get<VehicleWithHistory>(`/vehicles/${vinOf(of)}`)).body

/** What the register says follows from the ledger, and nothing is left half done. */
async function expectConsistent(): Promise<void> {
  const { changes, vehicles } = service.services.models
  expect((await rebuildVehicles(changes, vehicles)).differences).toEqual([])
  const state = await service.services.connection.collection('ledger-state').findOne({})
  expect(state?.inFlight).toEqual([])
}

const facts = { category: 'truck', operator: '延平货运公司' }
const stock = async (of: number) => service.admin.mustChange({ kind: 'stock', vehicle: vehicleOf(of, facts) })

const WAYS = ['void', 'retire', 'replace'] as const
type Way = (typeof WAYS)[number]
/** What those are told who try to withdraw a vehicle's only entry, retire or replace it, by what somebody has just done. */
const TOLD: Record<Way, Record<Way, string>> = {
  void: { void: 'change.already-voided', retire: 'vehicle.not-found', replace: 'replaced.not-found' },
  retire: { void: 'change.has-dependents', retire: 'change.duplicate', replace: 'replaced.already-retired' },
  replace: {
    ...{ void: 'change.has-dependents', retire: 'vehicle.already-retired' },
    replace: 'replaced.already-retired',
  },
}

describe('fifty at once, through two services', () => {
  it('retire a vehicle on many days and for many reasons: one does', async () => {
    const of = ++n
    await stock(of)
    const answers = await atOnce((client, i) =>
      client.change({
        ...{
          kind: 'retired',
          on: `2025-05-${String((i % 28) + 1).padStart(2, '0')}`,
          vehicle: { vin: vinOf(of) },
        },
        reason: i % 3 ? 'scrapped' : 'deregistered',
      }),
    )
    const won = expectOne(answers, 201, [
      'vehicle.already-retired',
      'change.duplicate',
      'change.conflict',
      'vehicle.conflict',
    ])
    const { status, exitedOn, history } = await historyOf(of)
    expect([status, exitedOn, history.length]).toEqual(['retired', won.on, 2])
    await expectConsistent()
  })

  it('replace a vehicle, each by another: one does', async () => {
    const old = ++n
    await stock(old)
    n += ATTEMPTS
    const answers = await atOnce((client, i) =>
      client.change({
        ...{ kind: 'replaced', on: '2025-06-01', replaces: [vinOf(old)] },
        vehicle: vehicleOf(old + 1 + i, { ...facts, energy: 'BEV' }),
      }),
    )
    const won = expectOne(answers, 201, ['replaced.already-retired'])
    expect((await historyOf(old)).replacedBy).toBe(won.vehicle.vin)
    const made = await service.admin.all<ChangeView>('/changes?kind=replaced')
    expect(made.filter((c) => c.retires.some((r) => r.vin === vinOf(old)))).toHaveLength(1)
    await expectConsistent()
  })

  it.each(WAYS)('retire, replace and void at once, with one first that would %s: one does', async (way) => {
    const of = ++n
    const first = await stock(of)
    n += ATTEMPTS
    const wayOf = (i: number) => WAYS[(WAYS.indexOf(way) + i) % WAYS.length] ?? way
    const attempts = {
      void: (client: Client) => client.post<Recorded>(`/changes/${first.id}/void`, { reason: '录入有误' }),
      retire: (client: Client) =>
        client.change({
          ...{ kind: 'retired', on: '2025-05-05', reason: 'scrapped', vehicle: { vin: vinOf(of) } },
        }),
      replace: (client: Client, i: number) =>
        client.change({
          ...{ kind: 'replaced', on: '2025-06-01', replaces: [vinOf(of)] },
          vehicle: vehicleOf(of + 1 + i, { ...facts, energy: 'BEV' }),
        }),
    }
    const answers = await atOnce((client, i) => attempts[wayOf(i)](client, i))
    const winners = answers.flatMap(({ status }, i) => (status < 300 ? [i] : []))
    expect(winners).toHaveLength(1)
    const won = wayOf(winners[0] ?? 0)
    expectOne(answers, won === 'void' ? 200 : 201, Object.values(TOLD[won]))
    const told = answers.flatMap(({ status, body }, i) =>
      status < 300 ? [] : [[wayOf(i), body.errors[0]?.code ?? body.code]],
    )
    expect(told).toEqual(told.map(([tried]) => [tried, TOLD[won][tried as Way]]))
    await expectConsistent()
  })

  it('void an entry: one does', async () => {
    const made = await stock(++n)
    const answers = await atOnce((client) =>
      client.post<Recorded>(`/changes/${made.id}/void`, { reason: '录入有误' }),
    )
    expectOne(answers, 200, ['change.already-voided'])
    await expectConsistent()
  })

  it('correct an entry, each otherwise: one does', async () => {
    const of = ++n
    const made = await stock(of)
    await service.admin.mustChange({
      kind: 'retired',
      on: '2025-05-05',
      reason: 'scrapped',
      vehicle: { vin: vinOf(of) },
    })
    const answers = await atOnce((client, i) =>
      client.post<Recorded>(`/changes/${made.id}/correct`, {
        reason: '录入有误',
        change: { kind: 'stock', note: `第${i}次`, vehicle: vehicleOf(of, { ...facts, emission: '2' }) },
      }),
    )
    const won = expectOne(answers, 201, ['change.already-voided'])
    const counting = (await historyOf(of)).history.filter((c) => c.voidedAt === null)
    expect(counting.map((c) => [c.kind, c.vehicle.emission])).toEqual([
      ['stock', '2'],
      ['retired', '2'],
    ])
    expect(counting[0]?.id).toBe(won.id)
    await expectConsistent()
  })

  it('put one battery pack into as many vehicles: one does', async () => {
    const from = n + 1
    n += ATTEMPTS
    const code = '001PB01ABCDEF1C510000001'
    await Promise.all(
      Array.from({ length: ATTEMPTS }, (_, i) =>
        service.admin.mustChange({
          ...{ kind: 'stock', vehicle: vehicleOf(from + i, { category: 'bus', energy: 'BEV' }) },
        }),
      ),
    )
    const answers = await atOnce((client, i) =>
      client.change({
        ...{ kind: 'battery-swap', on: '2025-01-01', packs: 1, vehicle: { vin: vinOf(from + i) } },
        batteries: { installed: [code] },
      }),
    )
    expectOne(answers, 201, ['battery.elsewhere'])
    await expectConsistent()
  })
})
