import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView, Effect } from '../../server/changes/schema.ts'
import type { DisputeView } from '../../server/disputes/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import { type Client, csvOf, type Page, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
let officer: Client & { id: string }
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  officer = await person(service, { role: 'officer' })
})
afterAll(() => service.close())

type Dispute = DisputeView & Omit<ProblemBody, 'status'>
type Decided = { dispute: DisputeView; effects: Effect[] } & ProblemBody
const PDF = Buffer.from('%PDF-1.7\n证明\n%%EOF')
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])

let used = 0
const numbers = (count: number) => Array.from({ length: count }, () => ++used)
let made = 0
async function company(county = '350702') {
  const name = `异议企业${++made}`
  const { body } = await admin.post<{ id: string }>('/operators', { name, county })
  const client = await person(service, { role: 'operator', operator: body.id })
  /** an addition that happened before the vehicle was registered: an error that a document settles */
  const early = (n: number, facts: Record<string, unknown> = {}) => ({
    ...vehicleOf(n, { operator: name, registeredOn: '2026-03-05', ...facts }),
    ...{ kind: 'added', on: '2026-03-02' },
  })
  return { id: body.id, name, client, early }
}

interface Form {
  claim?: string
  wish?: string
  rules?: string
  file?: Uint8Array | null
  name?: string
}
function dispute(by: Client, list: string, seq: number | string, form: Form = {}) {
  const {
    claim = '发票日期早于上牌日期，见附件',
    wish = 'record',
    rules,
    file = PDF,
    name = '证明.pdf',
  } = form
  const body = new FormData()
  body.set('claim', claim)
  body.set('wish', wish)
  if (rules !== undefined) body.set('rules', rules)
  if (file) body.set('file', new Blob([new Uint8Array(file)]), name)
  return by.send<Dispute>('POST', `/imports/${list}/rows/${seq}/disputes`, body)
}
const decide = (by: Client, id: string, body: Record<string, unknown>, query = '') =>
  by.send<Decided>('POST', `/disputes/${id}/decide${query}`, body)
const uphold = (by: Client, id: string, answer = '材料属实') => decide(by, id, { decision: 'upheld', answer })
const get = async (id: string, by = admin) => (await by.get<Dispute>(`/disputes/${id}`)).body
const rowsOf = async (list: string, by = admin) =>
  (await by.get<Page<ImportRowView>>(`/imports/${list}/rows`)).body.items
const listOf = async (id: string, by = admin) => (await by.get<ImportView>(`/imports/${id}`)).body
const added = async () => (await admin.figures())['freight-vehicles-added']?.numerator ?? 0

/** A checked list of one row with a fault that a document settles, and a dispute about it. */
async function disputed(form: Form = {}, facts: Record<string, unknown> = {}) {
  const own = await company()
  const [n = 0] = numbers(1)
  const { id: list } = await own.client.check('early.csv', csvOf([own.early(n, facts)]))
  const { status, body } = await dispute(own.client, list, 1, form)
  if (status !== 201) throw new Error(`the dispute was not opened: ${JSON.stringify(body)}`)
  return { ...own, n, list, id: body.id, opened: body }
}

