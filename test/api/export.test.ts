import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AuditEntry } from '../../server/audit/schema.ts'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { Vehicle } from '../../server/vehicles/schema.ts'
import { type Client, csvOf, download, operatorOf, person, vehicleOf, vinOf } from '../harness/client.ts'
import { gate } from '../harness/gate.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { readBook } from '../harness/workbook.ts'

/** More than an export reads at a time. */
const COUNT = 620
/** Texts that a spreadsheet would run, or take for something else. */
const HOSTILE = [
  '=1+1',
  '+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '=HYPERLINK("http://x","y")',
  '＝1+1',
  ' =1+1',
  '007',
  '<b>&"\'',
  '第一行\n=1+1',
]

let service: TestService
let admin: Client
let all: Vehicle[]
let hostile: ChangeView[]

beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const stock = Array.from({ length: COUNT }, (_, n) => ({
    ...vehicleOf(n, {
      category: n % 5 === 0 ? 'bus' : 'truck',
      energy: n % 3 === 0 ? 'BEV' : 'diesel',
      county: n % 2 === 0 ? '350702' : '350703',
      operator: n % 7 === 0 ? '=甲公司' : '乙公司',
    }),
    kind: 'stock',
    registeredOn: `2018-0${1 + (n % 9)}-11`,
  }))
  const { counts } = await admin.record('fleet.csv', csvOf(stock))
  expect(counts).toMatchObject({ new: COUNT, error: 0 })
  hostile = []
  for (const [i, note] of HOSTILE.entries())
    hostile.push(
      await admin.mustChange({
        ...{
          kind: 'battery-swap',
          on: `2025-05-${10 + i}`,
          packs: 3 + i,
          note: `${note}`,
          certificate: undefined,
        },
        vehicle: { vin: vinOf(15) },
      }),
    )
  all = await admin.all<Vehicle>('/vehicles?')
  // What the service does by itself asks for moments too.
  await service.quiet()
})
afterAll(() => service.close())

const rowsOf = (bytes: Buffer): string[][] =>
  parse(bytes, { bom: true, relaxColumnCount: true, skipEmptyLines: true }) as string[][]

/** A .csv without its leading lines: header and rows as records. */
function tableOf(bytes: Buffer) {
  const rows = rowsOf(bytes)
  const about = rows.filter(([first]) => first?.startsWith('# '))
  const [head = [], ...body] = rows.slice(about.length)
  const records = body.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])))
  return {
    about: Object.fromEntries(about.map(([name = '', text = '']) => [name.slice(2), text])),
    head,
    records,
  }
}

const csv = async (path: string, client = admin) => {
  const { status, bytes } = await download(client, path)
  expect([path, status]).toEqual([path, 200])
  return tableOf(bytes)
}

