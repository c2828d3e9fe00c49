import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import type { ChangeDoc } from '../../server/changes/model.ts'
import { leafModel, sealModel } from '../../server/seals/model.ts'
import type { SealView } from '../../server/seals/schema.ts'
import { Seals, SealTampered, StillWriting } from '../../server/seals/service.ts'
import { type Verification, verifyLedger } from '../../server/seals/verify-ledger.ts'
import { type Page, person, type Recorded, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { until } from '../jobs/support/world.ts'

const DAY_MS = 86_400_000

let service: TestService
/** what the ledger, the seals and their leaves held before anybody touched them */
let untouched: Record<'changes' | 'seals' | 'seal-leaves', Stored[]>
let ids: string[]
let voidedId: string

/** A document as it lies in the database, for tampering with it. */
type Stored = { _id: ObjectId | string } & Record<string, unknown>

const collection = (name: string) => service.services.connection.collection<Stored>(name)
const parts = () => ({
  changes: service.services.models.changes,
  seals: sealModel(service.services.connection),
  leaves: leafModel(service.services.connection),
})
const verify = (): Promise<Verification> => verifyLedger(parts())

/** Records so many stock vehicles from a number on. */
async function record(from: number, count: number): Promise<string[]> {
  const made: string[] = []
  for (let n = from; n < from + count; n++) {
    const { status, body } = await service.admin.post<Recorded>('/changes', {
      kind: 'stock',
      vehicle: vehicleOf(n),
    })
    expect([status, body.errors]).toEqual([201, undefined])
    made.push(body.id)
  }
  return made
}

/** Waits until the service's own job has sealed a day, and is over. */
async function isSealed(day: string): Promise<void> {
  await service.jobs.scheduler.runOwed()
  await until(`${day} is sealed`, async () => {
    const [seal, running] = await Promise.all([
      collection('seals').findOne({ _id: day as never, untold: { $exists: false } }),
      collection('job-runs').countDocuments({ job: 'daily-seal', status: 'running' }),
    ])
    return seal !== null && running === 0
  })
}

const daysOn = (days: number) => new Date(service.services.clock.now().getTime() + days * DAY_MS)

beforeAll(async () => {
  service = await startTestService()
  ids = await record(1, 3)
  const [last] = await record(4, 1)
  voidedId = last ?? ''
  await service.admin.post(`/changes/${voidedId}/void`, { reason: '录入有误' })
  // The service's own seal comes first: only with it there is a day before the ledger's first entry.
  await isSealed('2026-11-22')
  await service.services.seals.sealDue(daysOn(1))
  await service.restart({ NOW: '2026-11-25T09:00:00+08:00' })
  await isSealed('2026-11-24')
  await record(10, 2)
  await service.services.seals.sealDue(daysOn(2))
  await service.quiet()
  untouched = {
    changes: await collection('changes').find().toArray(),
    seals: await collection('seals').find().toArray(),
    'seal-leaves': await collection('seal-leaves').find().toArray(),
  }
})
afterAll(() => service.close())

beforeEach(async () => {
  for (const [name, documents] of Object.entries(untouched)) {
    await collection(name).deleteMany({})
    if (documents.length > 0) await collection(name).insertMany(documents as never)
  }
})

const entry = (id: string) =>
  collection('changes').findOne({ _id: new ObjectId(id) }) as Promise<unknown> as Promise<ChangeDoc>
const alter = (id: string, set: Record<string, unknown>, unset: Record<string, ''> = {}) =>
  collection('changes').updateOne({ _id: new ObjectId(id) }, {
    $set: set,
    ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}),
  } as never)

