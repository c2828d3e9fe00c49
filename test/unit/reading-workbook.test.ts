import { randomBytes } from 'node:crypto'
import {
  type CellObject,
  CFB,
  utils,
  type WorkBook,
  type WorkSheet,
  type WritingOptions,
  write,
} from '@e965/xlsx'
import iconv from 'iconv-lite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readRow } from '../../server/domain/read-row.ts'
import { ListProblem } from '../../server/imports/reading/index.ts'
import { problemOf, readList } from '../lists/read.ts'
import { bookParts } from '../lists/workbook.ts'
import { type ZipPart, zipOf } from '../lists/zip.ts'

const HEADER = ['车牌号', '车架号', '注册日期', '变动日期', '更换电池块数']
type Value = string | number | boolean | null

function sheetOf(rows: Value[][], cells: Record<string, Partial<CellObject>> = {}): WorkSheet {
  const sheet = utils.aoa_to_sheet(rows)
  for (const [at, cell] of Object.entries(cells)) sheet[at] = { ...sheet[at], ...cell }
  return sheet
}

function fileOf(
  sheets: Record<string, WorkSheet>,
  options: WritingOptions = {},
  book: Partial<WorkBook> = {},
): Buffer {
  const workbook: WorkBook = { ...utils.book_new(), ...book }
  for (const [name, sheet] of Object.entries(sheets)) utils.book_append_sheet(workbook, sheet, name)
  return write(workbook, { type: 'buffer', bookType: 'xlsx', compression: true, ...options })
}

const rowsOf = async (bytes: Uint8Array) => (await readList(bytes)).rows
const firstCells = async (bytes: Uint8Array) => (await rowsOf(bytes))[0]?.cells

describe('cells', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each(['Asia/Shanghai', 'America/New_York', 'UTC', 'Pacific/Kiritimati'])(
    'dates are the days shown, in %s',
    async (zone) => {
      vi.stubEnv('TZ', zone)
      const row = ['闽H12345', 'v', 45423, 45423, 3]
      expect(await firstCells(fileOf({ S: sheetOf([HEADER, row], { C2: { z: 'yyyy-mm-dd' } }) }))).toEqual({
        plate: '闽H12345',
        vin: 'v',
        registeredOn: '2024-05-11',
        on: 45423,
        packs: 3,
      })
      const withTime = fileOf({
        S: sheetOf([HEADER, ['闽H12345', 'v', 45423.999, 32874, 3]], {
          C2: { z: 'yyyy"年"m"月"d"日" h:mm' },
          D2: { z: 'm/d/yy' },
        }),
      })
      expect(await firstCells(withTime)).toMatchObject({ registeredOn: '2024-05-11', on: '1990-01-01' })
      const iso = sheetOf([HEADER, ['闽H12345', 'v', null, null, 3]], {
        C2: { t: 'd', v: new Date('2024-05-11T00:00:00Z'), z: 'yyyy-mm-dd' },
      })
      expect((await firstCells(fileOf({ S: iso }, { cellDates: true })))?.registeredOn).toBe('2024-05-11')
    },
  )

  it.each(['xlsx', 'biff8'] as const)('respects the 1904 date system in %s', async (bookType) => {
    const sheet = sheetOf([HEADER, ['闽H12345', 'v', 43961, 43961, 3]], { C2: { z: 'yyyy-mm-dd' } })
    const bytes = fileOf({ S: sheet }, { bookType }, { Workbook: { WBProps: { date1904: true } } })
    const cells = (await firstCells(bytes)) ?? {}
    expect(readRow(cells, { today: '2026-11-02' }).values).toMatchObject({
      registeredOn: '2024-05-11',
      on: '2024-05-11',
      packs: 3,
    })
  })

  it('a number formatted as a date stays a number outside the date columns', async () => {
    const sheet = sheetOf([HEADER, ['闽H12345', 'v', null, null, 7]], { E2: { z: 'yyyy-mm-dd' } })
    expect((await firstCells(fileOf({ S: sheet })))?.packs).toBe(7)
  })

  it('a time of day alone is no date', async () => {
    const sheet = sheetOf([HEADER, ['闽H12345', 'v', 0.5, null, 7]], { C2: { z: 'hh:mm' } })
    const cells = (await firstCells(fileOf({ S: sheet }))) ?? {}
    expect(readRow(cells, { today: '2026-11-02' }).issues.map((i) => i.code)).toContain('date.invalid')
  })

  it('shows dates, numbers and errors as a spreadsheet does', async () => {
    const sheet = sheetOf([HEADER, ['闽H12345', 1.2e16, 45423, 45423, true]], {
      C2: { z: 'yyyy/m/d' },
      D2: { z: 'm/d/yy' },
    })
    const { raw } = await readList(fileOf({ S: sheet }))
    expect(raw[1]?.cells.map((c) => c?.text)).toEqual([
      '闽H12345',
      '1.2E+16',
      '2024/5/11',
      '2024/5/11',
      'TRUE',
    ])
  })

  it('takes the stored values of formulas, never evaluates them, and names errors', async () => {
    const sheet = sheetOf([HEADER, ['闽H12345', 'v', null, null, null]], {
      A2: { t: 's', v: '闽H99999', f: 'CONCATENATE("闽H","1")' },
      B2: { t: 'e', v: 42 },
      E2: { t: 'n', f: '1+1' },
    })
    expect(await firstCells(fileOf({ S: sheet }))).toEqual({ plate: '闽H99999', vin: '#N/A' })
  })

  it('reads text with line breaks, rich marks and formula signs as it stands', async () => {
    const sheet = sheetOf([
      ['车牌号', '车架号', '备注'],
      ['闽H12345', '=1+1', '一\n二 & <三>'],
    ])
    expect(await firstCells(fileOf({ S: sheet }))).toEqual({
      plate: '闽H12345',
      vin: '=1+1',
      note: '一\n二 & <三>',
    })
  })
})

