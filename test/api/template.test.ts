import { utils, write } from '@e965/xlsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CATEGORIES } from '../../server/domain/vocabulary.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import { type Client, download, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { type ReadBook, readBook } from '../harness/workbook.ts'

const COMPANY = '模板公交公司'
const VEHICLES = [
  vehicleOf(1, { operator: COMPANY, category: 'bus', energy: 'BEV', county: '350702' }),
  vehicleOf(2, { operator: COMPANY, category: 'bus', energy: 'diesel', county: '350781' }),
  vehicleOf(3, { operator: COMPANY, category: 'truck', energy: 'PHEV', county: '350702' }),
]

let service: TestService
let admin: Client
let company: string
let own: Client
let county: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  for (const vehicle of VEHICLES) {
    const made = await admin.mustChange({ kind: 'added', on: '2025-01-01', vehicle })
    company = made.vehicle.operator
  }
  await admin.mustChange({ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(9, { operator: '别的公司' }) })
  const gone = vehicleOf(4, { operator: COMPANY })
  await admin.mustChange({ kind: 'added', on: '2025-01-01', vehicle: gone })
  await admin.mustChange({
    kind: 'retired',
    on: '2025-02-01',
    vehicle: { vin: vinOf(4) },
    reason: 'scrapped',
  })
  own = await person(service, { role: 'operator', operator: company })
  county = await person(service, { role: 'county-officer', county: '350781' })
})
afterAll(() => service.close())

async function form(
  query = '',
  client: Client = admin,
): Promise<{ bytes: Buffer; back: ReadBook; name: string }> {
  const { status, bytes, headers } = await download(client, `/imports/template.xlsx${query}`)
  expect([query, status]).toEqual([query, 200])
  const name = /filename\*=UTF-8''(\S+)/.exec(headers.get('content-disposition') ?? '')?.[1] ?? ''
  return { bytes, back: readBook(bytes), name: decodeURIComponent(name) }
}

/** The VINs that a form holds, in its third column. */
const vinsIn = (back: ReadBook) =>
  back
    .cells(0)
    .filter(([at]) => /^C\d+$/.test(at) && Number(at.slice(1)) > 2)
    .map(([, c]) => c.v)
    .sort()

/** The file with some cells changed by program, as a spreadsheet would save it. */
function changed(back: ReadBook, cells: Record<string, string>): Buffer {
  const book = utils.book_new()
  for (const name of back.names) utils.book_append_sheet(book, back.book.Sheets[name] ?? {}, name)
  const sheet = back.book.Sheets[back.names[0] ?? ''] ?? {}
  for (const [at, v] of Object.entries(cells)) sheet[at] = { t: 's', v }
  sheet['!ref'] = 'A1:Z20'
  return write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer
}

async function send(name: string, bytes: Buffer, client: Client = admin): Promise<ImportView> {
  const sent = await client.upload(name, bytes)
  expect(sent.status).toBe(202)
  return client.importIn(sent.body.id, 'checked')
}

describe('an empty form', () => {
  test.each([...CATEGORIES, undefined])(
    'for %s, sent back as it is, says that there is nothing in it',
    async (category) => {
      const { bytes, back, name } = await form(category ? `?category=${category}` : '')
      expect(name).toMatch(/车辆变动表（空表）\.xlsx$/)
      expect(back.part('xl/worksheets/sheet1.xml')).toContain('<dataValidation type="list"')
      const sent = await admin.upload(name, bytes)
      expect([sent.status, sent.body.code]).toEqual([422, 'import.empty'])
    },
  )

  test('with a row filled in is read as that row alone', async () => {
    const { back } = await form('?category=truck')
    const header = (text: string) =>
      back
        .cells(0)
        .find(([at, c]) => /^[A-Z]+2$/.test(at) && String(c.v).startsWith(text))?.[0]
        .replace('2', '5')
    const facts = vehicleOf(20, { operator: COMPANY })
    const cells = {
      [header('车牌号') ?? '']: facts.plate,
      ...{ [header('车架号') ?? '']: facts.vin, [header('车辆类别') ?? '']: '营运货车' },
      ...{ [header('能源类型') ?? '']: '柴油', [header('排放标准') ?? '']: '国三' },
      ...{ [header('所属企业') ?? '']: COMPANY, [header('县') ?? '']: '延平区' },
      ...{ [header('变动类型') ?? '']: '新增', [header('变动日期') ?? '']: '2025-04-05' },
    }
    const view = await send('form.xlsx', changed(back, cells))
    expect(view).toMatchObject({ mode: 'changes', counts: { total: 1, new: 1, error: 0 } })
    expect(view.sheets.map((s) => s.chosen)).toEqual([true, false])
    const rows = await admin.all<ImportRowView>(`/imports/${view.id}/rows?`)
    expect(rows.map((r) => [r.row, r.values.vin])).toEqual([[5, facts.vin]])
  })
})