describe('a dispute', () => {
  it('is opened on a faulty row of one’s own list, with a document', async () => {
    const { opened, client, list, id, name } = await disputed()
    expect(opened).toMatchObject({
      ...{ import: list, filename: 'early.csv', seq: 1, row: 2, status: 'open', wish: 'record', rules: [] },
      ...{ operator: { name }, by: { id: client.id }, decidedBy: null, answer: null, effects: [], may: [] },
      document: { name: '证明.pdf', type: 'application/pdf', size: PDF.length },
    })
    expect(opened.issues.map((i) => i.code)).toEqual(['date.before-registration'])
    expect(opened.issues[0]?.message).toContain('注册日期')
    expect(opened.values).toMatchObject({ on: '2026-03-02' })
    await service.services.rounds.run()
    expect((await listOf(list)).openDisputes).toBe(1)
    expect((await rowsOf(list))[0]?.dispute).toEqual({ id, status: 'open' })
    expect((await get(id, officer)).may).toEqual(['decide'])
  })

  it('stays with its row when the list is checked again', async () => {
    const { client, list, id } = await disputed()
    await client.post(`/imports/${list}/recheck`)
    await client.importIn(list, 'checked')
    await service.services.rounds.run()
    expect((await rowsOf(list))[0]?.dispute).toEqual({ id, status: 'open' })
    expect((await listOf(list)).openDisputes).toBe(1)
  })

  it('is the only open one of its row, also when opened by several at once', async () => {
    const own = await company()
    const [n = 0] = numbers(1)
    const { id: list } = await own.client.check('once.csv', csvOf([own.early(n)]))
    const answers = await Promise.all([1, 2, 3].map(() => dispute(own.client, list, 1)))
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409])
    expect((await dispute(own.client, list, 1)).body.code).toBe('dispute.open')
    const files = service.services.connection.collection('dispute-documents.files')
    const kept = await service.services.connection.collection('disputes').countDocuments({})
    expect(await files.countDocuments({})).toBe(kept)
  })

  it.each([
    ['without a claim', { claim: ' ' }, 400, 'request.invalid'],
    ['with too long a claim', { claim: '长'.repeat(1001) }, 400, 'request.invalid'],
    ['with another wish', { wish: 'delete' }, 400, 'request.invalid'],
    ['with unknown rules', { wish: 'exempt', rules: 'no-rule' }, 400, 'request.invalid'],
    ['of a share of the fleet', { wish: 'exempt', rules: 'freight-fleet' }, 400, 'request.invalid'],
    ['without a document', { file: null }, 400, 'dispute.no-document'],
    ['with an empty document', { file: new Uint8Array(0) }, 400, 'dispute.no-document'],
    [
      'with a page called a picture',
      { file: Buffer.from('<html>'), name: 'x.png' },
      415,
      'dispute.document-type',
    ],
    [
      'with a document over 10 MB',
      { file: Buffer.alloc(10 * 1024 * 1024 + 1, '%PDF-') },
      413,
      'dispute.document-too-large',
    ],
  ] as const)('is not opened %s', async (_, form, status, code) => {
    const own = await company()
    const { id: list } = await own.client.check('bad.csv', csvOf(numbers(1).map((n) => own.early(n))))
    const answer = await dispute(own.client, list, 1, form)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect((await own.client.get<Page<unknown>>('/disputes')).body.items).toEqual([])
  })

  it('is not opened by what is no form, and ends no process when it is cut off', async () => {
    const own = await company()
    const { id: list } = await own.client.check('cut.csv', csvOf(numbers(1).map((n) => own.early(n))))
    const path = `/imports/${list}/rows/1/disputes`
    expect((await own.client.send('POST', path, { claim: 'x' })).status).toBe(415)
    const type = { 'content-type': 'multipart/form-data; boundary=x' }
    const cut = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'
    expect((await own.client.send('POST', path, cut, type)).status).toBe(400)
    expect((await own.client.get('/me')).status).toBe(200)
  })

  it('is for rows that were not taken: faulty ones, and any of a returned list', async () => {
    const own = await company()
    const [a = 0, b = 0] = numbers(2)
    const good = { ...vehicleOf(a, { operator: own.name }), kind: 'added', on: '2026-03-02' }
    const { id } = await own.client.check('two.csv', csvOf([good, own.early(b)]))
    const refused = await dispute(own.client, id, 1)
    expect([refused.status, refused.body.code]).toEqual([409, 'dispute.not-disputable'])
    for (const seq of [3, 99]) expect((await dispute(own.client, id, seq)).status).toBe(404)
    for (const seq of [0, 'x']) expect((await dispute(own.client, id, seq)).status).toBe(400)
    await own.client.post(`/imports/${id}/submit`)
    await admin.post(`/imports/${id}/reject`, { reason: '请说明' })
    expect((await dispute(own.client, id, 1)).status).toBe(201)
    expect((await dispute(own.client, id, 2, { file: PNG, name: '照片.png' })).body.document.type).toBe(
      'image/png',
    )
  })

  it('is opened by whose list it is, and seen by them and the officers in charge', async () => {
    const { client, list, id } = await disputed()
    const other = (await company()).client
    const elsewhere = await person(service, { role: 'county-officer', county: '350703' })
    const county = await person(service, { role: 'county-officer', county: '350702' })
    const viewer = await person(service, { role: 'viewer' })
    expect((await dispute(other, list, 1)).status).toBe(404)
    expect((await dispute(viewer, list, 1)).status).toBe(403)
    expect((await dispute(officer, list, 1)).status).toBe(403)
    expect((await dispute(service.visitor(), list, 1)).status).toBe(401)
    for (const stranger of [other, elsewhere]) {
      for (const path of ['', '/document'])
        expect((await stranger.get(`/disputes/${id}${path}`)).status).toBe(404)
      const seen = (await stranger.get<Page<DisputeView>>('/disputes')).body.items
      expect(seen.some((d) => d.id === id)).toBe(false)
    }
    for (const known of [client, county, viewer, officer, admin]) expect((await get(id, known)).id).toBe(id)
    expect((await get(id, county)).may).toEqual(['decide'])
    for (const looks of [client, viewer]) expect((await get(id, looks)).may).toEqual([])
    expect((await uphold(elsewhere, id)).status).toBe(404)
    for (const looks of [client, viewer]) expect((await uphold(looks, id)).status).toBe(403)
    expect((await uphold(service.visitor(), id)).status).toBe(401)
    expect((await get(id)).status).toBe('open')
  })

  it('gives its document back as it came, to be saved and never shown', async () => {
    const { id, client } = await disputed({ file: JPEG, name: '../行驶证 "正面".jpg' })
    const url = `${service.url}/api/v1/disputes/${id}/document`
    const answer = await fetch(url, { headers: { cookie: client.cookie } })
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(JPEG)
    expect(answer.headers.get('content-type')).toBe('image/jpeg')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/)
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('行驶证'))
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
  })
})

