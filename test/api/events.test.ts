import { utils, write } from '@e965/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportView } from '../../server/imports/schema.ts'
import { type Client, csvOf, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { makeList } from '../harness/lists.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** Following the work on a list, and choosing which of its sheets are read. */
let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
})
afterAll(() => service.close())

/** Keeps the thread from beginning any work. @returns what lets it */
function workWaits(): () => void {
  const { importThread } = service.services
  importThread.kick = () => {}
  return () => {
    // What the class does is what it does again.
    Reflect.deleteProperty(importThread, 'kick')
    importThread.kick()
  }
}

/** What the events said, to their end. @param begun called once the first has come */
async function eventsOf(
  id: string,
  client = admin,
  begun?: () => void,
): Promise<{ status: string; progress: { done: number } }[]> {
  const response = await fetch(`${client.base}/api/v1/imports/${id}/events`, {
    headers: { cookie: client.cookie },
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  let said = ''
  const decoder = new TextDecoder()
  for await (const part of response.body ?? []) {
    said += decoder.decode(part, { stream: true })
    if (!said.includes('\n\n')) continue
    begun?.()
    begun = undefined
  }
  return [...said.matchAll(/^event: progress\ndata: (.*)$/gm)].map((m) => JSON.parse(m[1] ?? ''))
}

describe('the events of a list', () => {
  it('tell of the work in rows and end when it is over', async () => {
    const { csv } = makeList({ rows: 4000, seed: 3 })
    let begin = workWaits()
    const sent = await admin.upload('long.csv', csv)
    const told = await eventsOf(sent.body.id, admin, begin)
    expect(told.at(-1)?.status).toBe('checked')
    expect(told[0]).toMatchObject({ status: 'parsing', progress: { done: 0 } })
    begin = workWaits()
    await admin.post(`/imports/${sent.body.id}/approve`)
    const applying = await eventsOf(sent.body.id, admin, begin)
    expect(applying[0]).toMatchObject({ status: 'applying', progress: { done: 0 } })
    expect(applying.at(-1)).toMatchObject({ status: 'applied', progress: { done: 4000 } })
    const done = applying.map((t) => t.progress.done)
    expect(done).toEqual([...done].sort((a, b) => a - b))
  })

  it('of a list at rest are one', async () => {
    const view = await admin.check('list.csv', csvOf([{ ...vehicleOf(90_001), kind: 'stock' }]))
    expect(await eventsOf(view.id)).toMatchObject([{ status: 'checked' }])
  })

  it('are for those who see the list', async () => {
    const view = await admin.check('list.csv', csvOf([{ ...vehicleOf(90_002), kind: 'stock' }]))
    const elsewhere = await person(service, { role: 'county-officer', county: '350703' })
    expect((await elsewhere.get(`/imports/${view.id}/events`)).status).toBe(404)
    expect((await service.visitor().get(`/imports/${view.id}/events`)).status).toBe(401)
    expect((await admin.get(`/imports/${'f'.repeat(24)}/events`)).status).toBe(404)
  })
})

describe('a workbook of several sheets', () => {
  const HEAD = ['车牌号', '车架号', '变动类型', '变动日期', '车辆类别', '能源类型', '所属企业', '县(市、区)']
  const row = (n: number) => {
    const { plate, vin } = { plate: plateOf(n), vin: vinOf(n) }
    return [plate, vin, '新增', '2025-05-05', '巡游出租车', '汽油', '延平出租公司', '延平区']
  }
  const workbook = () => {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet([HEAD, row(90_011), row(90_012)]), '一月')
    utils.book_append_sheet(book, utils.aoa_to_sheet([['说明'], ['请勿修改']]), '说明')
    utils.book_append_sheet(book, utils.aoa_to_sheet([HEAD, row(90_013), row(90_011)]), '二月')
    return write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer
  }

  it('is read in all that have a header; its rows say which sheet they are in', async () => {
    const view = await admin.check('两个月.xlsx', workbook())
    expect(view.sheets.map((s) => [s.name, s.chosen, s.rows])).toEqual([
      ['一月', true, 2],
      ['说明', false, null],
      ['二月', true, 2],
    ])
    expect(view.counts).toMatchObject({ total: 4, new: 3, error: 1 })
    const rows = await admin.all<{ sheet: string; row: number; issues: { code: string; message: string }[] }>(
      `/imports/${view.id}/rows?`,
    )
    expect(rows.map((r) => `${r.sheet} ${r.row}`)).toEqual(['一月 2', '一月 3', '二月 2', '二月 3'])
    // A vehicle that both sheets name is named once, and the message says where.
    expect(rows[3]?.issues).toMatchObject([{ code: 'duplicate.in-file' }])
    expect(rows[3]?.issues[0]?.message).toContain('一月!2')
  })

  it('is read in those that somebody chooses', async () => {
    const view = await admin.check('两个月.xlsx', workbook())
    const asked = await admin.post<ImportView>(`/imports/${view.id}/mapping`, { sheets: [2] })
    expect(asked.status).toBe(202)
    const chosen = await admin.importIn(view.id, 'checked')
    expect(chosen.sheets.filter((s) => s.chosen).map((s) => s.name)).toEqual(['二月'])
    expect(chosen.counts).toMatchObject({ total: 2, new: 2, error: 0 })
  })
})
