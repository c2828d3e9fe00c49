import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView } from '../../server/changes/schema.ts'
import type { Compliance } from '../../server/compliance/schema.ts'
import { addDays } from '../../server/domain/civil-date.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { OpenData } from '../../server/open-data/schema.ts'
import { type Client, csvOf, download, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const SAMPLES = fileURLToPath(new URL('../fixtures/samples/', import.meta.url))
type Row = Record<string, string>

let service: TestService
let admin: Client

beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  for (const name of ['bus-stock.xlsx', 'taxi-stock.csv', 'bus-changes.xlsx', 'taxi-changes.csv'])
    await admin.sendAndApprove(SAMPLES + name)
  const trucks = Array.from({ length: 20 }, (_, n) =>
    vehicleOf(n, {
      ...{ operator: '王小明', emission: n % 5 ? String(n % 6) : '' },
      // In the order of the list, as companies' lists often are.
      registeredOn: addDays('2015-03-04', n),
    }),
  )
  await admin.record(
    'trucks.csv',
    csvOf([
      ...trucks.map((truck) => ({ ...truck, kind: 'stock' })),
      ...trucks.slice(0, 12).map((_, n) => ({
        ...{ vin: vinOf(n), kind: 'retired', reason: 'scrapped', on: `2025-0${1 + (n % 9)}-15` },
      })),
    ]),
  )
  const replaced = { kind: 'replaced', on: '2026-02-03', replaces: [vinOf(13)], note: '车主王小明来电说明' }
  // Registered on the very day, and for another one on the day on which it was added.
  const bought = { energy: 'BEV', operator: '王小明', registeredOn: '2026-02-03' }
  await admin.mustChange({ ...replaced, vehicle: vehicleOf(99, bought) })
  await admin.mustChange({
    ...{ kind: 'added', on: '2026-02-05' },
    vehicle: vehicleOf(97, { operator: '王小明', registeredOn: '2026-02-05' }),
  })
  const mistaken = await admin.mustChange({ kind: 'added', on: '2026-02-04', vehicle: vehicleOf(98) })
  await admin.post(`/changes/${mistaken.id}/void`, { reason: '误录' })
}, 120_000)
afterAll(() => service.close())

async function file(name: string, by = admin): Promise<{ text: string; rows: Row[]; head: string[] }> {
  const { status, bytes, headers } = await download(by, `/open-data/${name}`)
  expect([name, status, headers.get('content-type')]).toEqual([name, 200, 'text/csv; charset=utf-8'])
  const text = bytes.toString()
  const [head = []] = parse(text, { bom: true, to: 1 }) as string[][]
  return { text, rows: parse(text, { bom: true, columns: true }) as Row[], head }
}
/** The id by which the file names an entry, as the service makes it. */
const publicId = (id: string): string =>
  Buffer.from(service.services.keys.mac('open-data', id), 'base64url').toString('hex').slice(0, 32)
const index = async (query = '') => (await admin.get<OpenData>(`/open-data${query}`)).body

