import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AttachmentView, ChangeView } from '../../server/changes/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { VehicleWithHistory } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, download, person, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF')
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])

let service: TestService
let admin: Client
let n = 0

beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())
beforeEach(() => {
  n++
})

type Sent = AttachmentView & ProblemBody
const send = (name: string, bytes: Buffer, client = admin) => {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), name)
  return client.send<Sent>('POST', '/attachments', form)
}
const sent = async (name = '报废证明.pdf', bytes = PDF, client = admin) => {
  const { status, body } = await send(name, bytes, client)
  expect([status, body.code]).toEqual([201, undefined])
  return body
}
const stock = (attachments: string[] = [], more: object = {}) => ({
  ...{ kind: 'stock', vehicle: vehicleOf(n), attachments },
  ...more,
})
const files = (body: Pick<ChangeView, 'attachments'>) => body.attachments.map((a) => a.id)
const change = async (id: string) => (await admin.get<ChangeView>(`/changes/${id}`)).body
const bytesOf = (id: string) =>
  service.services.connection
    .collection('attachment-files.chunks')
    .countDocuments({ $expr: { $eq: [{ $toString: '$files_id' }, id] } })

/** The administrator's request for a path as it stands: `fetch` resolves dots before it asks. */
const raw = (path: string) =>
  new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(admin.base)
    const asked = request({ hostname, port, path, headers: { cookie: admin.cookie } }, async (answer) => {
      let text = ''
      for await (const part of answer) text += String(part)
      resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text })
    })
    asked.on('error', reject).end()
  })

describe('uploading a document', () => {
  it.each([
    ['报废证明.pdf', PDF, '报废证明.pdf', 'application/pdf'],
    ['证.PNG', PNG, '证.PNG', 'image/png'],
    ['行驶证.jpeg', JPEG, '行驶证.jpeg', 'image/jpeg'],
    ['a.pdf', PNG, 'a.pdf.png', 'image/png'],
    ['invoice.pdf.exe', PDF, 'invoice.pdf.exe.pdf', 'application/pdf'],
    ['../../etc/passwd', PDF, 'passwd.pdf', 'application/pdf'],
    ['C:\\发票\\..\\x.html', JPEG, 'x.html.jpg', 'image/jpeg'],
    ['a\u202eb.pdf', PDF, 'ab.pdf', 'application/pdf'],
  ])('takes %s by its content', async (name, bytes, filename, type) => {
    const body = await sent(name, bytes)
    expect(body).toEqual({ id: body.id, filename, type, size: bytes.length })
  })

  it('refuses anything else with the reason', async () => {
    const cases: [string, Buffer, number, string][] = [
      ['x.pdf', Buffer.from('<html><script>alert(1)</script>'), 415, 'attachment.type'],
      ['x.pdf', Buffer.from(' %PDF-1.4'), 415, 'attachment.type'],
      ['x.exe', Buffer.from('MZ'), 415, 'attachment.type'],
      ['x.pdf', Buffer.alloc(0), 400, 'attachment.no-file'],
      ['x.pdf', Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)]), 413, 'attachment.too-large'],
    ]
    for (const [name, bytes, status, code] of cases) {
      const answer = await send(name, bytes)
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect(answer.body.title).toMatch(/\p{Script=Han}/u)
    }
    expect((await admin.post<ProblemBody>('/attachments', {})).body.code).toBe('attachment.no-file')
    const whole = Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024 - PDF.length)])
    expect((await send('x.pdf', whole)).status).toBe(201)
  })

  it('is for those who may write', async () => {
    for (const role of ['viewer', 'operator'] as const)
      expect((await send('x.pdf', PDF, await person(service, { role }))).status).toBe(403)
    expect((await send('x.pdf', PDF, service.visitor())).status).toBe(401)
  })

  it('may be taken back by its uploader, alone', async () => {
    const { id } = await sent()
    const other = await person(service, { role: 'officer' })
    expect((await other.send('DELETE', `/attachments/${id}`)).status).toBe(404)
    expect((await admin.send('DELETE', `/attachments/${id}`)).status).toBe(204)
    expect((await admin.send('DELETE', `/attachments/${id}`)).status).toBe(404)
    expect((await admin.send('DELETE', '/attachments/x')).status).toBe(400)
    expect(await bytesOf(id)).toBe(0)
  })
})

