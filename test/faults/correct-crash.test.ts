import type { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttachmentDoc } from '../../server/attachments/model.ts'
import type { ChangeDoc } from '../../server/changes/model.ts'
import type { VehicleDoc } from '../../server/vehicles/model.ts'
import { rebuildVehicles } from '../../server/vehicles/rebuild.ts'
import { type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/**
 * A correction that a process did not come to the end of. It is carried out, and then the database is brought into
 * each of the states that a crash can leave: every write of it is one document's.
 */

let service: TestService
let n = 0
let recover: () => Promise<number>
beforeAll(async () => {
  service = await startTestService()
  // From time to time the service looks for such by itself; here it does when the tests say so.
  const { changes } = service.services
  recover = changes.recover.bind(changes)
  changes.recover = async () => 0
})
afterAll(() => service.close())

const changes = () => service.services.models.changes.collection
const vehicles = () => service.services.models.vehicles.collection
const states = () =>
  service.services.connection.collection<{ _id: string; inFlight: unknown[] }>('ledger-state')

const documents = () => service.services.connection.collection<AttachmentDoc>('attachments')

interface World {
  entries: ChangeDoc[]
  vehicles: VehicleDoc[]
  documents: AttachmentDoc[]
}

interface Done {
  old: ObjectId
  /** the vehicles, entries and their documents before and after the correction */
  before: World
  after: World
  vins: string[]
}

async function world(vins: string[]): Promise<World> {
  const entries = await changes()
    .find<ChangeDoc>({ vins: { $in: vins } })
    .sort({ _id: 1 })
    .toArray()
  const found = await vehicles()
    .find<VehicleDoc>({ _id: { $in: vins } } as never)
    .sort({ _id: 1 })
    .toArray()
  const files = documents().find({ changes: { $in: entries.map((e) => e._id) } })
  return { entries, vehicles: found, documents: await files.sort({ _id: 1 }).toArray() }
}

async function document(): Promise<string> {
  const form = new FormData()
  form.set('file', new Blob(['%PDF-1.4']), '证.pdf')
  const { status, body } = await service.admin.send<{ id: string }>('POST', '/attachments', form)
  expect(status).toBe(201)
  return body.id
}

/** A truck that was moved and replaced, with documents of its entry and of its move, whose emission standard turns out to be another. */
async function corrected(): Promise<Done> {
  const [o, r] = [++n, ++n]
  const { admin } = service
  const vins = [vinOf(o), vinOf(r)]
  const stock = (emission: string) => ({ kind: 'stock', vehicle: vehicleOf(o, { emission }) })
  const made = await admin.mustChange({ ...stock('4'), attachments: [await document()] })
  await admin.mustChange({
    kind: 'transferred',
    attachments: [await document()],
    on: '2024-02-02',
    vehicle: { vin: vinOf(o) },
    to: { county: '350703' },
  })
  await admin.mustChange({
    ...{ kind: 'replaced', on: '2025-06-01', replaces: [vinOf(o)] },
    vehicle: vehicleOf(r, { energy: 'BEV' }),
  })
  const before = await world(vins)
  const done = await admin.post<Recorded>(`/changes/${made.id}/correct`, {
    reason: '录入有误',
    change: stock('3'),
  })
  expect(done.status).toBe(201)
  const old = before.entries.find((e) => e._id.toHexString() === made.id)?._id
  if (!old) throw new Error('the entry is gone')
  const after = await world(vins)
  const counting = after.entries.filter((e) => !e.voided).map((e) => e._id.toHexString())
  const having = after.documents.map(
    (d) => d.changes.filter((id) => counting.includes(id.toHexString())).length,
  )
  expect(having).toEqual([1, 1])
  return { old, before, after, vins }
}

/** Brings the database to where a correction was when `writes` of its writes to the ledger had been done. */
async function crashAfter({ old, before, after, vins }: Done, writes: number, derived = 0): Promise<void> {
  const withdrawn = after.entries.filter((e) => e.voided)
  const main = withdrawn.filter((e) => e._id.equals(old))
  const others = withdrawn.filter((e) => !e._id.equals(old))
  const said = after.entries.filter((e) => !before.entries.some((b) => b._id.equals(e._id)))
  const order = [...main, ...others, ...said]
  const stamp = main[0]?.voidedAt
  const left = new Set(order.slice(writes).map((e) => e._id.toHexString()))
  // First away with what was said, as it holds the keys of what was withdrawn.
  await changes().deleteMany({
    _id: { $in: said.filter((e) => left.has(e._id.toHexString())).map((e) => e._id) },
  } as never)
  // Documents are linked last.
  await documents().updateMany({}, { $pull: { changes: { $in: said.map((e) => e._id) } } } as never)
  for (const entry of before.entries)
    if (left.has(entry._id.toHexString())) await changes().replaceOne({ _id: entry._id }, entry as never)
  for (const vehicle of before.vehicles.slice(derived))
    await vehicles().replaceOne({ _id: vehicle._id } as never, vehicle as never)
  const owner = `correct:${old.toHexString()}`
  await states().updateOne(
    { _id: 'ledger' },
    { $push: { inFlight: { owner, stamp, vins, until: new Date(0) } } as never },
  )
}

const plain = (world: World) => JSON.parse(JSON.stringify(world))

async function expectFinished(done: Done): Promise<void> {
  expect(plain(await world(done.vins))).toEqual(plain(done.after))
  expect((await states().findOne({ _id: 'ledger' }))?.inFlight).toEqual([])
}

describe('a correction that was cut off', () => {
  // Three entries are withdrawn and three said.
  it.each([1, 2, 3, 4, 5, 6])('after %i writes is finished by the next start', async (writes) => {
    const done = await corrected()
    await crashAfter(done, writes)
    expect(await recover()).toBe(1)
    await expectFinished(done)
    expect(await recover()).toBe(0)
  })

  it('with one vehicle derived is finished, too', async () => {
    const done = await corrected()
    await crashAfter(done, 6, 1)
    await recover()
    await expectFinished(done)
  })

  it('before its first write was none', async () => {
    const done = await corrected()
    await crashAfter(done, 0)
    const figure = async () => (await service.admin.figures())['old-diesel-trucks-retired']?.numerator ?? 0
    await recover()
    expect(plain(await world(done.vins))).toEqual(plain(done.before))
    const before = await figure()
    const body = {
      reason: '录入有误',
      change: { kind: 'stock', vehicle: vehicleOf(n - 1, { emission: '3' }) },
    }
    const again = await service.admin.post<Recorded>(`/changes/${done.old.toHexString()}/correct`, body)
    expect([again.status, await figure()]).toEqual([201, before + 1])
  })

  it('is finished before anybody else writes, and seen by nobody until then', async () => {
    const figure = async () => (await service.admin.figures())['old-diesel-trucks-retired']?.numerator ?? 0
    const before = await figure()
    const done = await corrected()
    const after = await figure()
    expect(after).toBe(before + 1)
    await crashAfter(done, 4)
    // The dead writer's time is not up yet: only who holds the lock knows that it is dead.
    await states().updateOne({ _id: 'ledger' }, {
      $set: { 'inFlight.$[].until': new Date(Date.now() + 60_000) },
    } as never)
    expect(await figure()).toBe(before)
    const { admin } = service
    const retire = { kind: 'retired', on: '2026-01-01', reason: 'scrapped', vehicle: { vin: vinOf(n - 1) } }
    expect((await admin.change(retire)).body.errors[0]?.code).toBe('vehicle.already-retired')
    await expectFinished(done)
    expect(await figure()).toBe(after)
  })

  it('lets stand what somebody else has withdrawn meanwhile', async () => {
    const done = await corrected()
    await crashAfter(done, 1)
    const moved = done.before.entries.find((e) => e.kind === 'transferred')
    const by = { id: 'x', name: '别人' }
    const set = { voided: true, voidedAt: new Date('2026-11-23T00:00:00Z'), voidedBy: by, voidReason: 'x' }
    await changes().updateOne({ _id: moved?._id } as never, { $set: set })
    await recover()
    const { entries } = await world(done.vins)
    expect(entries.filter((e) => e.kind === 'transferred')).toMatchObject([{ voidedBy: by }])
    expect(
      entries
        .filter((e) => !e.voided)
        .map((e) => e.kind)
        .sort(),
    ).toEqual(['replaced', 'stock'])
    const parts = service.services.models
    expect((await rebuildVehicles(parts.changes, parts.vehicles)).differences).toEqual([])
  })
})