describe('the description', () => {
  it('names every column of every file, in order, in both languages', async () => {
    for (const language of ['zh-CN', 'en']) {
      const { resources, title } = await index(`?language=${language}`)
      expect(resources.map((r) => r.path)).toEqual(['open-data/figures.csv', 'open-data/changes.csv'])
      expect(/\p{Script=Han}/u.test(title)).toBe(language === 'zh-CN')
      for (const { path, schema } of resources) {
        const { head } = await file(path.replace('open-data/', ''))
        expect(schema.fields.map((f) => f.name)).toEqual(head)
        expect(new Set(head).size).toBe(head.length)
        for (const { description } of schema.fields) {
          expect(description).toMatch(/\S/)
          expect(description).not.toMatch(/openData|\{\{/)
        }
      }
    }
  })

  it('gives values that are of the types and codes that it says', async () => {
    const forms: Record<string, RegExp> = {
      ...{ integer: /^-?\d+$/, number: /^-?\d+(\.\d)?$/, boolean: /^(true|false)$/, year: /^\d{4}$/ },
      ...{
        date: /^\d{4}-\d\d-\d\d$/,
        yearmonth: /^\d{4}-\d\d$/,
        datetime: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
        string: /./,
      },
    }
    for (const { path, schema } of (await index()).resources) {
      const { rows } = await file(path.replace('open-data/', ''))
      expect(rows.length).toBeGreaterThan(50)
      for (const { name, type, categories, constraints } of schema.fields) {
        const values = [...new Set(rows.map((row) => row[name] ?? ''))]
        if (constraints?.required) expect([path, name, values.includes('')]).toEqual([path, name, false])
        const said = values.filter((value) => value !== '')
        expect([name, said.filter((value) => !forms[type]?.test(value))]).toEqual([name, []])
        const codes = categories?.map((c) => c.value) ?? said
        expect([name, said.filter((value) => !codes.includes(value))]).toEqual([name, []])
      }
    }
  })
})

describe('the changes', () => {
  it('are all that are in effect, without what names a vehicle, a company or a person', async () => {
    const changes = await admin.all<ChangeView>('/changes?')
    const { text, rows } = await file('changes.csv')
    const ids = changes.map((c) => publicId(c.id))
    expect(rows.map((r) => r.id).sort()).toEqual(ids.sort())
    for (const { id, vehicle, operatorName, recordedBy, retires, certificate } of changes) {
      const named = [id, vehicle.vin, vehicle.plate, vehicle.operator, operatorName, recordedBy.name]
      for (const word of [...named, ...retires.map((r) => r.plate), certificate ?? ''])
        if (word !== '') expect([word, text.includes(word)]).toEqual([word, false])
    }
    expect(text.includes('王小明')).toBe(false)
    expect(rows.filter((r) => r.retired_detail === 'truck/diesel/1')).toMatchObject([
      { change: 'replaced', month: '2026-02', retired_vehicles: '1', energy: 'BEV', new_energy: 'true' },
    ])
  })

  it('tell of no day on which a vehicle came into service: it is often that of its registration', async () => {
    const { text, rows } = await file('changes.csv')
    for (const day of [
      '2026-02-03',
      '2026-02-05',
      ...Array.from({ length: 20 }, (_, n) => addDays('2015-03-04', n)),
    ])
      expect([day, text.includes(day)]).toEqual([day, false])
    const came = rows.filter((r) => ['stock', 'added', 'replaced'].includes(r.change ?? ''))
    expect(new Set(came.map((r) => r.change)).size).toBe(3)
    expect(came.filter((r) => r.on !== '' || r.days_to_record !== '')).toEqual([])
    for (const { change, month } of came) expect(month === '').toBe(change === 'stock')
    // All others say when they happened, and how long it took to record them.
    const others = rows.filter((r) => !came.includes(r))
    expect(others.length).toBeGreaterThan(10)
    for (const { on, month, days_to_record: days, recorded_on: recorded } of others) {
      expect(month).toBe(on?.slice(0, 7))
      expect(addDays(on ?? '', Number(days))).toBe(recorded)
    }
  })

  it('do not stand in the order of days, nor in that of the lists that they came by', async () => {
    const changes = await admin.all<ChangeView>('/changes?')
    const day = new Map(changes.map((c) => [publicId(c.id), c.vehicle.registeredOn ?? '']))
    const seq = new Map(changes.map((c) => [publicId(c.id), String(c.source?.row).padStart(6, '0')]))
    const { rows } = await file('changes.csv')
    const trucks = rows.filter(
      (r) => r.change === 'stock' && r.registered_year === '2015' && r.category === 'truck',
    )
    expect(trucks.length).toBe(20)
    for (const known of [day, seq]) {
      const steps = trucks.slice(1).map((row, i) => {
        const [before, after] = [known.get(trucks[i]?.id ?? '') ?? '', known.get(row.id ?? '') ?? '']
        return before < after
      })
      // Neither up nor down throughout; by chance that would be one of 10^18.
      expect(new Set(steps).size).toBe(2)
    }
  })

  it('add up to the figures', async () => {
    const { rows } = await file('changes.csv')
    const { rules } = (await admin.get<Compliance>('/compliance')).body
    for (const rule of rules) {
      const sum = (what: string) => rows.reduce((total, r) => total + Number(r[`${rule.id}_${what}`] ?? 0), 0)
      expect([rule.id, sum('numerator')]).toEqual([rule.id, rule.numerator])
      if (rule.kind !== 'count') expect([rule.id, sum('denominator')]).toEqual([rule.id, rule.denominator])
    }
    expect(rules.some((r) => r.numerator > 0)).toBe(true)
  })
})

describe('the figures', () => {
  it('are those of the city and of each county at every month’s end', async () => {
    const { rows } = await file('figures.csv')
    const days = [...new Set(rows.map((r) => r.as_of ?? ''))].sort()
    expect([days[0], days.at(-1)]).toEqual(['2024-01-31', '2026-11-23'])
    for (const [place, query] of [
      ['3507', ''],
      ['350702', '&county=350702'],
      ['350722', '&county=350722'],
    ]) {
      for (const day of [days[11], days.at(-1)]) {
        const { rules } = (await admin.get<Compliance>(`/compliance?asOf=${day}${query}`)).body
        for (const rule of rules) {
          const row = rows.find((r) => r.rule === rule.id && r.place === place && r.as_of === day)
          const text = (value: number | null) => (value === null ? '' : String(value))
          expect([rule.id, row?.value, row?.numerator, row?.denominator, row?.undetermined]).toEqual([
            ...[rule.id, text(rule.value), text(rule.numerator), text(rule.denominator)],
            text(rule.undetermined),
          ])
        }
      }
    }
  })

  it('have every percentage computed, rounded down', async () => {
    const { rows } = await file('figures.csv')
    let computed = 0
    for (const { unit, value, numerator, denominator } of rows) {
      if (unit !== 'percent') continue
      const share =
        Number(denominator) === 0
          ? ''
          : String(Math.floor((Number(numerator) * 1000) / Number(denominator)) / 10)
      expect(value).toBe(share)
      if (share !== '') computed++
    }
    expect(computed).toBeGreaterThan(20)
  })

  it('have the targets that their description says: a share’s everywhere, a count’s for the city alone', async () => {
    const { rows } = await file('figures.csv')
    const { rules } = (await admin.get<Compliance>('/compliance')).body
    const targets = (rule: string, isCity: boolean) => [
      ...new Set(rows.filter((r) => r.rule === rule && (r.place === '3507') === isCity).map((r) => r.target)),
    ]
    for (const kind of ['share', 'count'])
      expect([kind, rules.some((r) => r.kind === kind && r.target !== null)]).toEqual([kind, true])
    for (const { id, kind, target } of rules) {
      if (kind === 'share')
        expect([id, targets(id, true), targets(id, false)]).toEqual([id, [String(target)], [String(target)]])
      else expect([id, targets(id, false)]).toEqual([id, ['']])
    }
    for (const [language, said] of [
      ['zh-CN', '各区域相同'],
      ['en', 'the same for every region'],
    ]) {
      const fields = (await index(`?language=${language}`)).resources[0]?.schema.fields
      expect(fields?.find((f) => f.name === 'target')?.description).toContain(said)
    }
  })

  it('are named in the language that is asked for', async () => {
    const { rows: zh } = await file('figures.csv?language=zh-CN')
    const { rows: en } = await file('figures.csv?language=en')
    expect([zh[0]?.place_name, en[0]?.place_name]).toEqual(['南平市', 'Nanping'])
    expect(en.map((r) => r.value)).toEqual(zh.map((r) => r.value))
  })
})

describe('who may have them', () => {
  it('are those who see the whole city', async () => {
    const paths = ['/open-data', '/open-data/figures.csv', '/open-data/changes.csv']
    const viewer = await person(service, { role: 'viewer' })
    const refused = [
      await person(service, { role: 'operator', operator: '王小明' }),
      await person(service, { role: 'county-officer', county: '350702' }),
      await person(service, { role: 'viewer', county: '350702' }),
    ]
    for (const path of paths) {
      expect((await service.visitor().get(path)).status).toBe(401)
      expect((await viewer.get(path)).status).toBe(200)
      for (const by of refused) {
        const { status, body } = await by.get<ProblemBody>(path)
        expect([status, body.code]).toEqual([403, 'permission.denied'])
      }
      expect((await admin.get(`${path}?language=fr`)).status).toBe(400)
      expect((await admin.get(`${path}?county=350702`)).status).toBe(400)
    }
  })

  it('stands in the audit log', async () => {
    await file('changes.csv')
    const { items } = (await admin.get<{ items: { action: string }[] }>('/audit?action=open-data.export'))
      .body
    expect(items.length).toBeGreaterThan(0)
  })

  it('get them twice in a row, and of an empty ledger the heads alone', async () => {
    expect((await file('changes.csv')).text).toBe((await file('changes.csv')).text)
    const empty = await startTestService()
    try {
      expect((await file('changes.csv', empty.admin)).rows).toEqual([])
      const { rows } = await file('figures.csv', empty.admin)
      expect(new Set(rows.filter((r) => r.unit === 'percent').map((r) => r.value))).toEqual(new Set(['']))
    } finally {
      await empty.close()
    }
  })
})