describe('a change with documents', () => {
  it('takes those of its writer, once, and shows them wherever it is shown', async () => {
    const [a, b] = [await sent(), await sent('证.png', PNG)]
    const dry = await admin.change(stock([a.id, b.id]), '?dryRun=true')
    expect(dry.status).toBe(200)
    const made = await admin.mustChange(stock([a.id, b.id]))
    expect(files(made)).toEqual([a.id, b.id])
    expect((await change(made.id)).attachments).toEqual([a, b])
    const listed = await admin.all<ChangeView>('/changes?kind=stock')
    expect(listed.find((c) => c.id === made.id)?.attachments).toEqual([a, b])
    const { history } = (await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(n)}`)).body
    expect(history[0]?.attachments).toEqual([a, b])
    expect((await admin.send<ProblemBody>('DELETE', `/attachments/${a.id}`)).body.code).toBe(
      'attachment.taken',
    )
    n++
    const other = await person(service, { role: 'officer' })
    const foreign = await sent('x.pdf', PDF, other)
    for (const id of [a.id, foreign.id, 'f'.repeat(24)]) {
      for (const query of ['', '?dryRun=true']) {
        const { status, body } = await admin.change(stock([id]), query)
        expect([status, body.errors.map((e) => [e.path, e.code])]).toEqual([
          422,
          [['attachments', 'attachment.unknown']],
        ])
      }
    }
    expect((await admin.change(stock(['x']))).status).toBe(400)
    expect((await admin.change(stock())).status).toBe(201)
  })

  it('gets more later', async () => {
    const made = await admin.mustChange(stock())
    const add = (attachment: unknown, client = admin, id = made.id) =>
      client.post<{ attachments: AttachmentView[] } & ProblemBody>(`/changes/${id}/attachments`, {
        attachment,
      })
    const a = await sent()
    const first = await add(a.id)
    expect([first.status, first.body.attachments]).toEqual([201, [a]])
    expect((await add(a.id)).body.attachments).toEqual([a])
    const b = await sent('证.png', PNG)
    expect((await add(b.id)).body.attachments).toEqual([a, b])
    expect((await add('f'.repeat(24))).status).toBe(422)
    expect((await add({ $ne: null })).status).toBe(400)
    const foreign = await person(service, { role: 'county-officer', county: '350703' })
    const theirs = await sent('x.pdf', PDF, foreign)
    expect((await add(theirs.id, foreign)).status).toBe(404)
    expect((await add(theirs.id)).status).toBe(422)
    expect((await add(a.id, admin, 'f'.repeat(24))).status).toBe(404)
    await admin.post(`/changes/${made.id}/void`, { reason: 'x' })
    expect((await add((await sent()).id)).body.code).toBe('change.already-voided')
    expect(files(await change(made.id))).toEqual([a.id, b.id])
  })

  it('keeps them when it is said anew, or takes those that are named', async () => {
    const [a, b] = [await sent(), await sent('证.png', PNG)]
    const made = await admin.mustChange(stock([a.id]))
    const correct = (id: string, more: object, attachments?: string[]) => {
      const { attachments: _, ...rest } = stock([], more)
      const body = { reason: 'x', change: attachments ? { ...rest, attachments } : rest }
      return admin.post<Recorded>(`/changes/${id}/correct`, body)
    }
    const second = await correct(made.id, { note: '一' })
    expect([second.status, files(second.body)]).toEqual([201, [a.id]])
    const third = await correct(second.body.id, { note: '二' }, [b.id])
    expect([third.status, files(third.body)]).toEqual([201, [b.id]])
    const fourth = await correct(third.body.id, { note: '三' }, [a.id])
    expect(fourth.status).toBe(422)
    expect([files(await change(made.id)), files(await change(third.body.id))]).toEqual([[a.id], [b.id]])
  })
})

describe('an entry with documents that a list puts right', () => {
  it('has them still, and when the list is withdrawn again, with those that were added since', async () => {
    const file = await sent()
    const bus = vehicleOf(n, { category: 'bus', operator: '南平公交公司', registeredOn: '2020-01-01' })
    await admin.mustChange({ kind: 'stock', vehicle: bus, attachments: [file.id] })
    const fleet = csvOf([{ ...bus, energy: 'gas' }]).replace('变动类型', '序号')
    const { id } = (await admin.upload('fleet.csv', fleet, { mode: 'fleet', asOf: '2026-11-20' })).body
    expect((await admin.importIn(id, 'checked')).counts.changed).toBe(1)
    expect((await admin.post(`/imports/${id}/approve`)).status).toBe(202)
    await admin.importIn(id, 'applied')
    const standing = async () => {
      const { history } = (await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(n)}`)).body
      const counting = history.filter((c) => c.voidedAt === null)
      expect(counting).toHaveLength(1)
      const [entry] = counting
      const { bytes } = await download(admin, `/changes/${entry?.id}/attachments/${file.id}`)
      expect(bytes).toEqual(PDF)
      return entry
    }
    const anew = await standing()
    expect([anew?.vehicle.energy, anew?.attachments]).toEqual(['gas', [file]])
    const later = await sent('证.png', PNG)
    const added = await admin.post(`/changes/${anew?.id}/attachments`, { attachment: later.id })
    expect(added.status).toBe(201)
    expect((await admin.post(`/imports/${id}/withdraw`, { reason: '报错了' })).status).toBe(202)
    await admin.importIn(id, 'withdrawn')
    const again = await standing()
    expect([again?.vehicle.energy, again?.attachments]).toEqual(['diesel', [file, later]])
  })
})

