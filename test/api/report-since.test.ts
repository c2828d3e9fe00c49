import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReportView } from '../../server/reports/schema.ts'
import { type Client, csvOf, person, vehicleOf, vinOf } from '../harness/client.ts'
import { type FreshDatabase, freshDatabase } from '../harness/mongo.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** What is read of the ledger to say to a part of the city what has changed since a report. */
const OTHERS = 400
let database: FreshDatabase
let service: TestService
let report: string

const taxi = (n: number, operator: string, county: string) =>
  vehicleOf(n, { category: 'cruising-taxi', energy: 'BEV', operator, county })

beforeAll(async () => {
  database = await freshDatabase()
  // The driver tells what it sends.
  const told = `${database.uri}${database.uri.includes('?') ? '&' : '?'}monitorCommands=true`
  service = await startTestService({ MONGODB_URI: told })
  const { admin } = service
  for (const [name, county] of [
    ['甲公司', '350702'],
    ['乙公司', '350703'],
  ])
    await admin.post('/operators', { name, county })
  report = (await admin.post<ReportView>('/reports', { kind: 'weekly', period: '2026-W46' })).body.id
  const added = { kind: 'added', on: '2026-11-10' }
  const others = Array.from({ length: OTHERS }, (_, n) => ({ ...taxi(n, '甲公司', '350702'), ...added }))
  const { counts } = await admin.record('taxis.csv', csvOf(others))
  expect(counts.error).toBe(0)
  const old = { category: 'cruising-taxi', energy: 'gasoline', operator: '乙公司', county: '350703' }
  await admin.mustChange({ kind: 'stock', vehicle: vehicleOf(900, old) })
  await admin.mustChange({ ...added, vehicle: taxi(901, '乙公司', '350703') })
  await admin.mustChange({
    ...{ kind: 'retired', on: '2026-11-11', reason: 'scrapped', vehicle: { vin: vinOf(900) } },
  })
  // What the service reads for itself is not counted.
  await service.quiet()
}, 240_000)
afterAll(async () => {
  await service?.close()
  await database?.drop()
})

/** Opens the report, and counts the ledger's entries that came from the database for it. */
async function opened(client: Client) {
  let read = 0
  const listen = ({
    reply,
  }: {
    reply?: { cursor?: { ns: string } & Record<string, unknown[] | string> }
  }) => {
    if (!reply?.cursor?.ns?.endsWith('.changes')) return
    read += (reply.cursor.firstBatch ?? reply.cursor.nextBatch ?? []).length
  }
  const mongo = service.services.connection.getClient()
  mongo.on('commandSucceeded', listen as never)
  const { status, body } = await client.get<ReportView>(`/reports/${report}`)
  mongo.off('commandSucceeded', listen as never)
  expect(status).toBe(200)
  return { since: body.since, read }
}

it.each([
  ['operator', { operator: '乙公司' }],
  ['county-officer', { county: '350703' }],
] as const)('to an %s: its own entries, and no others are read for it', async (role, part) => {
  const { since, read } = await opened(await person(service, { role, ...part }))
  expect(since.changed).toBe(true)
  expect(since.entries.map(({ vin }) => vin)).toEqual([900, 901, 900].map(vinOf))
  // Its own are read, so that there is something to count.
  expect(read).toBeGreaterThanOrEqual(since.entries.length)
  expect(read).toBeLessThan(20)
})

it('to the city: the first fifty', async () => {
  const { since } = await opened(service.admin)
  expect(since.entries).toHaveLength(50)
})
