import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import { type Client, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Saying how a list is to be read, and that it is remembered. */
let service: TestService
let admin: Client
let operator: string
let company: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const made = await admin.post<{ id: string }>('/operators', { name: '延平货运公司', county: '350702' })
  expect(made.status).toBe(201)
  operator = made.body.id
  company = await person(service, { role: 'operator', operator })
})
afterAll(() => service.close())

/** A list in which the energy is called something of its own, and so is its column. */
const HEAD = '车牌号,车架号,车辆类别,用什么跑,排放标准,县(市、区),变动类型,变动日期,内部编号'
const line = (n: number, energy: string, more: Record<string, string> = {}) => {
  const { plate, vin } = vehicleOf(n)
  const { kind = '新增', on = '2025-05-05', county = '延平区' } = more
  return [plate, vin, '营运货车', energy, '国六', county, kind, on, `N${n}`].join(',')
}
const listOf = (...lines: string[]) => `${[HEAD, ...lines].join('\n')}\n`
const send = async (client: Client, text: string): Promise<ImportView> => client.check('list.csv', text)
const map = <T = ImportView>(client: Client, id: string, body: object) =>
  client.post<T>(`/imports/${id}/mapping`, body)
const rowsOf = (client: Client, id: string) => client.all<ImportRowView>(`/imports/${id}/rows?`)

describe('the reading of a list', () => {
  it('is shown: each column with its samples, what is unknown, and the words that are not understood', async () => {
    const view = await send(company, listOf(line(1, '油电'), line(2, '油电'), line(3, '柴油')))
    const columns = Object.fromEntries(view.columns.map((c) => [c.header, c]))
    expect(columns.车牌号).toMatchObject({
      field: 'plate',
      by: 'recognised',
      samples: [plateOf(1), plateOf(2), plateOf(3)],
    })
    expect(columns.用什么跑).toMatchObject({ field: null, letter: 'D' })
    expect(columns.内部编号).toMatchObject({ field: null })
    expect(view.codes).toMatchObject({ 'required.missing': 3 })
  })

  it('can be said otherwise: a column and a word, and both are remembered for the operator', async () => {
    const view = await send(company, listOf(line(1, '油电'), line(2, '油电'), line(3, '柴油')))
    const column = view.columns.find((c) => c.header === '用什么跑')
    const mapped = await map(company, view.id, {
      columns: [{ sheet: 0, index: column?.index ?? 0, field: 'energy' }],
    })
    expect(mapped.status).toBe(202)
    const unknown = await company.importIn(view.id, 'checked')
    expect(unknown.values).toMatchObject([{ field: 'energy', text: '油电', value: null, rows: 2 }])
    expect(unknown.codes).toEqual({ 'energy.ambiguous': 2 })
    await map(company, view.id, { values: [{ field: 'energy', text: '油电', value: 'HEV' }] })
    const known = await company.importIn(view.id, 'checked')
    expect(known.counts).toMatchObject({ new: 3, error: 0 })
    const [first] = await rowsOf(company, view.id)
    // The sender's word stays what the row shows.
    expect(first?.values.energy).toBe('油电')

    const next = await send(company, listOf(line(4, '油电')))
    expect(next.counts).toMatchObject({ new: 1, error: 0 })
    expect(next.columns.find((c) => c.header === '用什么跑')).toMatchObject({
      field: 'energy',
      by: 'remembered',
    })
    expect(next.values).toMatchObject([{ text: '油电', value: 'HEV', by: 'remembered' }])
    // Another sender's lists are read as they were.
    const other = await send(admin, listOf(line(5, '油电')))
    expect(other.columns.find((c) => c.header === '用什么跑')).toMatchObject({ field: null })
  })

  it('can be taken back', async () => {
    const view = await send(company, listOf(line(6, '油电')))
    await map(company, view.id, { values: [{ field: 'energy', text: '油电', value: null }] })
    expect((await company.importIn(view.id, 'checked')).codes).toEqual({ 'energy.ambiguous': 1 })
    const column = view.columns.find((c) => c.header === '用什么跑')
    await map(company, view.id, { columns: [{ sheet: 0, index: column?.index ?? 0, field: null }] })
    expect((await company.importIn(view.id, 'checked')).codes).toEqual({ 'required.missing': 1 })
    const next = await send(company, listOf(line(6, '柴油')))
    expect(next.columns.find((c) => c.header === '用什么跑')).toMatchObject({ field: null })
  })

  it('is said for this list only when it is not to be remembered', async () => {
    const view = await send(admin, listOf(line(7, '柴油')))
    const index = view.columns.findIndex((c) => c.header === '用什么跑')
    await map(admin, view.id, {
      columns: [{ sheet: 0, index, field: 'energy' }],
      defaults: { operator: '延平货运公司' },
      remember: false,
    })
    expect((await admin.importIn(view.id, 'checked')).counts).toMatchObject({ new: 1 })
    expect((await send(admin, listOf(line(8, '柴油')))).codes).toEqual({ 'required.missing': 1 })
  })

  it('fills what the list leaves out', async () => {
    const text = `车牌号,车架号,能源类型,排放标准,变动类型,变动日期\n${plateOf(9)},${vinOf(9)},柴油,国六,新增,2025-01-01\n`
    const view = await send(company, text)
    expect(view.codes).toEqual({ 'required.missing': 1 })
    await map(company, view.id, { defaults: { category: '营运货车', county: '350702' } })
    const filled = await company.importIn(view.id, 'checked')
    expect(filled.counts).toMatchObject({ new: 1 })
    expect(filled.defaults).toMatchObject({
      category: '营运货车',
      county: '350702',
      operator: '延平货运公司',
    })
  })

  it('turns a list into one of changes when it gets a column for the kind of change', async () => {
    const text = `车牌号,车架号,做了什么,变动日期\n${plateOf(1)},${vinOf(1)},报废,2026-01-01\n`
    const view = await send(admin, text)
    expect(view.mode).toBe('fleet')
    await map(admin, view.id, { columns: [{ sheet: 0, index: 2, field: 'kind' }], remember: false })
    expect(await admin.importIn(view.id, 'checked')).toMatchObject({ mode: 'changes', modeFound: true })
  })

  it('lets two columns not claim one field: the one that somebody names has it', async () => {
    const text = `车牌号,车架号,能源类型,燃料,变动类型\n${plateOf(1)},${vinOf(1)},不知,柴油,存量\n`
    const view = await send(admin, text)
    expect(view.columns.map((c) => c.field)).toEqual(['plate', 'vin', 'energy', null, 'kind'])
    await map(admin, view.id, { columns: [{ sheet: 0, index: 3, field: 'energy' }], remember: false })
    const now = await admin.importIn(view.id, 'checked')
    expect(now.columns.map((c) => c.field)).toEqual(['plate', 'vin', null, 'energy', 'kind'])
  })

  it('refuses what is no mapping, what is not there, and who may not', async () => {
    const view = await send(company, listOf(line(10, '柴油')))
    expect((await map(company, view.id, { columns: [{ sheet: 0, index: 1, field: 'colour' }] })).status).toBe(
      400,
    )
    expect((await map(company, view.id, { surprise: true })).status).toBe(400)
    expect((await map(company, '0123456789abcdef01234567', {})).status).toBe(404)
    const rival = await admin.post<{ id: string }>('/operators', { name: '建阳货运公司', county: '350703' })
    const stranger = await person(service, { role: 'operator', operator: rival.body.id })
    expect((await map<ProblemBody>(stranger, view.id, {})).status).toBe(404)
  })
})