describe('deciding a dispute', () => {
  it('shows first what upholding does, then records the row with its source and reason', async () => {
    const { n, list, id, client } = await disputed()
    const before = await added()
    const preview = await decide(officer, id, { decision: 'upheld' }, '?dryRun=true')
    expect(preview.status).toBe(200)
    const effect = preview.body.effects.find((e) => e.rule === 'freight-vehicles-added')
    expect([effect?.before.numerator, effect?.after.numerator]).toEqual([before, before + 1])
    expect([await added(), (await get(id)).status]).toEqual([before, 'open'])
    const { status, body } = await uphold(officer, id, '发票属实')
    expect([status, body.effects]).toEqual([200, preview.body.effects])
    expect(body.dispute).toMatchObject({
      ...{ status: 'upheld', answer: '发票属实', decidedBy: { id: officer.id }, may: [] },
    })
    expect(await added()).toBe(before + 1)
    const [change] = await admin.all<ChangeView>(`/changes?import=${list}`)
    expect(change).toMatchObject({
      ...{ id: body.dispute.change, dispute: id, exemptFrom: [], on: '2026-03-02' },
      ...{ source: { import: list, row: 2, filename: 'early.csv' }, recordedBy: { id: officer.id } },
      vehicle: { vin: vinOf(n), registeredOn: '2026-03-05' },
    })
    expect(change?.note).toContain('发票属实')
    expect(change?.reportedAt).not.toBeNull()
    await service.services.rounds.run()
    expect((await rowsOf(list))[0]?.dispute).toEqual({ id, status: 'upheld' })
    expect(await listOf(list)).toMatchObject({ openDisputes: 0, recorded: 1 })
    expect((await get(id, client)).effects).toEqual([])
    // Read again, the row is on the ledger.
    await client.post(`/imports/${list}/recheck`)
    expect((await client.importIn(list, 'checked')).counts).toMatchObject({ unchanged: 1, error: 0 })
  })

  it('can leave the row out of the rules named, and of nothing else', async () => {
    const before = await admin.figures()
    const { id, list, n } = await disputed({ wish: 'exempt', rules: 'freight-vehicles-added' })
    const { body } = await uphold(officer, id)
    expect(body.effects.map((e) => e.rule)).toEqual(['freight-fleet'])
    expect(body.dispute.rules).toEqual(['freight-vehicles-added'])
    const after = await admin.figures()
    const numerator = (rule: string) => [before[rule]?.numerator, after[rule]?.numerator]
    expect(numerator('freight-vehicles-added')[1]).toBe(numerator('freight-vehicles-added')[0])
    expect((after['freight-fleet']?.denominator ?? 0) - (before['freight-fleet']?.denominator ?? 0)).toBe(1)
    const [change] = await admin.all<ChangeView>(`/changes?import=${list}`)
    expect(change?.exemptFrom).toEqual(['freight-vehicles-added'])
    const evidence = await admin.all<ChangeView>('/compliance/freight-vehicles-added/evidence?')
    expect(evidence.some((c) => c.vehicle.vin === vinOf(n))).toBe(false)
    expect(evidence.length).toBe(after['freight-vehicles-added']?.numerator)
  })

  it('leaves the row out of every target that would count it when none is named', async () => {
    const bus = { category: 'truck', energy: 'BEV' }
    const { id } = await disputed({ wish: 'exempt' }, bus)
    const before = await added()
    const { body } = await uphold(officer, id)
    expect([body.dispute.rules, await added()]).toEqual([['freight-vehicles-added'], before])
  })

  it('denied records nothing, and the row can be disputed again', async () => {
    const { id, list, client } = await disputed()
    const { status, body } = await decide(officer, id, { decision: 'denied', answer: '发票看不清' })
    expect([status, body.effects, body.dispute.status, body.dispute.change]).toEqual([
      200,
      [],
      'denied',
      null,
    ])
    expect(await admin.all(`/changes?import=${list}`)).toEqual([])
    expect((await get(id, client)).answer).toBe('发票看不清')
    const again = await dispute(client, list, 1, { claim: '重新扫描了发票' })
    expect(again.status).toBe(201)
    await service.services.rounds.run()
    expect((await rowsOf(list))[0]?.dispute).toEqual({ id: again.body.id, status: 'open' })
  })

  it('by several officers at once has one effect', async () => {
    for (let round = 0; round < 4; round++) {
      const { id, list } = await disputed()
      const before = await added()
      const others = [officer, admin, officer, admin]
      const answers = await Promise.all(
        others.map((by, i) =>
          i < 2 ? uphold(by, id) : decide(by, id, { decision: 'denied', answer: '否' }),
        ),
      )
      expect(answers.map((a) => a.status).sort()).toEqual([200, 409, 409, 409])
      for (const { body } of answers.filter((a) => a.status === 409)) {
        expect(body.code).toBe('dispute.decided')
        expect(body.errors[0]?.params?.by).not.toBe('')
      }
      const upheld = (await get(id)).status === 'upheld' ? 1 : 0
      expect([await added(), (await admin.all(`/changes?import=${list}`)).length]).toEqual([
        before + upheld,
        upheld,
      ])
    }
  })

  it('is nobody’s own', async () => {
    const [n = 0] = numbers(1)
    const row = { ...vehicleOf(n, { registeredOn: '2026-03-05' }), kind: 'added', on: '2026-03-02' }
    const { id: list } = await officer.check('own.csv', csvOf([row]))
    const { body } = await dispute(officer, list, 1)
    const own = await uphold(officer, body.id)
    expect([own.status, own.body.code]).toEqual([403, 'dispute.own'])
    expect((await decide(officer, body.id, { decision: 'upheld' }, '?dryRun=true')).status).toBe(403)
    expect((await uphold(admin, body.id)).status).toBe(200)
  })

  it('cannot record what no document settles, which it names', async () => {
    const { id, list, opened } = await disputed({}, { county: '不知道' })
    expect(opened.issues.map((i) => i.code).sort()).toContain('county.unknown')
    for (const query of ['', '?dryRun=true']) {
      const { status, body } = await decide(officer, id, { decision: 'upheld', answer: '是' }, query)
      expect([status, body.code]).toEqual([409, 'dispute.cannot-record'])
      expect(body.errors.map((e) => e.code)).toContain('county.unknown')
      expect(body.errors.map((e) => e.code)).not.toContain('date.before-registration')
      expect(body.errors[0]?.message).toContain('县')
    }
    expect(await admin.all(`/changes?import=${list}`)).toEqual([])
    expect((await decide(officer, id, { decision: 'denied', answer: '请改县' })).status).toBe(200)
  })

  it('cannot record what the ledger has by now', async () => {
    const { id, n, name } = await disputed()
    const vehicle = vehicleOf(n, { operator: name })
    await admin.mustChange({ kind: 'added', on: '2026-03-02', vehicle })
    const { status } = await uphold(officer, id)
    expect(status).toBe(409)
    expect((await get(id)).status).toBe('open')
  })

  it('cannot record another row than was disputed, nor one of a list that was taken back', async () => {
    const changed = await disputed()
    const rows = [{ seq: 1, cells: { on: '2026-03-03' } }]
    expect((await changed.client.mend(changed.list, rows)).status).toBe(200)
    const first = await uphold(officer, changed.id)
    expect([first.status, first.body.code]).toEqual([409, 'dispute.row-changed'])
    expect((await decide(officer, changed.id, { decision: 'denied', answer: '已改' })).status).toBe(200)
    const gone = await disputed()
    expect((await gone.client.post(`/imports/${gone.list}/cancel`)).status).toBe(200)
    const second = await uphold(officer, gone.id)
    expect([second.status, second.body.code]).toEqual([409, 'import.wrong-status'])
    expect(await admin.all(`/changes?import=${gone.list}`)).toEqual([])
  })

  it('needs an answer and a decision', async () => {
    const { id } = await disputed()
    for (const body of [
      { decision: 'upheld' },
      { decision: 'upheld', answer: ' ' },
      { decision: 'upheld', answer: '长'.repeat(1001) },
      { decision: 'perhaps', answer: 'x' },
      { answer: 'x' },
      { decision: 'upheld', answer: 'x', rules: [] },
    ])
      expect([body, (await decide(officer, id, body)).status]).toEqual([body, 400])
    expect((await decide(officer, 'f'.repeat(24), { decision: 'upheld', answer: 'x' })).status).toBe(404)
    expect((await decide(officer, 'x', { decision: 'upheld', answer: 'x' })).status).toBe(400)
    expect((await get(id)).status).toBe('open')
  })

  it('that a crash cut off is finished by the next round, once', async () => {
    const { id, list } = await disputed()
    const before = await added()
    const { connection, rounds } = service.services
    const verdict = {
      ...{ decision: 'upheld', answer: '属实', by: { id: officer.id, name: 'x' }, at: new Date() },
      ...{ rules: [], effects: [] },
    }
    // Written down, and then the process died: before recording, and after it.
    await connection.collection('disputes').updateOne({ _id: new ObjectId(id) }, { $set: { verdict } })
    for (let crash = 0; crash < 3; crash++) {
      await rounds.run()
      expect([crash, (await get(id)).status, await added()]).toEqual([crash, 'upheld', before + 1])
      expect(await admin.all(`/changes?import=${list}`)).toHaveLength(1)
      const cut = { status: 'open', change: null, settled: false }
      await connection.collection('disputes').updateOne({ _id: new ObjectId(id) }, { $set: cut })
    }
  })

  it('leaves no open dispute, and lists them by state, page by page', async () => {
    const { id } = await disputed()
    const open = await officer.all<DisputeView>('/disputes?status=open', 2)
    expect(open.map((d) => d.status)).not.toContain('upheld')
    expect(open.some((d) => d.id === id)).toBe(true)
    expect(new Set(open.map((d) => d.id)).size).toBe(open.length)
    await decide(officer, id, { decision: 'denied', answer: '否' })
    const denied = await officer.all<DisputeView>('/disputes?status=denied')
    expect(denied.some((d) => d.id === id)).toBe(true)
    expect((await officer.get('/disputes?status=lost')).status).toBe(400)
    expect((await officer.get('/disputes?cursor=x')).status).toBe(400)
  })
})

describe('a county officer', () => {
  it('does not uphold what reaches beyond the county', async () => {
    const own = await company('350702')
    const [n = 0] = numbers(1)
    const row = own.early(n, { county: '350703' })
    const { id: list } = await own.client.check('beyond.csv', csvOf([row]))
    const { body } = await dispute(own.client, list, 1)
    const county = await person(service, { role: 'county-officer', county: '350702' })
    const refused = await uphold(county, body.id)
    expect([refused.status, refused.body.code]).toEqual([403, 'import.beyond-county'])
    expect((await uphold(officer, body.id)).status).toBe(200)
  })
})