describe('the complete set', () => {
  test('holds the vehicles in service of one operator, and sent back unchanged changes nothing', async () => {
    const { bytes, back, name } = await form(`?fleet=true&operator=${company}`)
    expect(name).toBe(`${COMPANY}现有车辆名单 2026-11-23.xlsx`)
    expect(vinsIn(back)).toEqual([1, 2, 3].map(vinOf).sort())
    const view = await send(name, bytes)
    expect(view).toMatchObject({ mode: 'fleet', modeFound: true })
    expect(view.counts).toMatchObject({
      total: 3,
      unchanged: 3,
      missing: 0,
      error: 0,
      warning: 0,
      toRecord: 0,
    })
  })

  test('with one cell changed gives one changed row', async () => {
    const { back } = await form(`?fleet=true&operator=${company}`)
    const at = back.cells(0).find(([, c]) => c.v === '柴油')?.[0] ?? ''
    const view = await send('changed.xlsx', changed(back, { [at]: '汽油' }))
    expect(view.counts).toMatchObject({ unchanged: 2, changed: 1, error: 0, missing: 0 })
    const [row] = await admin.all<ImportRowView>(`/imports/${view.id}/rows?outcome=changed`)
    expect(row?.differences).toEqual([{ field: 'energy', before: 'diesel', after: 'gasoline' }])
  })

  test('of one category asks about no vehicle of another', async () => {
    const { bytes, back } = await form(`?fleet=true&operator=${company}&category=truck`)
    expect(vinsIn(back)).toEqual([vinOf(3)])
    expect((await send('trucks.xlsx', bytes)).counts).toMatchObject({ total: 1, unchanged: 1, missing: 0 })
  })

  test('of an operator’s account is its own, in its own language, and nobody else’s', async () => {
    const { back } = await form('?fleet=true&language=en', own)
    expect(vinsIn(back)).toEqual([1, 2, 3].map(vinOf).sort())
    expect(back.names[0]).toBe('Vehicles')
    const view = await send('own.xlsx', (await form('?fleet=true&language=en', own)).bytes, own)
    expect(view.counts).toMatchObject({ total: 3, unchanged: 3, missing: 0 })
    const others = await admin.get<{ items: { operator: string; id: string }[] }>(`/vehicles?q=${vinOf(9)}`)
    const other = others.body.items[0]?.operator
    expect(other).toBeDefined()
    expect((await own.get(`/imports/template.xlsx?fleet=true&operator=${other}`)).status).toBe(404)
  })

  test('of a county officer holds what lies in the county', async () => {
    const { back } = await form(`?fleet=true&operator=${company}`, county)
    expect(vinsIn(back)).toEqual([vinOf(2)])
  })

  test('is the same twice', async () => {
    const [first, second] = [
      await form(`?fleet=true&operator=${company}`),
      await form(`?fleet=true&operator=${company}`),
    ]
    expect(second?.bytes.equals(first?.bytes ?? Buffer.alloc(0))).toBe(true)
  })
})

describe('a form that nobody can have', () => {
  test.each([
    ['?category=tram', 400, 'request.invalid'],
    ['?fleet=perhaps', 400, 'request.invalid'],
    ['?fleet=true', 400, 'request.invalid'],
    ['?fleet=true&operator=nobody', 404, 'not-found'],
    ['?kategorie=bus', 400, 'request.invalid'],
  ])('%s answers %i', async (query, status, code) => {
    const answer = await admin.get(`/imports/template.xlsx${query}`)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test('is not given to visitors', async () => {
    expect((await service.visitor().get('/imports/template.xlsx')).status).toBe(401)
  })

  test('is told of in the API description as what it is', async () => {
    const { body } = await admin.get<{
      paths: Record<string, { get: { responses: Record<string, unknown> } }>
    }>('/openapi.json')
    for (const path of ['/imports/template.xlsx', '/imports/{id}/errors.xlsx']) {
      const success = body.paths[path]?.get.responses['200']
      const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
      expect(success).toMatchObject({ content: { [type]: {} } })
    }
  })
})
