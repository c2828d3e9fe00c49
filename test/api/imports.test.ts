import { mongo } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { Compliance } from '../../server/compliance/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import { type Client, csvOf, type Page, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const LIMIT_MB = 0.25

let service: TestService
let admin: Client
let used = 0
beforeAll(async () => {
  service = await startTestService({ UPLOAD_LIMIT_MB: String(LIMIT_MB) })
  admin = service.admin
  await admin.record('first.csv', csvOf(numbers(1).map((n) => stock(n))))
})
afterAll(() => service.close())

/** So many numbers that no other test has. */
const numbers = (count: number): number[] => Array.from({ length: count }, () => ++used)
const stock = (n: number, more: Record<string, unknown> = {}) => ({ ...vehicleOf(n), kind: 'stock', ...more })
const retired = (n: number, more: Record<string, unknown> = {}) => ({
  ...{ vin: vinOf(n), kind: 'retired', on: '2025-05-05', reason: 'scrapped' },
  ...more,
})
type Decided = Omit<ImportView, 'status'> & Omit<ProblemBody, 'status'> & { status: string }
const act = <T = Decided>(id: string, what: string, body?: unknown, client = admin) =>
  client.post<T>(`/imports/${id}/${what}`, body)
const bodyOf = (what: string) => (what === 'reject' ? { reason: 'x' } : {})
const rows = (id: string, query = '') => admin.all<ImportRowView>(`/imports/${id}/rows?${query}`)
const collection = (name: string) => service.services.connection.collection(name)
const kept = async () =>
  Promise.all(
    ['imports', 'import-rows', 'import-files.files', 'import-files.chunks'].map((c) =>
      collection(c).countDocuments(),
    ),
  )
const changesOf = async (id: string) => admin.all<ChangeView>(`/changes?includeVoided=true&import=${id}`)
async function approve(id: string): Promise<ImportView> {
  const { status, body } = await act(id, 'approve')
  if (status !== 202) throw new Error(JSON.stringify(body))
  return admin.importIn(id, 'applied')
}

