import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { read, utils } from '@e965/xlsx'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, test } from 'vitest'
import { issue } from '../../server/domain/issue.ts'
import { openListFile } from '../../server/imports/reading/index.ts'
import { writeErrorsFile } from '../../server/imports/writing/errors-file.ts'
import type { RowFaults } from '../../server/imports/writing/faults.ts'
import { columnName } from '../../server/imports/writing/xlsx/xml.ts'
import { createWording } from '../../server/wording/index.ts'
import { bookOf, columnsOf, errorsOf, Folder, type ReadBook, readBook } from '../harness/workbook.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const SAMPLES = join(import.meta.dirname, '../fixtures/samples')
const RED = 'FFC7CE'
const AMBER = 'FFEB9C'
const HEADER = '问题与处理办法'

async function* one<T>(...batches: T[][]): AsyncIterable<T[]> {
  yield* batches
}

/** Addresses of coloured cells, but for the header of the added column. */
const coloured = (back: ReadBook, sheet: string | number = 0) =>
  back
    .cells(sheet)
    .filter(([, c]) => [RED, AMBER].includes(c.s?.fgColor?.rgb ?? ''))
    .map(([at]) => at)
    .sort()

/** The addresses that faults point at, of one sheet. */
const pointedAt = (
  faults: readonly RowFaults[],
  columns: Awaited<ReturnType<typeof errorsOf>>['columns'],
  sheet = 0,
) => {
  const at = faults
    .filter((f) => f.sheet === sheet)
    .flatMap((f) =>
      f.issues.map((i) => {
        const column = columns.find((c) => c.sheet === sheet && c.field === i.field)
        return column ? `${column.letter}${f.row}` : ''
      }),
    )
  return [...new Set(at.filter((a) => a !== ''))].sort()
}

/** Every cell of the sender's sheet stands where it stood, as text as number. */
function expectSame(before: Buffer, back: ReadBook, sheet = 0): number {
  const book = read(before, { raw: true })
  const cells = Object.entries(book.Sheets[book.SheetNames[sheet] ?? ''] ?? {})
  const held = cells.filter(([at, c]) => !at.startsWith('!') && (c as { v?: unknown }).v !== '')
  for (const [at, cell] of held) {
    const { t, v } = cell as { t: string; v: unknown }
    expect([at, back.cell(sheet, at)?.t, back.cell(sheet, at)?.v]).toEqual([at, t, v])
  }
  return held.length
}

