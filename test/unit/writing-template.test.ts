import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { readRow } from '../../server/domain/read-row.ts'
import { allRegions } from '../../server/domain/regions.ts'
import { CATEGORIES, EMISSIONS, ENERGIES, KINDS, REASONS } from '../../server/domain/vocabulary.ts'
import { openListFile } from '../../server/imports/reading/index.ts'
import { exampleRows, formColumns } from '../../server/imports/writing/form-columns.ts'
import { type FleetVehicle, writeTemplate } from '../../server/imports/writing/template.ts'
import { createWording } from '../../server/wording/index.ts'
import { Folder, readBook } from '../harness/workbook.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const LANGUAGES = ['zh-CN', 'en'] as const
const today = '2026-11-23'

/** The drop-downs of the first sheet: their values by column letter. */
function choices(xml: string): Record<string, { values: string[]; to: number }> {
  const found = xml.matchAll(
    /<dataValidation type="list"[^>]* sqref="([A-Z]+)(\d+):[A-Z]+(\d+)"><formula1>&quot;([^<]*)&quot;<\/formula1>/g,
  )
  return Object.fromEntries(
    [...found].map(([, column, from, to, values]) => {
      expect(from).toBe('3')
      expect((values ?? '').length).toBeLessThanOrEqual(255)
      return [column, { values: (values ?? '').split(','), to: Number(to) }]
    }),
  )
}

async function form(
  name: string,
  options: Partial<Parameters<typeof writeTemplate>[1]>,
  language: 'zh-CN' | 'en',
) {
  const path = folder.of(name)
  await writeTemplate(path, { regions: allRegions(), wording: createWording(language), ...options })
  return { path, back: readBook(readFileSync(path)) }
}

describe.each(LANGUAGES)('an empty form in %s', (language) => {
  const wording = createWording(language)

  test.each([...CATEGORIES, undefined])(
    'for %s has columns that are read, and drop-downs',
    async (category) => {
      const { path, back } = await form(`form-${language}-${category}.xlsx`, { category }, language)
      const file = await openListFile(path, path).catch((error) => error)
      // nothing but examples in it: there is nothing to read
      expect(file.code).toBe('import.empty')
      const columns = formColumns({ category: category ?? null, fleet: false }, allRegions(), wording)
      const lists = choices(back.part('xl/worksheets/sheet1.xml'))
      expect(Object.keys(lists)).toHaveLength(columns.filter((c) => c.values !== null).length)
      expect(Object.values(lists).every((l) => l.to === 1_048_576)).toBe(true)
      const fields = columns.map((c) => c.field)
      expect(fields.includes('packs')).toBe(category === undefined || category === 'bus')
      expect(fields.includes('emission')).toBe(category !== 'vessel')
      expect(back.part('xl/worksheets/sheet1.xml')).toContain('topLeftCell="A3"')
      expect(back.names).toEqual(language === 'en' ? ['Changes', 'How to fill in'] : ['变动表', '填写说明'])
      expect(String(back.cell(0, 'A3')?.v)).toContain('示例')
      expect(String(back.cell(0, 'A4')?.v)).toContain('示例')
      expect(back.cell(0, 'A5')).toBeUndefined()
      for (const column of columns) {
        const row = back.cells(1).find(([at, c]) => at.startsWith('A') && c.v === explained(column.header))
        expect(row, `${column.header} is explained`).toBeDefined()
      }
    },
  )

  const explained = (header: string) => header.replace(/（必填）$/, '')

  test('is read by our reader once a row is filled in: every column, every value of every drop-down', async () => {
    const all: Record<string, readonly string[]> = {
      ...{ category: CATEGORIES, energy: ENERGIES, emission: EMISSIONS, kind: KINDS, reason: REASONS },
      ...{ county: allRegions().map((r) => r.code), toCounty: allRegions().map((r) => r.code) },
    }
    const columns = formColumns({ category: null, fleet: false }, allRegions(), wording)
    for (const { field, values } of columns) {
      if (values === null) continue
      const read = values.map(({ value }) => {
        const { values: found, issues } = readRow({ [field]: value }, { today })
        expect([value, issues]).toEqual([value, []])
        return found[field]
      })
      expect(read).toEqual(all[field])
    }
    const { fieldOfHeader } = await import('../../server/domain/read-headers.ts')
    expect(columns.map((c) => fieldOfHeader(c.header))).toEqual(columns.map((c) => c.field))
  })

  test.each([...CATEGORIES, null])('has examples for %s that would pass if they were real', (category) => {
    for (const facts of exampleRows({ category, fleet: false }, allRegions(), wording)) {
      const { values, issues } = readRow(facts, { today })
      expect(issues).toEqual([])
      expect(values.kind).toBeDefined()
      expect(values.category).toBe(category ?? 'bus')
    }
  })
})