describe('reading a document', () => {
  const SAFE = {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  }
  it('gives it back as it came, for a browser that trusts nothing', async () => {
    // A picture to one reader, a page to another.
    const polyglot = Buffer.concat([PNG, Buffer.from('<html><script>alert(1)</script></html>')])
    const file = await sent('证"件;\u202egnp.html', polyglot)
    const made = await admin.mustChange(stock([file.id]))
    const path = `/changes/${made.id}/attachments/${file.id}`
    const saved = await download(admin, path)
    expect(saved.status).toBe(200)
    expect(createHash('sha256').update(saved.bytes).digest('hex')).toBe(
      createHash('sha256').update(polyglot).digest('hex'),
    )
    expect(Object.fromEntries(saved.headers)).toMatchObject({ ...SAFE, 'content-type': 'image/png' })
    expect(saved.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"]*"; filename\*=UTF-8''/,
    )
    expect(saved.headers.get('content-length')).toBe(String(polyglot.length))
    expect(saved.headers.get('cache-control')).toContain('no-store')
    const inline = await download(admin, `${path}?inline=true`)
    expect(Object.fromEntries(inline.headers)).toMatchObject({ ...SAFE, 'content-type': 'image/png' })
    expect(inline.headers.get('content-disposition')).toMatch(/^inline; filename=/)
    expect((await admin.get(`${path}?inline=perhaps`)).status).toBe(400)
  })

  it('is for those who see the change', async () => {
    const file = await sent()
    const made = await admin.mustChange(stock([file.id]))
    const path = `/changes/${made.id}/attachments/${file.id}`
    const status = async (client: Client, at = path) => (await client.get(at)).status
    expect(await status(await person(service, { role: 'viewer' }))).toBe(200)
    expect(await status(await person(service, { role: 'operator' }))).toBe(200)
    expect(await status(await person(service, { role: 'county-officer', county: '350702' }))).toBe(200)
    expect(await status(await person(service, { role: 'county-officer', county: '350703' }))).toBe(404)
    expect(await status(await person(service, { role: 'operator', operator: '别家公司' }))).toBe(404)
    expect(await status(service.visitor())).toBe(401)
    // Not by another change, nor before one has it.
    n++
    const other = await admin.mustChange(stock())
    const loose = await sent()
    expect(await status(admin, `/changes/${other.id}/attachments/${file.id}`)).toBe(404)
    expect(await status(admin, `/changes/${other.id}/attachments/${loose.id}`)).toBe(404)
  })

  it('is not reached around by tricks with the path', async () => {
    const file = await sent()
    const made = await admin.mustChange(stock([file.id]))
    const attachments = `/api/v1/changes/${made.id}/attachments`
    const tricks: [string, number][] = [
      ['../../../me', 404],
      ['..%2F..%2Fme', 400],
      ['..%2F..%2F..%2Fme', 400],
      ['%2e%2e%2fme', 400],
      ['%2e%2e/%2e%2e/%2e%2e/me', 404],
      ['x', 400],
      [`${file.id}%00`, 400],
      [`${file.id.slice(0, 23)}%00`, 400],
      [`${file.id}%2F..%2F${file.id}`, 400],
    ]
    for (const [trick, status] of tricks) {
      const answer = await raw(`${attachments}/${trick}`)
      expect([trick, answer.status]).toEqual([trick, status])
      expect(answer.type).toContain('application/problem+json')
      expect(answer.text).not.toContain(ADMIN.email)
      expect(answer.text).not.toContain('%PDF')
    }
    // The same request for what is there is answered.
    expect(await raw(`${attachments}/${file.id}`)).toMatchObject({ status: 200, text: PDF.toString() })
  })
})