describe('a list with its faults marked', () => {
  test('keeps every cell of the sample, colours exactly the faulty ones and says why', async () => {
    const path = join(SAMPLES, 'errors.xlsx')
    const { back, faults, columns } = await errorsOf(path, folder.of('errors.xlsx'))
    expect(back.names).toEqual(['Sheet1'])
    expect(expectSame(readFileSync(path), back)).toBeGreaterThan(300)
    expect(faults.length).toBeGreaterThan(10)
    expect(coloured(back)).toEqual(pointedAt(faults, columns))
    for (const { row, issues } of faults) {
      const said = String(back.cell(0, `Q${row}`)?.v ?? '')
      for (const { code, params, field, severity } of issues) {
        const words = createWording('zh-CN').issue(code, params, field)
        expect(said).toContain(words)
        const letter = columns.find((c) => c.field === field)?.letter
        const cell = back.cell(0, `${letter}${row}`)
        expect(cell?.c?.[0]?.t).toContain(words)
        if (severity === 'error') expect(cell?.s?.fgColor?.rgb).toBe(RED)
      }
    }
    const marked = new Set(faults.map((f) => f.row))
    const added = back.cells(0).filter(([at, c]) => /^Q\d/.test(at) && c.v !== undefined)
    expect(added.map(([at]) => at).sort()).toEqual(['Q3', ...[...marked].map((row) => `Q${row}`)].sort())
    expect(back.cell(0, 'Q3')?.v).toBe(HEADER)
    expect(back.part('xl/worksheets/sheet1.xml')).toContain('<pane ySplit="3" topLeftCell="A4"')
    expect(back.book.Sheets.Sheet1?.['!merges']).toEqual([{ s: { r: 0, c: 0 }, e: { r: 0, c: 15 } }])
  })

  test('is worded in English for who reads that', async () => {
    const { back, faults } = await errorsOf(join(SAMPLES, 'errors.xlsx'), folder.of('en.xlsx'), 'en')
    expect(back.cell(0, 'Q3')?.v).toBe('Problem and what to do')
    const first = faults[0]
    const found = first?.issues[0]
    const words = createWording('en').issue(found?.code ?? '', found?.params ?? {}, found?.field)
    expect(back.cell(0, `Q${first?.row}`)?.v).toContain(words)
  })

  test('sent back, is read as the same rows, and its added column is written anew, not doubled', async () => {
    const path = folder.of('once.xlsx')
    const { faults } = await errorsOf(join(SAMPLES, 'errors.xlsx'), path)
    const before = await rowsOf(join(SAMPLES, 'errors.xlsx'))
    expect(await rowsOf(path)).toEqual(before)
    const file = await openListFile(path, path)
    expect(file.sheets[0]?.columns.at(-1)).toMatchObject({ header: HEADER, field: null, index: 16 })
    await file.close()
    const { back, faults: again } = await errorsOf(path, folder.of('twice.xlsx'))
    expect(again).toEqual(faults)
    const headers = back.cells(0).filter(([, c]) => c.v === HEADER)
    expect(headers.map(([at]) => at)).toEqual(['Q3'])
    expect(back.cells(0).filter(([at]) => /^[R-Z]\d/.test(at))).toEqual([])
  })

  test.each([
    ['taxi-changes.csv', 'xlsx'],
    ['taxi-stock.csv', 'xlsx'],
    ['truck-stock.xls', 'xlsx'],
  ])('is made of %s too, row for row', async (name) => {
    const path = join(SAMPLES, name)
    const out = folder.of(`${name}.xlsx`)
    const { back, faults, columns } = await errorsOf(path, out)
    expect(coloured(back)).toEqual(pointedAt(faults, columns))
    expect(await rowsOf(out)).toEqual(await rowsOf(path))
    expect(back.cells(0).some(([, c]) => c.v === HEADER)).toBe(true)
  })

  test('names each sheet as it was, and marks each by itself', async () => {
    const head = ['车牌号', '车架号', '能源类型', '注册日期']
    const sheets = {
      延平: [['延平区公交'], head, ['闽H00001D', 'LZYTAGB60P1100001', '混合动力', '2024-02-30']],
      "O'建阳/二": [
        head,
        ['闽H00002D', 'LZYTAGB60P1100001', '纯电动', '2024-02-29'],
        ['闽HIO', '', '油', ''],
      ],
    }
    const named = Object.fromEntries(Object.entries(sheets).map(([n, r]) => [n.replace('/', '、'), r]))
    const path = folder.of('two.xlsx')
    writeFileSync(path, bookOf(named))
    const { back, faults, columns } = await errorsOf(path, folder.of('two-errors.xlsx'))
    expect(back.names).toEqual(Object.keys(named))
    expect(coloured(back, 0)).toEqual(['C3', 'D3'])
    expect(coloured(back, 1)).toEqual(pointedAt(faults, columns, 1))
    expect(coloured(back, 1)).toEqual(['A3', 'C3'])
    expect(back.cell(0, 'E2')?.v).toBe(HEADER)
    expect(back.cell(1, 'E1')?.v).toBe(HEADER)
  })

  test('keeps numbers, dates, long digits and leading zeros, and never makes a text a formula', async () => {
    const texts = ['=1+1', '+A1', '-2+3', '@SUM(A1)', "=cmd|' /C calc'!A0", '\t=1', '12345678901234567890']
    const rows = texts.map((text, i) => [text, `闽H0000${i}D`, 'LZYTAGB60P1100001', text, i + 0.5, true])
    const sheet = utils.aoa_to_sheet([['序号', '车牌号', '车架号', '备注', '数', '是'], ...rows])
    sheet.G1 = { t: 's', v: '注册日期' }
    sheet.G2 = { t: 'n', v: 45_423, z: 'yyyy/m/d' }
    sheet.G3 = { t: 'n', v: 45_423.75, z: 'yyyy/m/d h:mm' }
    sheet.H2 = { t: 'n', v: 7, z: '000' }
    sheet['!ref'] = 'A1:H8'
    const book = utils.book_new()
    utils.book_append_sheet(book, sheet, '表')
    const { write } = await import('@e965/xlsx')
    const bytes = write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer
    const path = folder.of('texts.xlsx')
    writeFileSync(path, bytes)
    const { back } = await errorsOf(path, folder.of('texts-errors.xlsx'))
    expect(expectSame(bytes, back)).toBe(7 + 7 * 6 + 3)
    texts.forEach((text, i) => {
      for (const at of [`A${i + 2}`, `D${i + 2}`])
        expect(back.cell(0, at)).toMatchObject({ t: 's', v: text, z: '@' })
    })
    expect(back.cell(0, 'G2')).toMatchObject({ t: 'n', v: 45_423, z: 'yyyy-mm-dd' })
    expect(back.cell(0, 'G3')).toMatchObject({ t: 'n', v: 45_423.75, z: 'yyyy-mm-dd hh:mm' })
    expect(back.cell(0, 'H2')).toMatchObject({ t: 'n', v: 7, z: '000' })
  })

  test('takes texts that no XML can hold, and those that look like its own codes', async () => {
    const odd = ['a\u0001b', 'x_x0041_y', '<b>&"', '  lead', 'two\nlines', '𠮷\ud83d', '\ufffe']
    const csv = `车牌号,车架号,备注\n${odd.map((t) => `闽H12345,,"${t.replaceAll('"', '""')}"`).join('\n')}\n`
    const path = folder.of('odd.csv')
    writeFileSync(path, iconv.encode(csv, 'utf8', { addBOM: true }))
    const { back } = await errorsOf(path, folder.of('odd.xlsx'))
    const notes = back.cells(0).filter(([at]) => /^C\d/.test(at) && at !== 'C1')
    const texts = notes.map(([, c]) => c.v)
    expect(texts.slice(0, 5)).toEqual(['ab', 'x_x0041_y', '<b>&"', '  lead', 'two\nlines'])
    expect(String(texts[5])).toMatch(/^𠮷/)
  })

  test('writes mended cells as they count, and says when there is no column for one', async () => {
    const path = folder.of('mend.xlsx')
    writeFileSync(
      path,
      bookOf({
        表: [
          ['车牌号', '车架号', '注册日期', '块数'],
          ['闽H00001D', 'X', '昨天', '两块'],
        ],
      }),
    )
    const file = await openListFile(path, path)
    const faults: RowFaults = {
      ...{ sheet: 0, row: 2, issues: [issue('energy.ambiguous', 'energy', { value: '混动' })] },
      mended: { vin: 'LZYTAGB60P1100001', registeredOn: '2024-05-11', packs: '2', energy: '混动', plate: '' },
    }
    const out = folder.of('mended.xlsx')
    await writeErrorsFile(out, file, one([faults]), {
      ...{ sheets: [{ index: 0, name: '表' }], columns: columnsOf(file), missing: one() },
      wording: createWording('zh-CN'),
    })
    await file.close()
    const back = readBook(readFileSync(out))
    expect(back.cell(0, 'B2')?.v).toBe('LZYTAGB60P1100001')
    expect(back.cell(0, 'C2')).toMatchObject({ t: 'n', v: 45_423, z: 'yyyy-mm-dd' })
    expect(back.cell(0, 'D2')).toMatchObject({ t: 'n', v: 2 })
    expect(back.cell(0, 'A2')?.v).toBeUndefined()
    expect(coloured(back)).toEqual([])
    const said = String(back.cell(0, 'E2')?.v)
    expect(said).toContain('分不清是否插电')
    expect(said).toContain('没有“能源类型”这一列')
  })

  test('puts the column beyond the widest row, and brings rows with faults out of hiding', async () => {
    const rows = [
      ['车牌号', '车架号', '备注'],
      ['闽H00001D', 'LZYTAGB60P1100001', '', '', '', '远处'],
      ['坏', '', ''],
    ]
    const sheet = utils.aoa_to_sheet(rows)
    sheet['!rows'] = [{}, { hidden: true }, { hidden: true }]
    const book = utils.book_new()
    utils.book_append_sheet(book, sheet, '表')
    const { write } = await import('@e965/xlsx')
    const path = folder.of('wide.xlsx')
    writeFileSync(path, write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer)
    const { back } = await errorsOf(path, folder.of('wide-errors.xlsx'))
    expect(back.cell(0, 'F2')?.v).toBe('远处')
    expect(back.cell(0, 'G1')?.v).toBe(HEADER)
    const xml = back.part('xl/worksheets/sheet1.xml')
    const hidden = [...xml.matchAll(/<row r="(\d+)"[^>]* hidden="1"/g)].map((m) => m[1])
    const faulty = back.cell(0, 'G2') ? ['2', '3'] : ['3']
    expect(hidden).toEqual(['2', '3'].filter((row) => !faulty.includes(row)))
  })

  test('lists missing vehicles on a sheet that our reader takes for no list', async () => {
    const path = folder.of('fleet.xlsx')
    writeFileSync(
      path,
      bookOf({
        车辆: [
          ['车牌号', '车架号', '能源类型'],
          ['闽H00001D', 'LZYTAGB60P1100001', '纯电动'],
        ],
      }),
    )
    const file = await openListFile(path, path)
    const missing = {
      ...{ vin: 'LZYTAGB60P1100001', plate: '闽H00009D', category: 'bus', energy: 'BEV', county: '350702' },
      registeredOn: '2020-01-02',
    }
    const out = folder.of('fleet-errors.xlsx')
    const options = { sheets: file.sheets, columns: columnsOf(file), wording: createWording('zh-CN') }
    await writeErrorsFile(out, file, one(), { ...options, missing: one([], [missing], [missing]) })
    await file.close()
    const back = readBook(readFileSync(out))
    expect(back.names).toEqual(['车辆', '名单中没有的车辆'])
    const row = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((c) => back.cell(1, `${c}3`)?.v ?? '')
    expect(row).toEqual(['闽H00009D', missing.vin, '城市公交', '纯电动', '', '2020-01-02', '延平区', ''])
    expect(back.part('xl/worksheets/sheet2.xml')).toContain('仍在营，漏报')
    const again = await openListFile(out, out)
    expect(again.sheets.map((s) => s.headerRow)).toEqual([1, 0])
    expect(again.notes).toEqual([])
    await again.close()
  })

  test('leaves nothing behind when its rows cannot be had', async () => {
    const path = join(SAMPLES, 'errors.xlsx')
    const file = await openListFile(path, path)
    const out = folder.of('half.xlsx')
    async function* broken(): AsyncIterable<RowFaults[]> {
      yield []
      throw new Error('the database went away')
    }
    const options = { sheets: file.sheets, columns: columnsOf(file), wording: createWording('zh-CN') }
    await expect(writeErrorsFile(out, file, broken(), { ...options, missing: one() })).rejects.toThrow(
      'the database went away',
    )
    await file.close()
    expect(() => readFileSync(out)).toThrow('ENOENT')
    const nowhere = writeErrorsFile('/nowhere/at/all.xlsx', await openListFile(path, path), one(), {
      ...{ ...options, missing: one() },
    })
    await expect(nowhere).rejects.toThrow('ENOENT')
  })
})

/** Every row's cells as our reader gives them. */
async function rowsOf(path: string): Promise<unknown[]> {
  const file = await openListFile(path, path)
  const rows: unknown[] = []
  for (const { index } of file.sheets.filter((s) => s.headerRow > 0))
    for await (const batch of file.rows(index)) rows.push(...batch)
  await file.close()
  return rows
}

test('columns have the names that spreadsheets give them', () => {
  expect([0, 25, 26, 701, 702, 16_383].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD'])
})