describe('an export of vehicles', () => {
  it('as .csv holds all of them in the list’s order, in UTF-8 with its mark, and says what it is', async () => {
    const { status, headers, bytes } = await download(admin, '/vehicles.csv?county=350702&status=active')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toContain(encodeURIComponent('车辆清单-2026-11-23.csv'))
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const { about, head, records } = tableOf(bytes)
    const expected = all.filter((v) => v.county === '350702')
    expect(records.map((r) => r.车架号)).toEqual(expected.map((v) => v.vin))
    expect(about).toMatchObject({
      导出时间: expect.stringMatching(/^2026-11-23 1\d:\d\d:\d\d$/),
      导出人: expect.stringContaining('admin@example.com'),
      数据范围: '全市',
      数据时点: '导出时的最新数据',
      '县（市、区）': '延平区',
      状态: '在营',
    })
    expect(head.slice(0, 8)).toEqual([
      '车牌号',
      '车架号',
      '车辆类别',
      '能源类型',
      '排放标准',
      '注册日期',
      '所属企业',
      '县（市、区）',
    ])
    const one = expected.find((v) => v.operatorName === '=甲公司') as Vehicle
    const row = records.find((r) => r.车架号 === one.vin)
    expect(row).toMatchObject({
      车牌号: one.plate,
      所属企业: "'=甲公司",
      注册日期: one.registeredOn,
      状态: '在营',
    })
  })

  it('as .xlsx holds all of them, dates as dates, and a sheet that says what it is', async () => {
    const { status, headers, bytes } = await download(admin, '/vehicles.xlsx?category=bus&ageFrom=8&q=LGX')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('spreadsheetml.sheet')
    const { names, book, cell, cells } = readBook(bytes)
    expect(names).toEqual(['车辆清单', '说明'])
    const expected = all.filter((v) => v.category === 'bus' && (v.registeredOn ?? '9') <= '2018-11-23')
    const vins = cells(0)
      .filter(([at]) => /^B\d+$/.test(at) && at !== 'B1')
      .map(([, c]) => c.v)
    expect([...vins].sort()).toEqual(expected.map((v) => v.vin).sort())
    expect(cell(0, 'F2')).toMatchObject({ t: 'n', z: 'yyyy-mm-dd' })
    expect(cells(0).some(([, c]) => c.f !== undefined)).toBe(false)
    const about = cells('说明').map(([, c]) => String(c.v))
    for (const text of ['城市公交', '8 年及以上', 'LGX', '导出人', String(expected.length)])
      expect(about).toContain(text)
    expect(book.SheetNames).toHaveLength(2)
  })

  it('says so when nothing is in it, and is in English on request', async () => {
    const { about, head, records } = await csv('/vehicles.csv?category=vessel&language=en')
    expect(records).toEqual([])
    expect(head.slice(0, 2)).toEqual(['Plate', 'VIN'])
    expect(Object.values(about)).toContain('Inland vessel')
    const { names, cell } = readBook(
      (await download(admin, '/vehicles.xlsx?category=vessel&language=en')).bytes,
    )
    expect(names).toEqual(['Vehicles', 'About'])
    expect(cell(0, 'A2')).toBeUndefined()
  })

  it('shows the register as it was, and says as of when', async () => {
    const { about, records } = await csv('/vehicles.csv?asOf=2018-03-31')
    const then = await admin.all<Vehicle>('/vehicles?asOf=2018-03-31')
    expect(then.length).toBeGreaterThan(100)
    expect(then.length).toBeLessThan(COUNT)
    expect(records.map((r) => r.车架号)).toEqual(then.map((v) => v.vin))
    expect(about.数据时点).toBe('截至 2018-03-31 的情况')
    const known = await csv('/vehicles.csv?knownAt=2020-01-01T00:00:00%2B08:00')
    expect(known.records).toEqual([])
    expect(known.about.数据时点).toBe('按 2020-01-01 00:00:00 当时已入账的记录')
  })
})