describe('what is no list', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(600, 1)])
  const zip = Buffer.from('504b0506000000000000000000000000000000000000', 'hex')
  it.each([
    ['a PDF', 'list.pdf', '%PDF-1.7\n1 0 obj\n<<>>\nendobj\n', 422, 'import.not-a-list'],
    [
      'a PDF that says it is a spreadsheet',
      'list.xlsx',
      '%PDF-1.7\n1 0 obj\n<<>>\nendobj\n',
      422,
      'import.not-a-list',
    ],
    ['a picture', 'list.png', png, 422, 'import.not-a-list'],
    ['a picture that says it is a list', 'list.csv', png, 422, 'import.not-a-list'],
    ['a page', 'list.csv', '<!doctype html><html><body>x</body></html>', 422, 'import.not-a-list'],
    ['an empty file', 'list.csv', '', 422, 'import.empty'],
    ['a header without rows', 'list.csv', csvOf([]), 422, 'import.empty'],
    ['no header', 'list.csv', 'a,b,c\n1,2,3\n', 422, 'import.no-header'],
    ['an empty archive', 'list.xlsx', zip, 422, null],
    ['half a spreadsheet', 'list.xlsx', Buffer.from('504b030414000600', 'hex'), 422, null],
    ['half an old spreadsheet', 'list.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 422, null],
    ['too large a file', 'list.csv', Buffer.alloc(LIMIT_MB * 1024 * 1024 + 1, 'x'), 413, 'import.too-large'],
    ['far too large a file', 'list.csv', Buffer.alloc(4 * 1024 * 1024, 'x'), 413, 'import.too-large'],
  ])('%s is refused with a problem, and nothing of it is kept', async (_what, name, bytes, status, code) => {
    const before = await kept()
    const answer = await admin.upload(name, bytes)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    if (code) expect(answer.body.code).toBe(code)
    else expect(answer.body.code).toMatch(/^import\./)
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:/)
    expect(await kept()).toEqual(before)
  })

  it('a file of exactly the limit is taken', async () => {
    const list = csvOf(numbers(1).map((n) => stock(n)))
    const fill = LIMIT_MB * 1024 * 1024 - Buffer.byteLength(list)
    const checked = await admin.check('full.csv', `${list}${'\n'.repeat(fill)}`)
    expect(checked).toMatchObject({ size: LIMIT_MB * 1024 * 1024, counts: { total: 1 } })
  })

  it('a form that is cut off anywhere is refused, and the service goes on', async () => {
    const before = await kept()
    const list = csvOf(numbers(50).map((n) => stock(n)))
    const whole = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${list}\r\n--x--\r\n`
    const type = { 'content-type': 'multipart/form-data; boundary=x' }
    for (const share of [0.002, 0.01, 0.02, 0.5, 0.99]) {
      const { status, body } = await admin.send<ProblemBody>(
        'POST',
        '/imports',
        whole.slice(0, whole.length * share),
        type,
      )
      expect([share, status, body.code]).toEqual([share, 400, 'import.no-file'])
    }
    expect(await kept()).toEqual(before)
    const sent = await admin.send<{ id: string }>('POST', '/imports', whole, type)
    expect((await admin.importIn(sent.body.id, 'checked')).counts.new).toBe(50)
  })

  it('what is not a form with a file is refused', async () => {
    const before = await kept()
    const send = (body: unknown, headers: Record<string, string> = {}) =>
      admin.send<ProblemBody>('POST', '/imports', body, headers)
    const type = (value: string) => ({ 'content-type': value })
    const form = new FormData()
    form.set('note', 'no file')
    const nothing = new FormData()
    const answers: [number, { status: number; body: ProblemBody }][] = [
      [415, await send({ file: 'x' })],
      [415, await send('x', type('text/csv'))],
      [415, await send('x', type('multipart/form-data'))],
      [415, await send(undefined)],
      [400, await send('x', type('multipart/form-data; boundary=x'))],
      [
        400,
        await send(
          '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ncut',
          type('multipart/form-data; boundary=x'),
        ),
      ],
      [400, await send(form)],
      [400, await send(nothing)],
      [400, await send('file=x', type('application/x-www-form-urlencoded'))],
    ]
    expect(answers.map(([, { status, body }]) => [status, body.code])).toEqual(
      answers.map(([status]) => [status, 'import.no-file']),
    )
    expect(await kept()).toEqual(before)
  })
})

describe('a list', () => {
  it('is checked row by row, and its faulty rows do not block the good ones', async () => {
    const [a = 0, b = 0, c = 0, d = 0] = numbers(4)
    const list = csvOf([
      stock(a),
      stock(b, { plate: '闽1' }),
      stock(c, { energy: '混合动力' }),
      stock(d, { emission: '' }),
      stock(a),
      retired(9999),
    ])
    const { id, counts, codes } = await admin.check('mixed.csv', list)
    expect(counts).toEqual({
      ...{ total: 6, new: 2, changed: 0, unchanged: 0, warning: 1, error: 4, missing: 0 },
      ...{ toRecord: 2, toRecordClean: 1 },
    })
    expect(codes).toMatchObject({
      ...{
        'plate.invalid': 1,
        'energy.ambiguous': 1,
        'emission.missing': 1,
        'duplicate.in-file': 1,
        'vehicle.not-found': 1,
      },
    })
    expect((await rows(id)).map((r) => [r.row, r.outcome, r.issues[0]?.code, r.issues[0]?.column])).toEqual([
      [2, 'new', undefined, undefined],
      [3, 'error', 'plate.invalid', '车牌号'],
      [4, 'error', 'energy.ambiguous', '能源类型'],
      [5, 'new', 'emission.missing', '排放标准'],
      [6, 'error', 'duplicate.in-file', '车架号'],
      [7, 'error', 'vehicle.not-found', '车架号'],
    ])
    expect((await rows(id, 'outcome=error')).map((r) => r.row)).toEqual([3, 4, 6, 7])
    expect((await rows(id, 'outcome=new')).map((r) => r.row)).toEqual([2, 5])
    expect((await rows(id, 'outcome=warning')).map((r) => r.row)).toEqual([5])
    expect((await rows(id, 'code=plate.invalid')).map((r) => r.row)).toEqual([3])
    expect((await rows(id, 'outcome=new&code=plate.invalid')).map((r) => r.row)).toEqual([])
    expect((await rows(id, 'outcome=warning&code=emission.missing')).map((r) => r.row)).toEqual([5])
    expect((await rows(id, 'code=none')).map((r) => r.row)).toEqual([])
    expect((await rows(id, ''))[2]?.values.energy).toBe('混合动力')
    for (const bad of [
      'outcome=good',
      'limit=0',
      'cursor=x',
      `cursor=${Buffer.from('["x"]').toString('base64url')}`,
    ])
      expect([bad, (await admin.get(`/imports/${id}/rows?${bad}`)).status]).toEqual([bad, 400])
    const applied = await approve(id)
    expect(applied).toMatchObject({ recorded: 2, counts: { new: 2, error: 4 } })
    expect((await changesOf(id)).map((ch) => ch.source?.row).sort()).toEqual([2, 5])
  })

  it('is paged: each row once, whatever the page', async () => {
    const { id } = await admin.check('paged.csv', csvOf(numbers(23).map((n) => stock(n))))
    for (const limit of [1, 10, 23, 200]) {
      const seen = await admin.all<ImportRowView>(`/imports/${id}/rows?`, limit)
      expect(seen.map((r) => r.row)).toEqual(Array.from({ length: 23 }, (_, i) => i + 2))
    }
    const lists = await admin.all<ImportView>('/imports?', 2)
    expect(new Set(lists.map((l) => l.id)).size).toBe(lists.length)
    expect(lists.map((l) => l.sentAt)).toEqual(
      lists
        .map((l) => l.sentAt)
        .sort()
        .reverse(),
    )
    expect(lists.length).toBe((await admin.get<Page<ImportView>>('/imports')).body.total)
  })

  it.each([
    ['延平区公交更新 2025年(第1批).csv', '延平区公交更新 2025年(第1批).csv'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\车辆.csv', '车辆.csv'],
    ['/absolute/列表.csv', '列表.csv'],
    [`${'长'.repeat(300)}.csv`, '长'.repeat(200)],
    ['<img src=x onerror=alert(1)>.csv', '<img src=x onerror=alert(1)>.csv'],
  ])('called %j is kept as %j', async (name, kept) => {
    const sent = await admin.upload(name, csvOf(numbers(1).map((n) => stock(n))))
    expect(sent.status).toBe(202)
    expect((await admin.importIn(sent.body.id, 'checked')).filename).toBe(kept)
  })

  it('is not there under another id', async () => {
    for (const path of ['', '/rows']) {
      expect((await admin.get(`/imports/${'f'.repeat(24)}${path}`)).status).toBe(404)
      expect((await admin.get(`/imports/nonsense${path}`)).status).toBe(400)
    }
    for (const what of ['approve', 'recheck', 'reject'])
      expect((await act('f'.repeat(24), what, bodyOf(what))).status).toBe(404)
  })
})

describe('deciding', () => {
  it('twice at once has one effect', async () => {
    const list = numbers(30)
    const { id } = await admin.check('twice.csv', csvOf(list.map((n) => stock(n))))
    const answers = await Promise.all(Array.from({ length: 6 }, () => act(id, 'approve')))
    expect(answers.map((a) => a.status).sort()).toEqual([202, 409, 409, 409, 409, 409])
    expect(answers.filter((a) => a.status === 409).map((a) => a.body.code)).toEqual(
      Array(5).fill('import.wrong-status'),
    )
    expect((await admin.importIn(id, 'applied')).recorded).toBe(30)
    expect(await changesOf(id)).toHaveLength(30)
    for (const what of ['approve', 'reject', 'recheck']) {
      const late = await act(id, what, bodyOf(what))
      expect([what, late.status, late.body.code]).toEqual([what, 409, 'import.wrong-status'])
    }
    expect(await changesOf(id)).toHaveLength(30)
  })

  it('both ways at once has one effect', async () => {
    const { id } = await admin.check('both.csv', csvOf(numbers(5).map((n) => stock(n))))
    const [yes, no] = await Promise.all([act(id, 'approve'), act(id, 'reject', { reason: '重复' })])
    expect([yes.status, no.status].filter((s) => s === 409)).toHaveLength(1)
    const decided = await admin.importIn(id, 'applied', 'rejected')
    expect(await changesOf(id)).toHaveLength(decided.status === 'applied' ? 5 : 0)
  })

  it('is not possible before the check is done', async () => {
    const sent = await admin.upload('early.csv', csvOf(numbers(400).map((n) => stock(n))))
    const early = await act(sent.body.id, 'approve')
    if (early.status !== 202) expect([early.status, early.body.code]).toEqual([409, 'import.wrong-status'])
    await admin.importIn(sent.body.id, 'checked', 'applying', 'applied')
  })

  it('against a list needs a reason, and records nothing', async () => {
    const { id } = await admin.check('no.csv', csvOf(numbers(2).map((n) => stock(n))))
    for (const body of [{}, { reason: '' }, { reason: ' ' }, { reason: 'x'.repeat(501) }, { reason: 1 }, []])
      expect([body, (await act(id, 'reject', body)).status]).toEqual([body, 400])
    const { status, body } = await act(id, 'reject', { reason: ' 缺少排放标准 ' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'rejected',
      rejectReason: '缺少排放标准',
      decidedBy: { name: '管理员' },
      recorded: 0,
    })
    expect((await act(id, 'reject', { reason: 'again' })).status).toBe(409)
    expect((await act(id, 'approve')).status).toBe(409)
    expect(await changesOf(id)).toEqual([])
  })

  it('for a list with nothing new is refused', async () => {
    const list = csvOf(numbers(2).map((n) => stock(n)))
    await admin.record('first.csv', list)
    const { id, counts } = await admin.check('again.csv', list)
    expect(counts).toMatchObject({ total: 2, new: 0, unchanged: 2 })
    const { status, body } = await act(id, 'approve')
    expect([status, body.code]).toEqual([409, 'import.nothing-to-apply'])
  })

  it('is for those who may: viewers and visitors read or nothing', async () => {
    const { id } = await admin.check('who.csv', csvOf(numbers(1).map((n) => stock(n))))
    const viewer = await person(service, { role: 'viewer' })
    expect((await viewer.get(`/imports/${id}`)).status).toBe(200)
    expect((await viewer.upload('x.csv', csvOf([stock(1)]))).status).toBe(403)
    for (const what of ['approve', 'reject', 'recheck']) {
      expect((await act(id, what, { reason: 'x' }, viewer)).status).toBe(403)
      expect((await act(id, what, { reason: 'x' }, service.visitor())).status).toBe(401)
    }
    const officer = await person(service, { role: 'officer' })
    expect((await act(id, 'approve', undefined, officer)).status).toBe(202)
    expect((await admin.importIn(id, 'applied')).decidedBy?.id).toBe(officer.id)
  })

  it('on others’ lists is not for operators and county officers, who see their own only', async () => {
    const { id } = await admin.check('theirs.csv', csvOf(numbers(1).map((n) => stock(n))))
    const operator = await person(service, { role: 'operator', operator: 'op-1' })
    const county = await person(service, { role: 'county-officer', county: '350702' })
    for (const client of [operator, county]) {
      expect((await client.get(`/imports/${id}`)).status).toBe(404)
      expect((await client.get(`/imports/${id}/rows`)).status).toBe(404)
      expect((await client.get<Page<ImportView>>('/imports')).body).toMatchObject({ items: [], total: 0 })
      expect((await act(id, 'recheck', undefined, client)).status).toBe(404)
    }
    expect((await act(id, 'approve', undefined, operator)).status).toBe(403)
    expect((await act(id, 'approve', undefined, county)).status).toBe(404)
    const own = await operator.upload('own.csv', csvOf(numbers(1).map((n) => stock(n))))
    expect(own.status).toBe(202)
    await operator.importIn(own.body.id, 'checked')
    expect((await county.get(`/imports/${own.body.id}`)).status).toBe(404)
  })
})

describe('a list of somebody who is limited to a part of the city', () => {
  it('touches that part only: other rows are errors, and effects are of that part', async () => {
    const [own = 0, foreign = 0, mine = 0, theirs = 0] = numbers(4)
    const elsewhere = { county: '350703', operator: '建阳货运公司' }
    await admin.record('all.csv', csvOf([stock(own), stock(foreign, elsewhere)]))
    const { body } = await admin.get<{ items: { id: string; name: string }[] }>('/operators')
    const operatorId = body.items.find((o) => o.name === '延平货运公司')?.id ?? ''
    const people: [Client, string][] = [
      [await person(service, { role: 'county-officer', county: '350702' }), 'county.unknown'],
      [await person(service, { role: 'operator', operator: operatorId }), 'operator.unknown'],
    ]
    const list = csvOf([
      retired(own),
      retired(foreign),
      stock(mine),
      stock(theirs, elsewhere),
      {
        vin: vinOf(foreign),
        kind: 'transferred',
        on: '2025-01-01',
        operator: '延平货运公司',
        county: '350702',
      },
    ])
    for (const [client, code] of people) {
      const checked = await client.check('part.csv', list)
      expect(checked.counts).toMatchObject({ new: 2, error: 3 })
      expect(
        (await client.all<ImportRowView>(`/imports/${checked.id}/rows?outcome=error`)).map((r) => [
          r.row,
          r.issues[0]?.code,
        ]),
      ).toEqual([
        [3, 'vehicle.outside'],
        [5, code],
        [6, 'vehicle.outside'],
      ])
      const trucks = checked.effects.find((e) => e.rule === 'old-diesel-trucks-retired')
      const part = code === 'county.unknown' ? 'county=350702' : `operator=${operatorId}`
      const figure = (await admin.figures(`?${part}`))['old-diesel-trucks-retired']
      expect([trucks?.before.value, trucks?.after.value]).toEqual([figure?.value, (figure?.value ?? 0) + 1])
    }
    const [officer] = people[0] ?? []
    const { body: lists } = (await officer?.get<Page<ImportView>>('/imports')) ?? {}
    expect((await act(lists?.items[0]?.id ?? '', 'approve', undefined, officer)).status).toBe(202)
    expect((await admin.importIn(lists?.items[0]?.id ?? '', 'applied')).recorded).toBe(2)
  })
})

describe('lists that meet', () => {
  it('a row that names a vehicle of another list turns good when that one was approved and it is checked again', async () => {
    const [n = 0] = numbers(1)
    const later = await admin.check('later.csv', csvOf([retired(n)]))
    expect(later.codes).toEqual({ 'vehicle.not-found': 1 })
    expect((await act(later.id, 'approve')).body.code).toBe('import.nothing-to-apply')
    await admin.record('earlier.csv', csvOf([stock(n)]))
    expect((await act(later.id, 'recheck')).status).toBe(202)
    const again = await admin.importIn(later.id, 'checked')
    expect(again).toMatchObject({ codes: {}, counts: { total: 1, new: 1, error: 0 } })
    expect(again.effects.map((e) => e.rule)).toContain('old-diesel-trucks-retired')
    expect(await rows(later.id)).toHaveLength(1)
    expect((await approve(later.id)).recorded).toBe(1)
  })

  it('of two that touch one vehicle, the second is checked again as it is applied, and its stale row is an error', async () => {
    const [n = 0, other = 0] = numbers(2)
    await admin.record('stock.csv', csvOf([stock(n), stock(other)]))
    const one = await admin.check('one.csv', csvOf([retired(n)]))
    const two = await admin.check('two.csv', csvOf([retired(n, { on: '2025-06-06' }), retired(other)]))
    expect([one.counts.new, two.counts.new]).toEqual([1, 2])
    await approve(one.id)
    const applied = await approve(two.id)
    expect(applied).toMatchObject({
      recorded: 1,
      counts: { total: 2, new: 1, error: 1 },
      codes: { 'vehicle.already-retired': 1 },
    })
    expect((await rows(two.id, 'outcome=error')).map((r) => [r.row, r.issues[0]?.code])).toEqual([
      [2, 'vehicle.already-retired'],
    ])
  })

  it('approved at once, record one vehicle once', async () => {
    const shared = numbers(40)
    const lists = await Promise.all(
      ['a', 'b', 'c'].map((name) => admin.check(`${name}.csv`, csvOf(shared.map((n) => stock(n))))),
    )
    await Promise.all(lists.map((l) => act(l.id, 'approve')))
    const applied = await Promise.all(lists.map((l) => admin.importIn(l.id, 'applied')))
    expect(applied.map((l) => l.recorded).sort((x, y) => x - y)).toEqual([0, 0, 40])
    expect(applied.map((l) => l.counts.unchanged).sort((x, y) => x - y)).toEqual([0, 40, 40])
  })

  it('approved while the same is entered by hand, record it once', async () => {
    const shared = numbers(30)
    const list = await admin.check(
      'race.csv',
      csvOf(shared.map((n) => ({ ...vehicleOf(n), kind: 'added', on: '2025-01-01' }))),
    )
    const hand = shared.map((n) => admin.change({ kind: 'added', on: '2025-01-02', vehicle: vehicleOf(n) }))
    const [, ...answers] = await Promise.all([act(list.id, 'approve'), ...hand])
    const applied = await admin.importIn(list.id, 'applied')
    expect(applied.recorded + answers.filter((a) => a.status === 201).length).toBe(30)
    expect(applied.counts.error + applied.recorded).toBe(30)
  })
})

describe('applying', () => {
  it('that fails again and again for a fault of ours is taken back whole, and figures go on', {
    timeout: 120_000,
  }, async () => {
    const before = await admin.get<Compliance>('/compliance')
    const fleet = numbers(2)
    const { id } = await admin.check('faulty.csv', csvOf(fleet.map((n) => stock(n))))
    const imports = service.services.models.imports.collection
    // The second row cannot be applied by any try: what it says is gone.
    await service.services.models.rows.collection.updateOne(
      { import: new mongo.ObjectId(id), row: 3 },
      { $set: { values: null } },
    )
    await act(id, 'approve')
    let freed = 0
    await expect
      .poll(
        async () => {
          const doc = await imports.findOne({ _id: new mongo.ObjectId(id) })
          // Another try at once, without waiting for the lease to run out: once for each that is over.
          if (doc?.status === 'applying' && doc.failures > freed) {
            freed = doc.failures
            await imports.updateOne({ _id: doc._id, failures: freed }, { $set: { lease: null } })
            service.services.importThread.kick()
          }
          return doc?.status
        },
        { timeout: 100_000 },
      )
      .toBe('failed')
    expect(freed).toBe(4)
    for (const n of fleet) expect((await admin.get(`/vehicles/${vinOf(n)}`)).status).toBe(404)
    expect((await changesOf(id)).filter((c) => c.voidedAt === null)).toEqual([])
    const after = await admin.get<Compliance>('/compliance')
    expect(after.body.rules).toEqual(before.body.rules)
    expect(after.body.knownAt > before.body.knownAt).toBe(true)
  })

  it('registers the operators that nobody had registered', async () => {
    const name = `新运输有限公司${used}`
    const [n = 0] = numbers(1)
    const { id, codes } = await admin.check('operator.csv', csvOf([stock(n, { operator: name })]))
    const names = async () =>
      (await admin.get<{ items: { name: string }[] }>('/operators')).body.items.map((o) => o.name)
    expect(codes).toMatchObject({ 'operator.new': 1 })
    expect(await names()).not.toContain(name)
    await approve(id)
    expect(await names()).toContain(name)
    expect((await changesOf(id))[0]?.operatorName).toBe(name)
  })

  it('shows its figures all at once, when the whole list is on the ledger', async () => {
    const list = numbers(1500)
    const { id } = await admin.check(
      'long.csv',
      csvOf(list.map((n) => ({ ...vehicleOf(n), kind: 'added', on: '2026-02-02' }))),
    )
    const value = async () => {
      const { body } = await admin.get<Compliance>('/compliance')
      return {
        knownAt: body.knownAt,
        value: body.rules.find((r) => r.id === 'freight-vehicles-added')?.value ?? -1,
      }
    }
    const before = await value()
    await act(id, 'approve')
    const seen = [before]
    for (let status = 'applying'; status === 'applying'; ) {
      seen.push(await value())
      status = (await admin.get<ImportView>(`/imports/${id}`)).body.status
    }
    seen.push(await value())
    expect([...new Set(seen.map((s) => s.value))]).toEqual([before.value, before.value + 1500])
    for (const { knownAt, value: then } of [...seen.slice(0, 3), ...seen.slice(-2)]) {
      const { body } = await admin.get<Compliance>(`/compliance?knownAt=${knownAt}`)
      expect([body.knownAt, body.rules.find((r) => r.id === 'freight-vehicles-added')?.value]).toEqual([
        knownAt,
        then,
      ])
    }
    const stamps = new Set((await changesOf(id)).map((c) => c.recordedAt))
    expect(stamps.size).toBe(1)
  })

  it('is finished after a restart in the middle', async () => {
    const list = numbers(1200)
    const { id } = await admin.check('stop.csv', csvOf(list.map((n) => stock(n))))
    await act(id, 'approve')
    await service.restart()
    const applied = await admin.importIn(id, 'applied')
    expect(applied.recorded).toBe(1200)
    expect(
      (await admin.get<Page<unknown>>(`/vehicles?q=${encodeURIComponent(plateOf(list[1199] ?? 0))}`)).body
        .total,
    ).toBe(1)
  })

  it('that a crash cut off when the list counted already, ends with the same effects', async () => {
    const [old = 0, ...added] = numbers(4)
    await admin.record('before.csv', csvOf([stock(old)]))
    const retired = {
      kind: 'retired',
      on: '2026-02-03',
      reason: 'scrapped',
      vin: vinOf(old),
      plate: plateOf(old),
    }
    const { id } = await admin.check(
      'cut-off.csv',
      csvOf([retired, ...added.map((n) => ({ ...vehicleOf(n), kind: 'added', on: '2026-02-02' }))]),
    )
    await approve(id)
    const { effects, counts, recorded } = await admin.importIn(id, 'applied')
    expect(effects.length).toBeGreaterThan(1)
    // As it stands between being counted and being said to be.
    await collection('imports').updateOne(
      { filename: 'cut-off.csv' },
      { $set: { status: 'applying', appliedAt: null, recorded: 0, tries: 1 } },
    )
    await service.restart()
    expect(await admin.importIn(id, 'applied')).toMatchObject({ effects, counts, recorded })
  })

  it('of a list that was approved long before its turn leaves settled figures as they were', async () => {
    const { id } = await admin.check(
      'late.csv',
      csvOf(numbers(3).map((n) => ({ ...vehicleOf(n), kind: 'added', on: '2026-03-03' }))),
    )
    await service.restart({ NOW: '2026-11-23T11:00:00+08:00' })
    // As another process decides it: approved a minute ago, and taken up only now.
    const minuteAgo = new Date(service.services.clock.now().getTime() - 60_000)
    const settled = (await admin.get<Compliance>('/compliance')).body
    await collection('imports').updateOne(
      { filename: 'late.csv' },
      { $set: { status: 'applying', decidedAt: minuteAgo, decidedBy: { id: 'f'.repeat(24), name: '某人' } } },
    )
    await admin.importIn(id, 'applied')
    const again = (await admin.get<Compliance>(`/compliance?knownAt=${settled.knownAt}`)).body
    expect(again).toEqual(settled)
    const now = (await admin.get<Compliance>('/compliance')).body
    const value = (c: Compliance) => c.rules.find((r) => r.id === 'freight-vehicles-added')?.value ?? -1
    expect(value(now)).toBe(value(settled) + 3)
  })
})
