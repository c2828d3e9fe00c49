import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Compliance, Trend } from '../../server/compliance/schema.ts'
import { type Client, type Recorded, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { ranFor } from '../jobs/support/world.ts'

/**
 * A ledger that grew over three months: what each month knew, and what is kept of it. Kept sums are only a short cut:
 * taken away, made wrong or made by another program, they are noticed and made again from the ledger.
 */

let service: TestService
let admin: Client
let voided: Recorded

const bus = (n: number, energy: string, on: string) => ({
  ...{ kind: 'replaced', on, vehicle: vehicleOf(n, { category: 'bus', energy, operator: '公交公司' }) },
  replaces: [vehicleOf(n + 500).vin],
})
const old = (n: number) => ({
  ...{ kind: 'stock', vehicle: vehicleOf(n, { category: 'bus', energy: 'diesel', operator: '公交公司' }) },
})
const breachReason = '线路需要'

beforeAll(async () => {
  service = await startTestService({ NOW: '2026-05-10T10:00:00+08:00' })
  admin = service.admin
  for (let n = 500; n < 506; n++) await admin.mustChange(old(n))
  await admin.mustChange(bus(0, 'BEV', '2026-05-02'))
  voided = await admin.mustChange({ ...bus(1, 'diesel', '2026-05-03'), breachReason })
  await service.restart({ NOW: '2026-06-15T10:00:00+08:00' })
  // told late
  await admin.mustChange(bus(2, 'BEV', '2026-05-20'))
  await admin.mustChange(bus(3, 'BEV', '2026-06-01'))
  await service.restart({ NOW: '2026-07-20T10:00:00+08:00' })
  const { status } = await admin.post(`/changes/${voided.id}/void`, { reason: '重复录入' })
  expect(status).toBe(200)
  await admin.mustChange({ ...bus(4, 'gas', '2026-07-10'), breachReason })
  // The night's check of what is kept is over: from here on nothing is put right but by a test.
  await ranFor(service, 'tally-check', '2026-07-19T19:30:00.000Z')
})
afterAll(() => service.close())

const figure = async (query = '') => {
  const { rules } = (await admin.get<Compliance>(`/compliance${query}`)).body
  const { numerator, denominator } = rules.find((r) => r.id === 'bus-renewal') ?? {}
  return [numerator, denominator]
}
const trend = async (as: string, query = '') =>
  (await admin.get<Trend>(`/compliance/bus-renewal/trend?as=${as}${query}`)).body
const last = ({ points }: Trend, count: number) =>
  points.slice(-count).map((p) => [p.month, p.numerator, p.denominator])
const closings = () => service.services.connection.collection('closings')
/** What is kept, but for what tells writings of the same apart. */
const withoutTags = async () =>
  (await closings().find().sort({ to: 1 }).toArray()).map((closing) => ({ ...closing, tag: '' }))
const closed = async () => (await closings().find().sort({ to: 1 }).toArray()).map((c) => c.to.toISOString())
const check = () => service.services.tallyCheck.check(service.services.clock.now())

describe('a course', () => {
  it('as known today tells late entries in their month and leaves out what was withdrawn', async () => {
    expect(last(await trend('known-today'), 4)).toEqual([
      ['2026-04', 0, 0],
      ['2026-05', 2, 2],
      ['2026-06', 3, 3],
      ['2026-07', 3, 4],
    ])
  })

  it('as then known tells what each month knew when it was over', async () => {
    const then = await trend('as-then-known')
    expect(last(then, 4)).toEqual([
      ['2026-04', 0, 0],
      ['2026-05', 1, 2],
      ['2026-06', 3, 4],
      ['2026-07', 3, 4],
    ])
    for (const { on, month, value } of then.points.slice(-4, -1)) {
      const knownAt = `${on}T23:59:59.999%2B08:00`
      const { rules } = (await admin.get<Compliance>(`/compliance?asOf=${on}&knownAt=${knownAt}`)).body
      expect([month, rules.find((r) => r.id === 'bus-renewal')?.value]).toEqual([month, value])
    }
  })

  it('as then known, as of an earlier moment, ends with what was known at it', async () => {
    const asked = await trend('as-then-known', '&asOf=2026-06-20&knownAt=2026-06-10T00:00:00%2B08:00')
    expect(last(asked, 2)).toEqual([
      ['2026-05', 1, 2],
      ['2026-06', 1, 2],
    ])
  })

  it('is refused in any other way of knowing', async () => {
    expect((await admin.get('/compliance/bus-renewal/trend?as=guessed')).status).toBe(400)
  })
})

describe('sums that are kept', () => {
  it('are those of the months that are over in Nanping', async () => {
    await figure()
    expect(await closed()).toEqual(['2026-05-31T15:59:59.999Z', '2026-06-30T15:59:59.999Z'])
  })

  it('serve a service that starts anew: figures are the same, now and then', async () => {
    const [now, then] = [await figure(), await trend('as-then-known')]
    await service.restart({ NOW: '2026-07-20T11:00:00+08:00' })
    expect(await figure()).toEqual(now)
    expect((await trend('as-then-known')).points).toEqual(then.points)
  })

  it('are made again when they are gone, or were counted in another way', async () => {
    const kept = await withoutTags()
    await closings().deleteOne({ _id: kept[0]?._id })
    await closings().updateOne({ _id: kept[1]?._id }, { $set: { fingerprint: 'another program' } })
    await service.restart({ NOW: '2026-07-20T12:00:00+08:00' })
    expect(await figure()).toEqual([3, 4])
    expect(await withoutTags()).toEqual(kept)
  })

  it('that are right leave the check nothing to do, however often', async () => {
    for (const _ of [1, 2]) {
      const { months, sums, differences } = await check()
      expect([months, sums > 5, differences]).toEqual([2, true, []])
    }
  })

  it('that are wrong are found and put right, and the figures at hand with them', async () => {
    const [may, june] = await closings().find().sort({ to: 1 }).toArray()
    await closings().updateOne({ _id: may?._id }, { $set: { cells: june?.cells } })
    await service.restart({ NOW: '2026-07-20T13:00:00+08:00' })
    expect(await figure()).not.toEqual([3, 4])
    const { differences } = await check()
    expect(differences.some((d) => d.closing?.toISOString() === may?.to.toISOString())).toBe(true)
    expect(differences.some((d) => d.closing === null)).toBe(true)
    expect(await figure()).toEqual([3, 4])
    expect((await check()).differences).toEqual([])
    expect((await withoutTags())[0]).toEqual({ ...may, tag: '' })
  })

  it('follow a ledger that was changed behind the service: the ledger decides', async () => {
    const changes = service.services.connection.collection('changes')
    const entry = await changes.findOne({ kind: 'replaced', 'vehicle.energy': 'gas' })
    await changes.updateOne({ _id: entry?._id }, { $set: { 'vehicle.energy': 'BEV' } })
    expect(await figure()).toEqual([3, 4])
    const { differences } = await check()
    const renewals = differences.filter((d) => d.rule === 'bus-renewal')
    expect(renewals.map((d) => [d.closing, d.heading.energy, d.sum.numerator, d.sum.denominator])).toEqual([
      [null, 'BEV', 1, 1],
      [null, 'gas', 0, -1],
    ])
    expect(await figure()).toEqual([4, 4])
    await changes.updateOne({ _id: entry?._id }, { $set: { 'vehicle.energy': 'gas' } })
    await check()
    expect(await figure()).toEqual([3, 4])
  })
})
