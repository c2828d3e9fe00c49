import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { utils, write } from '@e965/xlsx'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FileCache } from '../../server/imports/file-cache.ts'
import type { ImportDoc } from '../../server/imports/model.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import { type Client, csvOf, download, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { Folder, type ReadBook, readBook } from '../harness/workbook.ts'

const SAMPLE = join(import.meta.dirname, '../fixtures/samples/errors.xlsx')
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ADDED = 'Q'

/** What the sender puts right in the sample, by row: the faulty cell and what belongs in it. */
const MENDED: Record<number, [string, string]> = {
  ...{ 5: ['B', '闽H20002D'], 6: ['B', '闽H20003D'], 7: ['B', '闽H20004D'], 8: ['C', vinOf(901)] },
  ...{ 9: ['C', vinOf(902)], 11: ['D', '公交车'], 12: ['E', '纯电动'], 13: ['E', '插电式混合动力'] },
  ...{ 14: ['F', '国六'], 15: ['G', '2025-02-28'], 16: ['L', '2025-03-01'], 17: ['L', '2025-03-01'] },
  ...{ 18: ['I', '延平区'], 19: ['K', '新增'], 20: ['L', '2025-03-01'] },
}
const cellsOf = (cells: typeof MENDED) =>
  Object.fromEntries(Object.entries(cells).map(([row, [column, text]]) => [column + row, text]))

let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

const rowsOf = (id: string, query = '') => admin.all<ImportRowView>(`/imports/${id}/rows?${query}`)

/** Approving the first time has registered the operator. */
const codes = (issues: ImportRowView['issues'] = []) =>
  issues.map((i) => i.code).filter((code) => code !== 'operator.new')

async function errorsBytes(id: string, client: Client = admin, query = ''): Promise<Buffer> {
  const { status, bytes } = await download(client, `/imports/${id}/errors.xlsx${query}`)
  expect([status, status === 200 ? '' : bytes.toString()]).toEqual([200, ''])
  return bytes
}

async function errorsOf(id: string, client: Client = admin, query = ''): Promise<ReadBook> {
  return readBook(await errorsBytes(id, client, query))
}

/** The file with some of its cells put right by program, as a spreadsheet would save it. */
function mended(back: ReadBook, cells: Record<string, string>): Buffer {
  const sheet = back.book.Sheets[back.names[0] ?? ''] ?? {}
  for (const [at, v] of Object.entries(cells)) sheet[at] = { ...sheet[at], t: 's', v }
  const book = utils.book_new()
  for (const name of back.names) utils.book_append_sheet(book, back.book.Sheets[name] ?? {}, name)
  return write(book, { type: 'buffer', bookType: 'xlsx', cellStyles: true }) as Buffer
}