describe('an export of the ledger', () => {
  it('never makes a formula of what people wrote', async () => {
    const { records } = await csv('/changes.csv?kind=battery-swap')
    expect(records).toHaveLength(HOSTILE.length)
    for (const [i, made] of [...hostile].reverse().entries()) {
      const written = records[i]?.备注 ?? ''
      expect([made.note, written.replace(/^'/, '')]).toEqual([made.note, made.note])
      expect([made.note, /^[=+\-@\t\r＝＋－＠]/.test(written)]).toEqual([made.note, false])
      expect([made.note, /^\s+[=+\-@]/.test(written)]).toEqual([made.note, false])
      expect(records[i]?.更换电池块数).toBe(String(made.packs))
    }
    const { cells } = readBook((await download(admin, '/changes.xlsx?kind=battery-swap')).bytes)
    const texts = cells(0)
    expect(texts.every(([, c]) => c.f === undefined)).toBe(true)
    for (const { note } of hostile) expect(texts.some(([, c]) => c.t === 's' && c.v === note)).toBe(true)
    const packs = texts.filter(([, c]) => c.t === 'n' && hostile.some((h) => h.packs === c.v))
    expect(packs.length).toBeGreaterThanOrEqual(hostile.length)
  })

  it('holds what the list holds, with voided ones, uploads and moments', async () => {
    const gone = hostile[3] as ChangeView
    expect((await admin.post(`/changes/${gone.id}/void`, { reason: '=重复' })).status).toBe(200)
    const list = await admin.all<ChangeView>('/changes?includeVoided=true&from=2025-01-01')
    const { about, records } = await csv('/changes.csv?includeVoided=true&from=2025-01-01')
    expect(records.map((r) => r.记录编号)).toEqual(list.map((c) => c.id))
    expect(about).toMatchObject({ 变动日期自: '2025-01-01', 含已作废: '是' })
    expect(records.find((r) => r.记录编号 === gone.id)).toMatchObject({
      作废原因: "'=重复",
      作废人: '管理员',
    })
    const all = await csv('/changes.csv')
    expect(all.records).toHaveLength(COUNT + HOSTILE.length - 1)
    expect(all.records.at(-1)).toMatchObject({ 来源名单: 'fleet.csv', 变动类型: '存量' })
  })

  it('is refused for what the list is refused for', async () => {
    for (const query of [
      'kind=none',
      'from=x',
      'limit=5',
      'cursor=x',
      'language=fr',
      'import=x',
      'knownAt=now',
    ])
      for (const path of ['/changes.csv', '/changes.xlsx'])
        expect([query, (await admin.get(`${path}?${query}`)).status]).toEqual([query, 400])
    expect((await admin.get('/changes.csv?rule=none')).status).toBe(404)
    expect((await admin.get('/compliance/none/evidence.csv')).status).toBe(404)
    expect((await admin.get('/vehicles.pdf')).status).toBe(404)
    for (const path of ['/vehicles.csv', '/changes.xlsx', '/compliance/bus-fleet/evidence.csv'])
      expect((await service.visitor().get(path)).status).toBe(401)
  })
})

describe('an export of what is behind a figure', () => {
  it('adds up to the figure', async () => {
    const figures = await admin.figures()
    const { about, records } = await csv('/compliance/bus-batteries-swapped/evidence.csv')
    const sum = records.reduce((total, r) => total + Number(r.计入分子), 0)
    expect(sum).toBe(figures['bus-batteries-swapped']?.value)
    expect(about.指标).toBe(figures['bus-batteries-swapped']?.title.zh)
    expect(about.数据时点).toMatch(/^截至 2026-11-23 的情况，按 2026-11-23 \d\d:\d\d:\d\d 当时已入账的记录$/)
    const fleet = await csv('/compliance/freight-fleet/evidence.csv?county=350702')
    expect(fleet.about['县（市、区）']).toBe('延平区')
    expect(fleet.records.every((r) => r['县（市、区）'] === '延平区')).toBe(true)
    const count = await admin.get<{ total: number }>('/compliance/freight-fleet/evidence/count?county=350702')
    expect(count.body.total).toBe(fleet.records.length)
  })
})

describe('an export of several pages', () => {
  it('is of one moment, asked for once, and names that one', async () => {
    const horizon = vi.spyOn(LedgerClock.prototype, 'horizon')
    for (const path of [
      '/vehicles.csv?knownAt=2199-01-01T00:00:00Z',
      '/changes.csv?knownAt=2199-01-01T00:00:00Z',
      '/changes.csv',
      '/compliance/freight-fleet/evidence.csv?knownAt=2199-01-01T00:00:00Z',
    ]) {
      horizon.mockClear()
      const { about, records } = await csv(path)
      expect(records.length).toBeGreaterThan(200)
      expect([path, about.数据时点]).toEqual([
        path,
        expect.stringMatching(/按 2026-11-23 \d\d:\d\d:\d\d 当时已入账的记录$/),
      ])
      expect([path, horizon.mock.calls.length]).toEqual([path, 1])
    }
    horizon.mockRestore()
  })

  it('of the ledger is without what is recorded or withdrawn meanwhile', async () => {
    const { changeList, clock } = service.services
    const now = clock.now()
    const filter = { includeVoided: false }
    const moment = await changeList.settled({}, now)
    const before = (await admin.all<ChangeView>('/changes?')).map((c) => c.id)
    const found: ChangeView[] = []
    let meanwhile: ChangeView | undefined
    for await (const page of changeList.all(filter, moment, {})) {
      found.push(...page)
      if (meanwhile) continue
      meanwhile = await admin.mustChange({
        ...{ kind: 'stock', on: '2010-01-01' },
        vehicle: { ...vehicleOf(COUNT, { operator: '乙公司' }), registeredOn: '2010-01-01' },
      })
    }
    expect(found.map((c) => c.id)).toEqual(before)
    await admin.post(`/changes/${meanwhile?.id}/void`, { reason: '误录' })
  })

  it('says by which version of the policy, when one is named', async () => {
    const { about } = await csv('/compliance/bus-batteries-swapped/evidence.csv?policyVersion=1')
    expect(about.规则版本).toBe('1')
  })
})

describe('who may export what', () => {
  it('with an operator that one sees by its name, any other by the id that was asked for', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    const present = await operatorOf(service, '乙公司')
    const elsewhere = await admin.post<{ id: string }>('/operators', { name: '别县公司', county: '350702' })
    const named = async (id: string, client: Client) =>
      (await csv(`/vehicles.csv?operator=${encodeURIComponent(id)}`, client)).about.所属企业
    expect(await named(present, officer)).toBe('乙公司')
    expect(await named(elsewhere.body.id, officer)).toBe(elsewhere.body.id)
    expect(await named(elsewhere.body.id, admin)).toBe('别县公司')
    const operator = await person(service, { role: 'operator', operator: present })
    expect(await named(present, operator)).toBe('乙公司')
    expect(await named(elsewhere.body.id, operator)).toBe(elsewhere.body.id)
  })

  it('each their own part, named as such', async () => {
    const operator = await person(service, {
      role: 'operator',
      operator: await operatorOf(service, '=甲公司'),
    })
    const { about, records } = await csv('/vehicles.csv', operator)
    expect(about.数据范围).toBe("'=甲公司")
    expect(records.map((r) => r.车架号)).toEqual(
      all.filter((v) => v.operatorName === '=甲公司').map((v) => v.vin),
    )
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    for (const path of ['/vehicles.csv', '/changes.csv', '/compliance/freight-fleet/evidence.csv']) {
      const own = await csv(path, officer)
      expect(own.about.数据范围).toBe('建阳区')
      expect(own.records.length).toBeGreaterThan(0)
      expect(own.records.every((r) => r['县（市、区）'] === '建阳区')).toBe(true)
    }
    expect((await csv('/vehicles.csv?county=350702', officer)).records).toEqual([])
  })

  it('one at a time for each account; the next when that one is done or given up', async () => {
    const viewer = await person(service, { role: 'viewer' })
    const { operators } = service.services
    const held = gate()
    const names = operators.names.bind(operators)
    const asked = vi.spyOn(operators, 'names').mockImplementation(() => held.passed.then(names))
    const first = download(viewer, '/changes.xlsx')
    await expect.poll(() => asked.mock.calls.length).toBeGreaterThan(0)
    for (const path of ['/changes.xlsx', '/vehicles.csv']) {
      const refused = await download(viewer, path)
      expect(refused.status).toBe(409)
      expect(JSON.parse(refused.bytes.toString())).toMatchObject({ code: 'export.running' })
    }
    held.open()
    asked.mockRestore()
    expect((await first).status).toBe(200)
    const tries = await Promise.all(Array.from({ length: 6 }, () => download(viewer, '/changes.xlsx')))
    expect(new Set(tries.map((t) => t.status).filter((status) => status !== 409))).toEqual(new Set([200]))
    const control = new AbortController()
    const cookie = { cookie: viewer.cookie }
    const response = await fetch(`${viewer.base}/api/v1/changes.xlsx`, {
      headers: cookie,
      signal: control.signal,
    })
    expect(response.status).toBe(200)
    control.abort()
    await expect.poll(async () => (await download(viewer, '/vehicles.csv')).status).toBe(200)
  })

  it('and it is on record', async () => {
    await csv('/vehicles.csv?category=bus')
    const { body } = await admin.get<{ items: AuditEntry[] }>('/audit?action=vehicle.export')
    expect(body.items[0]).toMatchObject({ action: 'vehicle.export', outcome: 'done' })
    expect(JSON.stringify(body.items[0]?.detail)).toContain('bus')
  })
})
