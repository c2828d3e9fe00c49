import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Recorded, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { until } from '../jobs/support/world.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What `npm run verify` runs: the built program. The others take the source, which needs no building. */
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: { verify: string }
}
const BUILT = scripts.verify.split(' ')
const SOURCE = ['node', '--import', 'tsx', 'server/verify.ts']

let service: TestService
let id: string
beforeAll(async () => {
  service = await startTestService()
  const { body } = await service.admin.post<Recorded>('/changes', { kind: 'stock', vehicle: vehicleOf(1) })
  id = body.id
  // Only what is sealed on the first day has a day before the ledger's first entry.
  await isSealed(1)
  await service.restart({ NOW: '2026-11-24T09:00:00+08:00' })
  await isSealed(2)
})
afterAll(() => service?.close())

/** Waits until so many days are sealed, and that is noted. */
async function isSealed(days: number): Promise<void> {
  await service.jobs.scheduler.runOwed()
  await until(`${days} days are sealed`, async () => {
    const audit = service.services.connection.collection('audit')
    return (await audit.countDocuments({ action: 'ledger.seal' })) === days
  })
}

/** Runs the program on the service's database, as somebody at the machine does. */
const verify = (...words: string[]) => run([...SOURCE, ...words])

function run([program, ...words]: string[]): Promise<{ code: number | null; out: string }> {
  expect(program).toBe('node')
  const { mongodbUri = '', dataDir } = service.config
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { ...process.env, MONGODB_URI: mongodbUri, DATA_DIR: dataDir },
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      out += String(part)
    })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })))
}

test('npm run verify passes an untouched ledger, and says what it went through', async () => {
  const { code, out } = await verify()
  expect([code, out]).toEqual([0, expect.stringContaining('Verified: 2 days, 1 entries, 0 voidings')])
  expect(out).toContain('0 entries and voidings since 2026-11-23 are not sealed yet')
  const seal = await service.services.connection.collection<{ _id: string; chain: string }>('seals').findOne({
    _id: '2026-11-23',
  })
  expect((await verify(`2026-11-23=${seal?.chain}`)).code).toBe(0)
  const other = await verify(`2026-11-23=${'0'.repeat(64)}`)
  expect([other.code, other.out]).toEqual([
    1,
    expect.stringContaining('the seal of 2026-11-23 is not the one'),
  ])
  expect((await verify('yesterday')).code).toBe(2)
})

test('npm run verify goes through the reports, and names those that were altered', async () => {
  const reports = service.services.connection.collection('reports')
  const order = (period: string) => service.admin.post<{ id: string }>('/reports', { kind: 'weekly', period })
  for (const period of ['2026-W45', '2026-W46']) expect((await order(period)).status).toBe(201)
  const sound = await verify()
  expect([sound.code, sound.out]).toEqual([0, expect.stringContaining('Reports verified: 2')])
  const first = await reports.findOne({ period: '2026-W45' })
  const second = await reports.findOne({ period: '2026-W46' })
  await reports.updateOne({ _id: first?._id }, { $set: { 'content.figures.rules.0.numerator': 1 } })
  await reports.deleteOne({ _id: second?._id })
  const { code, out } = await verify()
  expect(code).toBe(1)
  expect(out).toContain('report 南平交运更新周报〔2026〕45号: its content does not match its digest')
  expect(out).toContain('report 南平交运更新周报〔2026〕46号 was removed')
  await reports.replaceOne({ _id: first?._id }, first ?? {})
  await reports.insertOne(second ?? {})
})

test('npm run verify is the built program, with what is said behind it', { timeout: 300_000 }, async () => {
  const seals = service.services.connection.collection<{ _id: string; chain: string }>('seals')
  const { chain } = (await seals.findOne({ _id: '2026-11-23' })) ?? {}
  const good = await run([...BUILT, `2026-11-23=${chain}`])
  expect([good.code, good.out]).toEqual([
    0,
    expect.stringContaining('Verified: 2 days, 1 entries, 0 voidings'),
  ])
  const other = await run([...BUILT, `2026-11-23=${'0'.repeat(64)}`])
  expect([other.code, other.out]).toEqual([
    1,
    expect.stringContaining('the seal of 2026-11-23 is not the one'),
  ])
  expect((await run([...BUILT, 'yesterday'])).code).toBe(2)
})

test('it names the entry that was tampered with, by id, VIN, plate, day and field', async () => {
  const { vin, plate } = vehicleOf(1)
  const changes = service.services.connection.collection('changes')
  await changes.updateOne({ _id: new ObjectId(id) }, { $set: { 'vehicle.energy': 'BEV' } })
  const { code, out } = await verify()
  expect(code).toBe(1)
  expect(out).toContain(
    `变动 ${id}（车架号 ${vin}，车牌 ${plate}，2026-11-23 封存 sealed）被改动：能源类型（vehicle.energy）`,
  )
  expect(out).toContain(`change ${id} was altered: Energy (vehicle.energy)`)
  await changes.updateOne({ _id: new ObjectId(id) }, { $set: { 'vehicle.energy': 'diesel' } })
  expect((await verify()).code).toBe(0)
  await changes.deleteOne({ _id: new ObjectId(id) })
  expect((await verify()).out).toContain(`change ${id} was removed`)
})