describe('sheets', () => {
  const data = () => sheetOf([HEADER, ['闽H12345', 'v', 45423, 45423, 3]])

  it('takes the first sheet that has a header and rows', async () => {
    const bytes = fileOf({
      说明: sheetOf([['填表说明'], ['请如实填写']]),
      空表: sheetOf([HEADER]),
      数据: data(),
      另: data(),
    })
    expect(await readList(bytes)).toMatchObject({ sheet: '数据', rowCount: 1, headerRow: 1 })
  })

  it('says which sheets are hidden', async () => {
    const hidden = (first: WorkSheet, second: WorkSheet) =>
      fileOf({ 一: first, 二: second }, {}, { Workbook: { Sheets: [{ Hidden: 1 }, { Hidden: 0 }] } })
    expect((await readList(hidden(data(), data()))).sheet).toBe('二')
    expect((await readList(hidden(data(), sheetOf([['说明']])))).sheet).toBe('一')
  })

  it('reads merged titles, blank rows and two-row headers', async () => {
    const sheet = sheetOf([
      ['更新登记表', null, null, null, null, null],
      [],
      ['序号', '旧车信息', null, '新车信息', null, '变动情况', null],
      [null, '车牌号', '车架号', '车牌号', '车架号', '类型', '日期'],
      [1, '闽H11111', 'a', '闽HD22222', 'b', '更新', 45423],
      [],
      [2, '闽H11112', 'a', '闽HD22223', 'b', '更新', 45424],
      ['合计', null, null, 2],
    ])
    sheet['!merges'] = ['A1:G1', 'A3:A4', 'B3:C3', 'D3:E3', 'F3:G3'].map((r) => utils.decode_range(r))
    const list = await readList(fileOf({ S: sheet }))
    expect(list).toMatchObject({ headerRow: 4, title: '更新登记表', rowCount: 2 })
    expect(list.rows.map((r) => [r.row, r.cells])).toEqual([
      [5, { replaces: '闽H11111', plate: '闽HD22222', vin: 'b', kind: '更新', on: 45423 }],
      [7, { replaces: '闽H11112', plate: '闽HD22223', vin: 'b', kind: '更新', on: 45424 }],
    ])
  })

  it('keeps row numbers when the table does not begin in the first row or column', async () => {
    const rows: Value[][] = [HEADER, ['闽H12345', 'v', 45423, 45423, 3]]
    const sheet = utils.sheet_add_aoa(utils.aoa_to_sheet([]), rows, { origin: 'C5' })
    const list = await readList(fileOf({ S: sheet }))
    expect(list.headerRow).toBe(5)
    expect(list.columns.filter((c) => c.field).map((c) => c.letter)).toEqual(['C', 'D', 'E', 'F', 'G'])
    expect(list.rows.map((r) => r.row)).toEqual([6])
  })
})