describe('errors.xlsx', () => {
  test('marks what the check found, is mended, and is taken: the good rows from before are unchanged', async () => {
    const view = await admin.check('errors.xlsx', readFileSync(SAMPLE))
    const rows = await rowsOf(view.id)
    const back = await errorsOf(view.id)
    for (const { row, issues } of rows) {
      const said = String(back.cell(0, `${ADDED}${row}`)?.v ?? '')
      expect(issues.map((i) => said.includes(i.message))).toEqual(issues.map(() => true))
      expect(said === '').toBe(issues.length === 0)
      for (const { message, field } of issues) {
        const letter = view.columns.find((c) => c.field === field)?.letter
        expect(back.cell(0, `${letter}${row}`)?.c?.[0]?.t).toContain(message)
      }
    }
    await admin.post(`/imports/${view.id}/approve`)
    const applied = await admin.importIn(view.id, 'applied')
    expect(applied.counts.new).toBeGreaterThan(0)
    expect(applied.counts.error).toBeGreaterThan(5)

    const again = await admin.check('errors-mended.xlsx', mended(back, cellsOf(MENDED)))
    expect(again.columns.find((c) => c.letter === ADDED)).toMatchObject({ field: null })
    const after = await rowsOf(again.id)
    expect(after.map((r) => r.row)).toEqual(rows.map((r) => r.row))
    for (const { row, outcome, issues } of after) {
      const before = rows.find((r) => r.row === row)
      if (row in MENDED) expect([row, outcome]).toEqual([row, 'new'])
      else if (before?.outcome === 'new') expect([row, outcome]).toEqual([row, 'unchanged'])
      else expect([row, codes(issues)]).toEqual([row, codes(before?.issues)])
    }
    expect(after.filter((r) => r.outcome === 'new')).toHaveLength(Object.keys(MENDED).length)

    // what was mended is not coloured any more, and there is still one added column
    const second = await errorsOf(again.id)
    for (const row of Object.keys(MENDED))
      expect(String(second.cell(0, `${ADDED}${row}`)?.v ?? '')).not.toContain('错误')
    const headers = second.cells(0).filter(([, c]) => c.v === '问题与处理办法')
    expect(headers.map(([at]) => at)).toEqual([`${ADDED}3`])
    await admin.post(`/imports/${again.id}/approve`)
    expect((await admin.importIn(again.id, 'applied')).recorded).toBe(Object.keys(MENDED).length)
  })

  test('holds cells that were mended on the page as they count now', async () => {
    const view = await admin.check('one.csv', csvOf([{ ...vehicleOf(40), kind: 'stock', vin: 'NOT-A-VIN' }]))
    expect(view.counts.error).toBe(1)
    const cells = { vin: vinOf(40), registeredOn: '2019-05-06' }
    expect((await admin.mend(view.id, [{ seq: 1, cells }])).status).toBe(200)
    const back = await errorsOf(view.id)
    expect(back.cell(0, 'B2')?.v).toBe(vinOf(40))
    expect(back.cell(0, 'F2')).toMatchObject({ t: 'n', z: 'yyyy-mm-dd' })
  })

  test('names the vehicles that a fleet list does not, and is read without that sheet', async () => {
    const stock = [51, 52, 53].map((n) => ({ ...vehicleOf(n, { operator: '缺车公司' }), kind: 'stock' }))
    await admin.record('stock.csv', csvOf(stock))
    const { kind: _, ...row } = { ...vehicleOf(51, { operator: '缺车公司' }), kind: '' }
    const head = Object.keys(row).join(',')
    const fleet = `${head}\n${Object.values(row).join(',')}\n`
    const view = await admin.check('fleet.csv', fleet)
    expect(view).toMatchObject({ mode: 'fleet', counts: { missing: 2, unchanged: 1 } })
    const bytes = await errorsBytes(view.id)
    const back = readBook(bytes)
    expect(back.names).toHaveLength(2)
    const vins = [back.cell(1, 'B3')?.v, back.cell(1, 'B4')?.v]
    expect(vins.sort()).toEqual([vinOf(52), vinOf(53)].sort())
    const again = await admin.check('fleet-errors.xlsx', bytes)
    expect(again.counts).toEqual(view.counts)
    expect(again.sheets.map((s) => s.chosen)).toEqual([true, false])
  })

  test('is worded in the account’s own language, or in the one asked for', async () => {
    const view = await admin.check('bad.csv', csvOf([{ ...vehicleOf(60), kind: 'stock', vin: 'X' }]))
    const header = (back: ReadBook) => back.cells(0).find(([, c]) => /问题|Problem/.test(String(c.v)))?.[1].v
    expect(header(await errorsOf(view.id))).toBe('问题与处理办法')
    expect(header(await errorsOf(view.id, admin, '?language=en'))).toBe('Problem and what to do')
    const english = await person(service, { role: 'viewer' })
    await english.send('PATCH', '/me', { language: 'en' })
    expect(header(await errorsOf(view.id, english))).toBe('Problem and what to do')
  })

  test('answers with headers that a browser saves it by, and the same file twice', async () => {
    const view = await admin.check('名单 “一”.csv', csvOf([{ ...vehicleOf(61), kind: 'stock', vin: 'X' }]))
    const first = await download(admin, `/imports/${view.id}/errors.xlsx`)
    const name = encodeURIComponent('名单 “一”-问题标注.xlsx')
    expect(first.headers.get('content-type')).toBe(XLSX)
    expect(first.headers.get('content-disposition')).toMatch(/^attachment; filename="/)
    expect(first.headers.get('content-disposition')).toContain(`filename*=UTF-8''${name}`)
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    expect(Number(first.headers.get('content-length'))).toBe(first.bytes.length)
    const second = await download(admin, `/imports/${view.id}/errors.xlsx`)
    expect(second.bytes.equals(first.bytes)).toBe(true)
  })
})

describe('files of lists of others, and of none', () => {
  let own: ImportView
  let outsider: Client
  let county: Client
  beforeAll(async () => {
    own = await admin.check('own.csv', csvOf([{ ...vehicleOf(70), kind: 'stock' }]))
    const other = await admin.mustChange({
      ...{ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(71, { operator: '外人公司' }) },
    })
    outsider = await person(service, { role: 'operator', operator: other.vehicle.operator })
    county = await person(service, { role: 'county-officer', county: '350781' })
  })

  test.each(['errors.xlsx', 'file'])('%s is not there for who may not see the list', async (file) => {
    for (const client of [outsider, county])
      expect((await client.get(`/imports/${own.id}/${file}`)).status).toBe(404)
    expect((await service.visitor().get(`/imports/${own.id}/${file}`)).status).toBe(401)
    const viewer = await person(service, { role: 'viewer' })
    expect((await download(viewer, `/imports/${own.id}/${file}`)).status).toBe(200)
  })

  test.each(['errors.xlsx', 'file'])('%s of a list that there is not is not found', async (file) => {
    expect((await admin.get(`/imports/${'0'.repeat(24)}/${file}`)).status).toBe(404)
    expect((await admin.get(`/imports/nonsense/${file}`)).status).toBe(400)
    expect((await admin.get(`/imports/${own.id}/${file}?langage=en`)).status).toBe(
      file === 'file' ? 200 : 400,
    )
  })

  test('errors.xlsx of a list that has not been read is refused', async () => {
    const lists = service.services.models.imports.collection
    await lists.updateOne({ _id: new ObjectId(own.id) } as never, { $set: { status: 'failed' } })
    const { status, body } = await admin.get(`/imports/${own.id}/errors.xlsx`)
    expect([status, body.code]).toEqual([409, 'import.wrong-status'])
    await lists.updateOne({ _id: new ObjectId(own.id) } as never, { $set: { status: 'checked' } })
  })
})

describe('the sender’s own file', () => {
  test('comes back byte for byte, as an attachment of no type that a browser would show', async () => {
    const bytes = readFileSync(SAMPLE)
    const view = await admin.check('<script>alert(1)</script>.html', bytes)
    const back = await download(admin, `/imports/${view.id}/file`)
    expect(back.bytes.equals(bytes)).toBe(true)
    expect(back.headers.get('content-type')).toBe('application/octet-stream')
    expect(back.headers.get('content-disposition')).toMatch(/^attachment;/)
    expect(back.headers.get('x-content-type-options')).toBe('nosniff')
    expect(back.headers.get('content-security-policy')).toContain('sandbox')
  })

  test('has a copy on disk that outlives the removal of the copy before', async () => {
    const view = await admin.check('copy.csv', csvOf([{ ...vehicleOf(81), kind: 'stock' }]))
    const lists = service.services.models.imports.collection
    const doc = await lists.findOne<ImportDoc>({ _id: new ObjectId(view.id) } as never)
    if (!doc) throw new Error('the list is gone')
    const folder = new Folder()
    const cache = new FileCache(service.services.importFiles, folder.path)
    const first = await cache.pathOf(doc.file)
    const gone = cache.forget(doc.file)
    const second = await cache.pathOf(doc.file)
    await gone
    expect(second).not.toBe(first)
    expect(existsSync(first)).toBe(false)
    expect(readFileSync(second, 'utf8')).toContain(vinOf(81))
    await cache.forget(doc.file)
    expect(existsSync(second)).toBe(false)
    folder.remove()
  })

  test('whatever it is called', async () => {
    const view = await admin.check('a.csv', csvOf([{ ...vehicleOf(80), kind: 'stock' }]))
    const lists = service.services.models.imports.collection
    for (const filename of ['a\nb\u0000.csv', '..', '\ud83d.csv', 'ü/名\\单.csv', '"; filename="x.exe', '']) {
      await lists.updateOne({ _id: new ObjectId(view.id) } as never, { $set: { filename } })
      for (const file of ['file', 'errors.xlsx']) {
        const { status, headers } = await download(admin, `/imports/${view.id}/${file}`)
        expect([filename, file, status]).toEqual([filename, file, 200])
        expect(headers.get('content-disposition')).toMatch(/^attachment; filename=/)
        expect(headers.get('content-disposition')).not.toMatch(/[/\\]/)
      }
    }
  })
})
