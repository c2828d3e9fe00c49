import { ObjectId } from 'mongodb'
import type { Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCleaning } from '../../jobs/cleaning.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import type { NoticeView } from '../../server/notices/schema.ts'
import { type Client, csvOf, download, type Page, person, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
let connection: Connection
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  connection = service.services.connection
  await service.jobs.scheduler.stop()
})
afterAll(() => service?.close())

const DAY = 24 * 3600_000
const signal = new AbortController().signal
const now = (days = 0) => new Date(service.services.clock.now().getTime() + days * DAY)
/** Runs the job so many days from now. */
const clean = (days = 0, stop = signal) => {
  const at = now(days)
  const job = createCleaning(service.services.cleaning)
  return job.run({ slot: at, covers: [at], manual: false, now: at, signal: stop })
}
const NOTHING = { asked: 0, expired: 0, rows: 0, files: 0, links: 0, tokens: 0, notices: 0 }
let used = 0
const rows = (operator: string, n = 3) =>
  Array.from({ length: n }, () => ({ ...vehicleOf(++used, { operator }), kind: 'added', on: '2026-11-02' }))
let made = 0
async function company() {
  const name = `清理公司${++made}`
  const { body } = await admin.post<{ id: string }>('/operators', { name, county: '350702' })
  const client = await person(service, { role: 'operator', operator: body.id })
  return { id: body.id, name, client }
}
const listOf = async (id: string, by: Client = admin) => (await by.get<ImportView>(`/imports/${id}`)).body
const count = (name: string, filter: object) => connection.collection(name).countDocuments(filter)
const left = async (id: string) => {
  const list = { import: new ObjectId(id) }
  const doc = await connection.collection('imports').findOne({ _id: new ObjectId(id) })
  return {
    rows: await count('import-rows', list),
    mends: await count('import-mends', list),
    moves: await count('import-moves', { _id: new ObjectId(id) }),
    files: await count('import-files.files', { _id: doc?.file }),
    chunks: await count('import-files.chunks', { files_id: doc?.file }),
  }
}
const notices = async (by: Client, kind = 'list-expiring') =>
  (await by.get<Page<NoticeView>>('/notices')).body.items.filter((n) => n.kind === kind)