describe('.xls', () => {
  it('of Excel 97 and later', async () => {
    const bytes = fileOf(
      { 表: sheetOf([['台账'], HEADER, ['闽H12345', 'v', 45423, 45423, 3]]) },
      { bookType: 'biff8' },
    )
    expect(await readList(bytes, 'x.xls')).toMatchObject({
      format: 'xls',
      sheet: '表',
      headerRow: 2,
      title: '台账',
    })
  })

  it('of Excel 95, with text in GBK', async () => {
    // the library writes no Chinese into this format: write place-holders of the same length and put GBK in their place
    const words = { AAAAAA: '车牌号', BBBBBB: '车架号', CCCCCCCC: '注册日期', DDH12345: '闽H12345' }
    const rows = [
      ['AAAAAA', 'BBBBBB', 'CCCCCCCC'],
      ['DDH12345', 'v', '2024-05-11'],
    ]
    const bytes = fileOf({ S: sheetOf(rows) }, { bookType: 'biff5' })
    for (const [from, to] of Object.entries(words)) {
      const at = bytes.indexOf(from)
      expect(at).toBeGreaterThan(0)
      iconv.encode(to, 'gbk').copy(bytes, at)
    }
    const codePage = bytes.indexOf(Buffer.from('42000200', 'hex'))
    expect(codePage).toBeGreaterThan(0)
    bytes.writeUInt16LE(936, codePage + 4)
    expect(await firstCells(bytes)).toEqual({ plate: '闽H12345', vin: 'v', registeredOn: '2024-05-11' })
  })
})