describe('what no change has taken', () => {
  it('is swept after a day, and nothing else', async () => {
    const [kept, loose] = [await sent(), await sent()]
    const made = await admin.mustChange(stock([kept.id]))
    const { attachments, clock, connection } = service.services
    const later = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000)
    expect(await attachments.sweep(later(23))).toBe(0)
    expect(await attachments.sweep(later(25))).toBeGreaterThan(0)
    expect([await bytesOf(loose.id), await bytesOf(kept.id)]).toEqual([0, 1])
    expect((await admin.send('DELETE', `/attachments/${loose.id}`)).status).toBe(404)
    expect(files(await change(made.id))).toEqual([kept.id])
    // An entry names it that was recorded in the moment of a crash.
    await connection.collection('attachments').updateOne({ changes: { $size: 1 } }, { $set: { loose: true } })
    expect(await attachments.sweep(later(25))).toBe(0)
  })

  it('is not what an entry names, nor what a correction that was cut off is yet to say', async () => {
    const [named, unsaid] = [await sent(), await sent()]
    const made = await admin.mustChange(stock([named.id]))
    const change = { ...stock([unsaid.id]), note: '补件' }
    const anew = await admin.post<Recorded>(`/changes/${made.id}/correct`, { reason: 'x', change })
    expect(anew.status).toBe(201)
    const { attachments, clock, connection, models } = service.services
    const ids = [named, unsaid].map(({ id }) => new ObjectId(id))
    await models.changes.collection.deleteOne({ _id: new ObjectId(anew.body.id) })
    await connection
      .collection('attachments')
      .updateMany({ _id: { $in: ids } }, { $set: { loose: true, changes: [] } })
    await attachments.sweep(new Date(clock.now().getTime() + 25 * 3_600_000))
    for (const { id } of [named, unsaid]) {
      const refused = await admin.send<ProblemBody>('DELETE', `/attachments/${id}`)
      expect([refused.status, refused.body.code, await bytesOf(id)]).toEqual([409, 'attachment.taken', 1])
    }
  })

  it('is told by what entries name without walking the ledger', async () => {
    const id = new ObjectId()
    const named = [{ attachments: id }, { 'saidAnew.entries.entry.attachments': id }]
    const plan = await service.services.models.changes.collection.find({ $or: named } as never).explain()
    expect(JSON.stringify(plan)).toContain('"IXSCAN"')
    expect(JSON.stringify(plan)).not.toContain('COLLSCAN')
  })
})