describe('a list that nobody submits', () => {
  it('is asked about after 60 days, and cleared after 90; its record stays', async () => {
    const { name, client } = await company()
    const list = await client.check('stale.csv', csvOf(rows(name)))
    expect(await clean(59)).toEqual(NOTHING)
    expect(await clean(60)).toEqual({ ...NOTHING, asked: 1 })
    expect(await clean(60)).toEqual(NOTHING)
    const [notice] = await notices(client)
    expect(notice).toMatchObject({
      ...{ link: `/uploads/${list.id}` },
      params: { filename: 'stale.csv', total: '3' },
    })
    expect(await clean(89)).toEqual(NOTHING)
    expect(await left(list.id)).toMatchObject({ rows: 3, files: 1 })
    expect(await clean(90.1)).toEqual({ ...NOTHING, expired: 1, rows: 3 })
    expect(await clean(90.1)).toEqual(NOTHING)
    expect(await left(list.id)).toEqual({ rows: 0, mends: 0, moves: 0, files: 0, chunks: 0 })
    const shown = await listOf(list.id, client)
    expect(shown).toMatchObject({
      ...{ status: 'cancelled', expired: true, filename: 'stale.csv', may: [], recorded: 0 },
      ...{ decidedBy: { id: 'system' }, counts: { total: 3 } },
    })
    for (const path of ['file', 'errors.xlsx'])
      expect([path, (await download(client, `/imports/${list.id}/${path}`)).status]).toEqual([path, 409])
    expect((await client.get<Page<unknown>>(`/imports/${list.id}/rows`)).body.items).toEqual([])
    expect((await client.post(`/imports/${list.id}/submit`)).status).toBe(409)
    const audit = (await admin.get<Page<{ target: { id: string } }>>('/audit?action=import.expire')).body
      .items
    expect(audit.map((entry) => entry.target.id)).toContain(list.id)
  })

  it('is left alone when somebody goes on with it', async () => {
    const { name, client } = await company()
    const list = await client.check('mended.csv', csvOf(rows(name)))
    expect(await clean(61)).toMatchObject({ asked: 1 })
    await client.post(`/imports/${list.id}/recheck`)
    await client.importIn(list.id, 'checked')
    // Checked anew just now, by the service's clock.
    await connection
      .collection('imports')
      .updateOne({ _id: new ObjectId(list.id) }, { $set: { touchedAt: now(62) } })
    expect(await clean(100)).toEqual(NOTHING)
    expect(await clean(123)).toMatchObject({ asked: 1, expired: 0 })
    expect(await notices(client)).toHaveLength(2)
    expect(await clean(152)).toMatchObject({ expired: 0 })
    expect(await clean(154)).toMatchObject({ expired: 1, rows: 3 })
  })

  it('is kept when it waits, was recorded, or was argued about', async () => {
    const { name, client } = await company()
    const [waiting, applied, disputed, returned] = [
      await client.check('waiting.csv', csvOf(rows(name))),
      await client.check('applied.csv', csvOf(rows(name))),
      await client.check('disputed.csv', csvOf([...rows(name), { ...rows(name, 1)[0], on: '不详' }])),
      await client.check('returned.csv', csvOf(rows(name))),
    ]
    await client.post(`/imports/${waiting.id}/submit`)
    for (const { id } of [applied, returned]) await client.post(`/imports/${id}/submit`)
    await admin.post(`/imports/${applied.id}/approve`)
    await admin.importIn(applied.id, 'applied')
    await admin.post(`/imports/${returned.id}/reject`, { reason: '请核对' })
    await connection.collection('disputes').insertOne({ import: new ObjectId(disputed.id), status: 'denied' })
    const mine = [waiting, applied, disputed].map((list) => list.id)
    const before = await Promise.all(mine.map(left))
    await clean(400)
    await clean(500)
    expect(await Promise.all(mine.map(left))).toEqual(before)
    expect(await Promise.all(mine.map(async (id) => (await listOf(id)).status))).toEqual([
      'submitted',
      'applied',
      'checked',
    ])
    // A returned list that never came back is as stale as one that was never submitted.
    expect(await listOf(returned.id)).toMatchObject({
      status: 'cancelled',
      expired: true,
      rejectReason: '请核对',
    })
  })

  it('that was half cleared when the process died is cleared by the next run', async () => {
    const { name, client } = await company()
    const list = await client.check('half.csv', csvOf(rows(name)))
    const own = { _id: new ObjectId(list.id) }
    await connection
      .collection('imports')
      .updateOne(own, { $set: { status: 'cancelled', expired: { at: now(), cleared: false } } })
    await connection.collection('import-rows').deleteOne({ import: own._id })
    expect(await clean()).toMatchObject({ expired: 0, rows: 2 })
    expect(await left(list.id)).toEqual({ rows: 0, mends: 0, moves: 0, files: 0, chunks: 0 })
    expect(await clean()).toMatchObject({ rows: 0 })
  })

  it('waits when the run is to end', async () => {
    const { name, client } = await company()
    const list = await client.check('stop.csv', csvOf(rows(name)))
    const stopped = new AbortController()
    stopped.abort(new Error('the service stops'))
    await expect(clean(90, stopped.signal)).rejects.toThrow('the service stops')
    expect(await left(list.id)).toMatchObject({ rows: 3, files: 1 })
  })
})

describe('what opens nothing any more', () => {
  it('goes: files without a list, old links and tokens, notices that were seen long ago', async () => {
    const { client } = await company()
    // A file whose sending began two hours ago, and one that is coming in.
    const idAt = (ms: number) => ObjectId.createFromTime(Math.floor(ms / 1000))
    const [old, young] = [idAt(Date.now() - 2 * 3600_000), idAt(Date.now())]
    for (const _id of [old, young])
      await connection.collection('import-files.files').insertOne({ _id, length: 0, filename: 'x' })
    const account = { _id: new ObjectId(client.id) }
    const link = (days: number) => ({
      ...{ nonce: 'n', hash: `h${days}`, createdAt: now(days), expiresAt: now(days), mail: 'done' },
    })
    await connection.collection('accounts').updateOne(account, { $set: { reset: link(-8) } })
    const other = await person(service, { role: 'officer' })
    await connection
      .collection('accounts')
      .updateOne({ _id: new ObjectId(other.id) }, { $set: { reset: link(-6), invitation: link(-800) } })
    const token = (days: number) => ({ account: client.id, hash: `t${days}`, expiresAt: now(days) })
    await connection.collection('tokens').insertMany([token(-366), token(-364), token(10)])
    const notice = (key: string, seen: Date | null) => ({
      key,
      account: client.id,
      seen,
      mail: 'done',
      at: now(-900),
    })
    await connection
      .collection('notices')
      .insertMany([notice('a', now(-366)), notice('b', now(-364)), notice('c', null)])
    expect(await clean()).toEqual({ ...NOTHING, files: 1, links: 1, tokens: 1, notices: 1 })
    expect(await clean()).toEqual(NOTHING)
    expect(await count('import-files.files', { _id: young })).toBe(1)
    expect(await count('tokens', { hash: { $in: ['t-366', 't-364', 't10'] } })).toBe(2)
    expect(await count('notices', { key: { $in: ['a', 'b', 'c'] } })).toBe(2)
    const kept = await connection.collection('accounts').findOne({ _id: new ObjectId(other.id) })
    expect([kept?.reset?.hash, kept?.invitation?.hash]).toEqual(['h-6', 'h-800'])
  })
})