describe('problems of workbooks', () => {
  const book = () => fileOf({ S: sheetOf([HEADER, ['闽H12345', 'v', 45423, 45423, 3]]) })
  const refuse = async (bytes: Uint8Array) => {
    const { code, params } = await problemOf(readList(bytes, 'x.xlsx'))
    return { code, params }
  }
  const spec = { sheets: [{ rows: [HEADER, ['闽H12345', 'v', '2024-05-11', '2024-05-11', '3']] }] }
  /** A workbook with something untrue about its sheet. */
  const withSheet = (change: Partial<ZipPart>): Buffer =>
    zipOf(bookParts(spec).map((p) => (p.name.endsWith('sheet1.xml') ? { ...p, ...change } : p)))
  const SHEET = 'zip: xl/worksheets/sheet1.xml'

  it('a zip bomb, by what it claims: over 1 GiB, or over 100 MiB at more than 200 to 1', async () => {
    const wb = { name: 'xl/workbook.xml', data: Buffer.from('<workbook/>') }
    const noise = { name: 'xl/noise.xml', data: randomBytes(6 * 1024 ** 2) }
    const a = { name: 'xl/a.xml', data: Buffer.alloc(10) }
    const half = 600 * 1024 ** 2
    expect((await refuse(zipOf([wb, { ...a, claims: 1024 ** 3 }]))).code).toBe('import.too-large')
    expect((await refuse(zipOf([wb, noise, { ...a, claims: 1024 ** 3 }]))).code).toBe('import.too-large')
    expect(
      (await refuse(zipOf([wb, { ...a, claims: half }, { ...a, name: 'xl/b.xml', claims: half }]))).code,
    ).toBe('import.too-large')
    expect((await refuse(zipOf([wb, { ...a, claims: 101 * 1024 ** 2 }]))).code).toBe('import.too-large')
  })

  it('a zip bomb that claims to be small is not unpacked further than it claims', async () => {
    const bytes = withSheet({ data: Buffer.alloc(30 * 1024 ** 2), claims: 1000 })
    const before = process.memoryUsage().arrayBuffers
    expect(await refuse(bytes)).toEqual({
      code: 'import.corrupt',
      params: { detail: `${SHEET} does not unpack` },
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 ** 2)
  })

  it('a zip that is not what its checksum says, cut short, or with an entry encrypted', async () => {
    expect(await refuse(withSheet({ crc: 1 }))).toMatchObject({
      code: 'import.corrupt',
      params: { detail: `${SHEET} is damaged` },
    })
    expect(await refuse(withSheet({ claims: 50_000 }))).toMatchObject({ code: 'import.corrupt' })
    expect((await refuse(withSheet({ flags: 1 }))).code).toBe('import.encrypted')
    expect((await refuse(book().subarray(0, 3000))).code).toBe('import.corrupt')
    const damaged = book()
    damaged.fill(0x55, 200, 400)
    expect((await refuse(damaged)).code).toBe('import.corrupt')
  })

  it('other zips are named', async () => {
    for (const [name, found] of [
      ['word/document.xml', 'docx'],
      ['ppt/presentation.xml', 'pptx'],
      ['content.xml', 'ods'],
      ['xl/workbook.bin', 'xlsb'],
      ['a.txt', 'zip'],
    ] as const) {
      expect(await refuse(zipOf([{ name, data: Buffer.from('x') }]))).toEqual({
        code: 'import.not-a-list',
        params: { found },
      })
    }
  })

  it('a workbook with a password, and a document in the container of .xls', async () => {
    const cfb = (...names: string[]) => {
      const container = CFB.utils.cfb_new()
      for (const name of names) CFB.utils.cfb_add(container, `/${name}`, Buffer.alloc(5000))
      return Buffer.from(CFB.write(container, { type: 'buffer' }) as Uint8Array)
    }
    expect((await refuse(cfb('EncryptionInfo', 'EncryptedPackage'))).code).toBe('import.encrypted')
    expect((await refuse(cfb('WordDocument'))).code).toBe('import.not-a-list')
    expect((await refuse(Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(3000)}`, 'hex'))).code).toBe(
      'import.corrupt',
    )
  })

  it('an empty workbook, a header only, no header', async () => {
    expect((await refuse(fileOf({ S: sheetOf([]) }))).code).toBe('import.empty')
    expect(await refuse(fileOf({ S: sheetOf([['台账'], HEADER]) }))).toEqual({
      code: 'import.empty',
      params: { headerRow: '2' },
    })
    const numbers = sheetOf([
      ['a', 'b', 'c'],
      [1, 2, 3],
    ])
    expect((await refuse(fileOf({ S: numbers }))).code).toBe('import.no-header')
  })

  it('whatever is done to a workbook, nothing but a ListProblem is thrown', async () => {
    const originals = [
      book(),
      fileOf({ S: sheetOf([HEADER, ['闽H12345', 'v', 1, 2, 3]]) }, { bookType: 'biff8' }),
    ]
    let seed = 1
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    for (let i = 0; i < 150; i++) {
      const bytes = Buffer.from(originals[i % 2] ?? [])
      for (let k = 0; k < 1 + (i % 20); k++) bytes[random(bytes.length)] = random(256)
      const cut = bytes.subarray(0, i % 3 === 0 ? random(bytes.length) : bytes.length)
      try {
        for (const row of await rowsOf(cut)) readRow(row.cells, { today: '2026-11-02' })
      } catch (error) {
        expect(error).toBeInstanceOf(ListProblem)
      }
    }
    quiet.mockRestore()
  })
})