describe('sealing', () => {
  it('seals every day up to yesterday, those without entries too, each chained to the one before', async () => {
    const { body } = await service.admin.get<Page<SealView>>('/seals')
    expect(body.items.map(({ day, entries, voidings }) => [day, entries, voidings])).toEqual([
      ['2026-11-26', 0, 0],
      ['2026-11-25', 2, 0],
      ['2026-11-24', 0, 0],
      ['2026-11-23', 4, 1],
      ['2026-11-22', 0, 0],
    ])
    expect(new Set(body.items.map(({ chain }) => chain)).size).toBe(5)
    for (const { digest, chain } of body.items)
      expect([digest, chain].join()).toMatch(/^[0-9a-f]{64},[0-9a-f]{64}$/)
  })

  it('gives pages', async () => {
    const first = await service.admin.get<Page<SealView>>('/seals?limit=2')
    const next = await service.admin.get<Page<SealView>>(`/seals?limit=2&cursor=${first.body.nextCursor}`)
    expect(next.body.items.map(({ day }) => day)).toEqual(['2026-11-24', '2026-11-23'])
    expect((await service.admin.get('/seals?cursor=nonsense')).status).toBe(400)
  })

  it('done again does nothing; done by several at once makes the same seals', async () => {
    expect(await service.services.seals.sealDue(daysOn(2))).toEqual([])
    const before = await collection('seals')
      .find({}, { projection: { sealedAt: 0 } })
      .sort({ _id: 1 })
      .toArray()
    await collection('seals').deleteMany({ _id: { $gt: '2026-11-22' } })
    // What a try left that died before its seal: half of a day's leaves.
    await collection('seal-leaves').deleteOne({ _id: '2026-11-23|voided|000000' })
    await Promise.all([1, 2, 3].map(() => service.services.seals.sealDue(daysOn(2))))
    const after = await collection('seals')
      .find({}, { projection: { sealedAt: 0 } })
      .sort({ _id: 1 })
      .toArray()
    expect(after).toEqual(before)
    expect(await verify()).toMatchObject({ found: 0, days: 5, entries: 6, voidings: 1 })
  })

  it('waits for a write that is under way, and then has it', async () => {
    const { connection } = service.services
    const clock = new LedgerClock(connection)
    const now = daysOn(3)
    const stamp = await clock.begin('import:slow', now)
    const seals = new Seals({ ...parts(), clock, timeZone: 'Asia/Shanghai' })
    await expect(seals.sealDue(new Date(now.getTime() + DAY_MS))).rejects.toThrow(StillWriting)
    const late = { ...(await entry(ids[0] ?? '')), _id: new ObjectId(), key: 'late', recordedAt: stamp }
    const { holds: _, ...document } = late
    await collection('changes').insertOne(document as never)
    await clock.finish('import:slow')
    await seals.sealDue(new Date(now.getTime() + DAY_MS))
    const day = await collection('seals').findOne({ _id: '2026-11-28' })
    expect(day).toMatchObject({ recorded: 1 })
    expect((await verify()).found).toBe(0)
  })

  it.each([
    ['is of no day', 'zz', {}],
    ['is of a day to come', '2031-01-01', {}],
    ['has lost its bounds', '2026-11-27', { until: '2026-11-28' }],
  ])('goes on from no seal that %s, and says so', async (fault, _id, set) => {
    const last = untouched.seals.find((s) => s._id === '2026-11-26')
    const end = new Date(/^\d/.test(_id) ? `${_id}T16:00:00Z` : NaN)
    await collection('seals').insertOne({ ...last, from: last?.until, until: end, ...set, _id } as never)
    const sealing = service.services.seals.sealDue(daysOn(4))
    await expect(sealing).rejects.toThrow(SealTampered)
    await expect(sealing).rejects.toThrow(`the seal ${_id} ${fault}`)
    expect(await collection('seals').countDocuments()).toBe(untouched.seals.length + 1)
  })

  it('is shown to administrators and auditors of the whole city only', async () => {
    for (const [role, status] of [
      ['officer', 403],
      ['county-officer', 403],
      ['operator', 403],
      ['viewer', 200],
    ] as const) {
      const client = await person(service, { role })
      expect([role, (await client.get('/seals')).status, (await client.get('/audit')).status]).toEqual([
        role,
        status,
        status,
      ])
    }
    expect((await service.visitor().get('/seals')).status).toBe(401)
  })
})