const VEHICLES: FleetVehicle[] = [
  {
    ...{ vin: 'LZYTAGB60P1100001', plate: '闽H00001D', category: 'bus', energy: 'BEV', emission: null },
    ...{ registeredOn: '2020-01-02', county: '350702' },
  },
  {
    ...{ vin: 'LZYTAGB62P1100002', plate: '闽H12345', category: 'truck', energy: 'diesel', emission: '3' },
    ...{ registeredOn: null, county: '3507WY' },
  },
  {
    ...{
      vin: 'LZYTAGB64P1100003',
      plate: '闽HF12345',
      category: 'ride-hailing',
      energy: 'PHEV',
      emission: '6',
    },
    ...{ registeredOn: '2024-02-29', county: '350782' },
  },
]

async function* fleetOf(vehicles: FleetVehicle[]) {
  yield vehicles.slice(0, 2)
  yield vehicles.slice(2)
}

describe.each(LANGUAGES)('an operator’s present fleet in %s', (language) => {
  test('is read back as exactly what the register holds, without a kind of change', async () => {
    const name = '=HYPERLINK("http://example.com")公交公司'
    const { path, back } = await form(
      `fleet-${language}.xlsx`,
      { fleet: fleetOf(VEHICLES), operatorName: name, day: today },
      language,
    )
    const file = await openListFile(path, path)
    expect(file.sheets.map((s) => s.headerRow)).toEqual([2, 0])
    const columns = file.sheets[0]?.columns ?? []
    expect(columns.some((c) => c.field === 'kind' || c.field === 'on')).toBe(false)
    const read = []
    for await (const rows of file.rows(0)) read.push(...rows)
    await file.close()
    expect(file.notes).toEqual([])
    expect(read.map((r) => r.row)).toEqual([3, 4, 5])
    for (const [i, { cells }] of read.entries()) {
      const { values, issues } = readRow(cells, { today })
      const { emission, registeredOn, ...facts } = VEHICLES[i] as FleetVehicle
      expect(issues.filter((x) => x.code !== 'vin.check-digit')).toEqual([])
      expect(values).toEqual({
        ...{ ...facts, operator: name },
        ...(emission ? { emission } : {}),
        ...(registeredOn ? { registeredOn } : {}),
      })
    }
    expect(back.cells(0).filter(([, c]) => c.v === name)).toHaveLength(3)
    expect(String(back.cell(0, 'A1')?.v)).toContain(today)
    expect(Object.keys(choices(back.part('xl/worksheets/sheet1.xml')))).toHaveLength(4)
  })

  test('that is empty is a form without examples', async () => {
    const { path, back } = await form(
      `none-${language}.xlsx`,
      { fleet: fleetOf([]), operatorName: '公交', day: today },
      language,
    )
    expect(back.cells(0).filter(([at]) => /[A-Z]3$/.test(at))).toEqual([])
    await expect(openListFile(path, path)).rejects.toMatchObject({ code: 'import.empty' })
  })
})