describe('verifying', () => {
  it('finds nothing in an untouched ledger, and says what is not sealed yet', async () => {
    const later = await record(20, 2)
    expect(later).toHaveLength(2)
    expect(await verify()).toMatchObject({
      ...{ found: 0, findings: [], days: 5, entries: 6, voidings: 1 },
      ...{ lastDay: '2026-11-26', unsealed: 2 },
    })
  })

  it('is not troubled by what the application does to sealed entries', async () => {
    const id = ids[0] ?? ''
    expect((await service.admin.post(`/changes/${id}/void`, { reason: '后来作废' })).status).toBe(200)
    expect((await verify()).found).toBe(0)
  })

  const named = async (id: string) => {
    const { vehicle } = (untouched.changes.find((c) => String(c._id) === id) ?? {}) as unknown as ChangeDoc
    return { entry: id, vin: vehicle.vin, plate: vehicle.plate }
  }

  it.each([
    ['a fact of the vehicle', { 'vehicle.energy': 'BEV' }, ['vehicle.energy']],
    ['the date', { on: '2024-01-01' }, ['on']],
    ['several fields', { packs: 3, note: 'x' }, ['packs', 'note']],
    ['who recorded it', { recordedBy: { id: 'x', name: '张三' } }, ['recordedBy']],
    [
      'when it was recorded, on the same day',
      { recordedAt: new Date('2026-11-23T11:11:11+08:00') },
      ['recordedAt'],
    ],
    [
      'when it was recorded, to another sealed day',
      { recordedAt: new Date('2026-11-24T11:11:11+08:00') },
      ['recordedAt'],
    ],
    [
      'when it was recorded, to a day before',
      { recordedAt: new Date('2020-01-01T00:00:00Z') },
      ['recordedAt'],
    ],
    [
      'when it was recorded, to a day to come',
      { recordedAt: new Date('2027-01-01T00:00:00Z') },
      ['recordedAt'],
    ],
    ['when it was recorded, to no time at all', { recordedAt: 'yesterday' }, ['recordedAt']],
    ['its key', { key: 'other' }, ['key']],
    ['a field that the ledger does not have', { extra: 1 }, []],
  ])('names an entry of which somebody altered %s', async (_what, set, what) => {
    const id = ids[1] ?? ''
    await alter(id, set)
    const found = await verify()
    expect(found.found).toBe(1)
    expect(found.findings[0]).toEqual({ kind: 'changed', day: '2026-11-23', ...(await named(id)), what })
  })

  it('names an entry whose VIN somebody altered by the VIN that was sealed', async () => {
    const id = ids[1] ?? ''
    await alter(id, { 'vehicle.vin': 'LXXXXXXXXXXXXXXXX' })
    expect((await verify()).findings[0]).toMatchObject({ ...(await named(id)), what: ['vehicle.vin'] })
  })

  it('names an entry from which a field was taken', async () => {
    const id = ids[1] ?? ''
    await alter(id, {}, { 'vehicle.operator': '' })
    expect((await verify()).findings[0]).toMatchObject({ entry: id, what: ['vehicle.operator'] })
  })

  it('names a removed entry, with its vehicle', async () => {
    const id = ids[2] ?? ''
    await collection('changes').deleteOne({ _id: new ObjectId(id) })
    const found = await verify()
    expect(found.findings).toEqual([{ kind: 'removed', day: '2026-11-23', ...(await named(id)), what: [] }])
  })

  it('names an entry that was put into a sealed day', async () => {
    const { holds: _, ...like } = await entry(ids[0] ?? '')
    const added = new ObjectId()
    await collection('changes').insertOne({ ...like, _id: added, key: 'forged' } as never)
    const found = await verify()
    expect(found.findings).toMatchObject([
      { kind: 'added', day: '2026-11-23', entry: added.toHexString(), vin: like.vehicle.vin },
    ])
    await collection('changes').updateOne({ _id: added }, { $set: { recordedAt: null } })
    expect((await verify()).findings).toMatchObject([
      { kind: 'added', day: null, entry: added.toHexString() },
    ])
  })

  it('names an entry under an id that the ledger never gives', async () => {
    const { holds: _, ...like } = await entry(ids[0] ?? '')
    await collection('changes').insertOne({ ...like, _id: 'forged', key: 'forged' } as never)
    expect((await verify()).findings).toMatchObject([{ kind: 'added', entry: 'forged' }])
  })

  it('names an entry whose withdrawal was undone, altered or forged', async () => {
    const back = { voided: false, voidedAt: null, voidedBy: null, voidReason: null }
    await alter(voidedId, back)
    expect((await verify()).findings).toMatchObject([
      { kind: 'withdrawal-undone', day: '2026-11-23', ...(await named(voidedId)) },
    ])
    await alter(voidedId, { ...back, voided: true })
    expect((await verify()).findings[0]).toMatchObject({ kind: 'withdrawal-undone', entry: voidedId })
    await alter(voidedId, {
      ...untouched.changes.find((c) => String(c._id) === voidedId),
      voidReason: '别的理由',
    })
    expect((await verify()).findings).toMatchObject([
      { kind: 'withdrawal-changed', entry: voidedId, what: ['voidReason'] },
    ])
  })

  it('names an entry that was withdrawn behind the application’s back, in a sealed day', async () => {
    const id = ids[0] ?? ''
    await alter(id, { voided: true, voidedAt: new Date('2026-11-24T08:00:00+08:00'), voidReason: 'x' })
    expect((await verify()).findings).toMatchObject([
      { kind: 'withdrawal-added', day: '2026-11-24', ...(await named(id)) },
    ])
    await alter(id, { voided: 'yes', voidedAt: null })
    expect((await verify()).findings).toMatchObject([{ kind: 'changed', entry: id, what: ['voided'] }])
  })

  it('names the first of several first', async () => {
    const last = untouched.changes.at(-1)?._id as ObjectId
    await alter(last.toHexString(), { on: '2024-02-02' })
    await alter(ids[0] ?? '', { on: '2024-02-02' })
    const { findings, found } = await verify()
    expect(found).toBe(2)
    expect(findings.map((f) => f.entry)).toEqual([ids[0], last.toHexString()])
  })

  it.each([
    ['its digest', { digest: 'f'.repeat(64) }, ['chain', 'leaves']],
    ['its chain value', { chain: 'f'.repeat(64) }, ['chain', 'chain']],
    ['its counts', { recorded: 9 }, ['counts']],
    ['its bounds', { until: new Date('2026-11-24T00:00:00Z') }, ['chain']],
    ['its end', { until: null }, ['chain']],
    ['its beginning, into a text', { from: '2026-11-23' }, ['gap', 'chain']],
    ['the time of sealing', { sealedAt: new Date('2026-11-23T00:00:00Z') }, ['early']],
  ])('names a seal of which somebody altered %s', async (_what, set, faults) => {
    await collection('seals').updateOne({ _id: '2026-11-23' }, { $set: set } as never)
    const { findings } = await verify()
    const seals = findings.filter((f) => f.kind === 'seal')
    expect(seals[0]).toMatchObject({ day: '2026-11-23', what: [faults[0]] })
    for (const fault of faults) expect(seals.flatMap((f) => f.what)).toContain(fault)
  })

  it('names a seal of no day and one of a day to come, and goes through the others', async () => {
    const last = untouched.seals.at(-1)
    for (const _id of ['2026-11-31', 'x', 5, '2031-01-01'])
      await collection('seals').insertOne({ ...last, _id } as never)
    const { findings, days } = await verify()
    const told = findings.map(({ day, what }) => `${day} ${what}`)
    for (const fault of ['2026-11-31 day', 'x day', '5 day', '2031-01-01 chain'])
      expect(told).toContain(fault)
    expect(days).toBe(untouched.seals.length + 1)
    expect(told.filter((t) => t < '2026-11-27' && t.startsWith('2026'))).toEqual([])
  })

  it('names a day whose seal or leaves were removed or altered', async () => {
    await collection('seals').deleteOne({ _id: '2026-11-24' })
    expect((await verify()).findings[0]).toMatchObject({ kind: 'seal', day: '2026-11-24', what: ['gap'] })
    await collection('seals').insertMany(untouched.seals.filter((s) => s._id === '2026-11-24') as never)
    await collection('seal-leaves').updateOne({ _id: '2026-11-23|recorded|000000' }, {
      $set: { names: 'x' },
    } as never)
    expect((await verify()).findings).toMatchObject([{ kind: 'seal', day: '2026-11-23', what: ['leaves'] }])
    await collection('seal-leaves').updateOne({ _id: '2026-11-23|recorded|000000' }, {
      $set: { leaves: 'x' },
    } as never)
    expect((await verify()).findings.some((f) => f.kind === 'seal' && f.day === '2026-11-23')).toBe(true)
  })

  it('names a seal that is not the one that was noted elsewhere', async () => {
    // Who rewrites an entry and seals all days anew has a ledger that is sound in itself.
    const noted = untouched.seals
      .filter((s) => String(s._id) > '2026-11-22')
      .map((s) => ({ day: String(s._id), chain: String(s.chain) }))
    await alter(ids[0] ?? '', { on: '2024-01-01' })
    await collection('seals').deleteMany({})
    await collection('seal-leaves').deleteMany({})
    await service.services.seals.sealDue(daysOn(2))
    expect((await verify()).found).toBe(0)
    async function* known() {
      yield* noted
    }
    const { findings } = await verifyLedger({ ...parts(), known: known() })
    expect(findings[0]).toMatchObject({ kind: 'seal', day: '2026-11-23', what: ['other'] })
  })
})
