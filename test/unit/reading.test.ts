import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { readRow } from '../../server/domain/read-row.ts'
import { records } from '../../server/imports/reading/records.ts'
import { all, problemOf, readList } from '../lists/read.ts'

const sample = (name: string): Buffer => readFileSync(new URL(`../fixtures/samples/${name}`, import.meta.url))
const TODAY = '2026-11-02'
const FIELDS_OF_SAMPLES =
  'plate vin category energy emission registeredOn operator county kind on replaces reason certificate packs'

const HEADER = '车牌号,车架号,车辆类别,变动日期'
const ROW = '闽H12345,LZYTAGB60P1100001,公交车,2024-05-11'
/** A text in pieces of a few characters. */
async function* pieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 2) yield text.slice(at, at + 2)
}
const csv = (...lines: string[]): Buffer => Buffer.from(lines.join('\n'))
const rowsOf = async (bytes: Uint8Array) => (await readList(bytes)).rows

describe('the samples', () => {
  it.each([
    ['bus-stock.xlsx', 'xlsx', null, 3, 300, '城市公交车辆清单(存量)'],
    ['bus-changes.xlsx', 'xlsx', null, 3, 109, '公交车辆更新及动力电池更换登记表'],
    ['taxi-stock.csv', 'csv', 'GB18030', 1, 260, null],
    ['taxi-changes.csv', 'csv', 'UTF-8', 1, 90, null],
    ['truck-stock.xls', 'xls', null, 3, 420, '营运货车台账'],
    ['truck-changes.xlsx', 'xlsx', null, 3, 252, '货车淘汰与新增登记表'],
  ])('%s is read without an issue', async (name, format, encoding, headerRow, rowCount, title) => {
    const list = await readList(sample(name), name)
    expect(list).toMatchObject({ format, encoding, headerRow, rowCount, title })
    expect(list.columns.flatMap((c) => c.field ?? []).join(' ')).toBe(FIELDS_OF_SAMPLES)
    expect(list.columns.filter((c) => c.field === null).map((c) => `${c.letter} ${c.header}`)).toEqual([
      'A 序号',
      'J 使用性质',
    ])
    const { rows } = list
    expect(rows.map((r) => r.row)).toEqual(Array.from({ length: rowCount }, (_, i) => headerRow + 1 + i))
    for (const row of rows) {
      const { values, issues } = readRow(row.cells, { today: TODAY })
      expect(issues, `row ${row.row}`).toEqual([])
      expect(Object.keys(values)).toEqual(
        expect.arrayContaining([
          'plate',
          'vin',
          'category',
          'energy',
          'registeredOn',
          'operator',
          'county',
          'kind',
        ]),
      )
    }
    expect(list.notes).toEqual([])
  })

  it('hold what expected.json says', async () => {
    const expected = JSON.parse(sample('expected.json').toString())
    const lists = await Promise.all(expected.upload.map((name: string) => rowsOf(sample(name))))
    const all = lists.flat().map((r) => readRow(r.cells, { today: TODAY }).values)
    const count = (test: (v: ReturnType<typeof readRow>['values']) => boolean): number =>
      all.filter(test).length
    const taxis = ['cruising-taxi', 'ride-hailing']
    expect(count((v) => v.kind === 'replaced' && v.category === 'bus')).toBe(expected.total.busReplaced)
    expect(count((v) => v.kind === 'replaced' && taxis.includes(v.category ?? ''))).toBe(
      expected.total.taxiReplaced,
    )
    expect(
      count(
        (v) =>
          v.kind === 'replaced' &&
          taxis.includes(v.category ?? '') &&
          ['BEV', 'PHEV', 'FCEV'].includes(v.energy ?? ''),
      ),
    ).toBe(expected.total.taxiReplacedNev)
    expect(count((v) => v.kind === 'added' && v.category === 'truck')).toBe(expected.total.trucksAdded)
    const packs = all.reduce((sum: number, v: { packs?: number }) => sum + (v.packs ?? 0), 0)
    expect(packs).toBe(expected.total.packsReplaced)
  })

  it('errors.xlsx: every row gets the code that reading alone can give, and no other error', async () => {
    const byReading = new Set([...Array.from({ length: 14 }, (_, i) => i + 6), 24, 25, 29])
    const expected: { row: number; severity: string; code: string | null }[] = JSON.parse(
      sample('errors.expected.json').toString(),
    )
    const rows = new Map(
      (await rowsOf(sample('errors.xlsx'))).map((r) => [r.row, readRow(r.cells, { today: TODAY }).issues]),
    )
    expect([...rows.keys()]).toEqual(expected.map((e) => e.row))
    for (const { row, severity, code } of expected) {
      const found = (rows.get(row) ?? []).map((i) => `${i.severity} ${i.code}`)
      if (byReading.has(row)) expect(found, `row ${row}`).toEqual([`${severity} ${code}`])
      else
        expect(
          found.filter((f) => f.startsWith('error')),
          `row ${row}`,
        ).toEqual([])
    }
  })

  it('gives dates as days and cells as displayed', async () => {
    const list = await readList(sample('bus-changes.xlsx'))
    const row = list.rows[3]
    expect(row?.cells).toMatchObject({ registeredOn: '2024-02-23', on: '2024-02-23', replaces: '闽hw0715' })
    const raw = list.raw.find((r) => r.row === row?.row)?.cells
    expect(raw?.slice(0, 2)).toEqual([
      { text: '4', value: 4 },
      { text: '闽H25948G', value: '闽H25948G' },
    ])
    expect(raw?.[6]).toMatchObject({ text: '2024/2/23', date: '2024-02-23' })
    expect(list.raw.map((r) => r.row).slice(0, 4)).toEqual([1, 2, 3, 4])
  })
})

describe('csv', () => {
  const text = `${HEADER}\r\n${ROW}\r\n`
  it.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from(text), 'UTF-8'],
    ['UTF-8 with mark', Buffer.from(`\ufeff${text}`), 'UTF-8'],
    ['GB18030', iconv.encode(text, 'gb18030'), 'GB18030'],
    ['UTF-16LE with mark', iconv.encode(text, 'utf-16le', { addBOM: true }), 'UTF-16LE'],
    ['UTF-16BE with mark', iconv.encode(text, 'utf-16be', { addBOM: true }), 'UTF-16BE'],
  ])('in %s', async (_, bytes, encoding) => {
    const list = await readList(bytes, 'x.xls')
    expect(list).toMatchObject({ format: 'csv', encoding, headerRow: 1, rowCount: 1 })
    expect(list.rows).toEqual([
      {
        row: 2,
        hidden: false,
        cells: { plate: '闽H12345', vin: 'LZYTAGB60P1100001', category: '公交车', on: '2024-05-11' },
      },
    ])
  })

  it('reads rare characters that only GB18030 has (four bytes)', async () => {
    const bytes = iconv.encode(`车牌号,车架号,公司\n闽H12345,x,㐂𠮷公司`, 'gb18030')
    expect((await rowsOf(bytes))[0]?.cells.operator).toBe('㐂𠮷公司')
  })

  it.each([',', ';', '\t', '|'])('separated by %j', async (separator) => {
    const lines = ['表,题', HEADER, ROW].map((l) => l.replaceAll(',', separator))
    expect((await rowsOf(csv(...lines)))[0]?.cells.on).toBe('2024-05-11')
  })

  it('keeps commas of texts in a list separated by semicolons', async () => {
    const bytes = csv('车牌号;车架号;备注', '闽H12345;v;"a, b, c, d, e, f"', '闽H12346;v;一,二,三,四')
    expect((await rowsOf(bytes)).map((r) => r.cells.note)).toEqual(['a, b, c, d, e, f', '一,二,三,四'])
  })

  it('understands quotes, quoted separators and quoted line breaks, and counts rows as a spreadsheet does', async () => {
    const bytes = csv(
      '登记表',
      '"车牌\n号",车架号,公司',
      '"闽H12345","v","甲""乙"",\n公司"',
      '',
      '闽H12346,w,丙',
    )
    const list = await readList(bytes, 'x')
    expect(list).toMatchObject({ headerRow: 2, rowCount: 2, title: '登记表' })
    expect(list.columns[0]).toEqual({
      index: 0,
      letter: 'A',
      header: '车牌 号',
      field: 'plate',
      samples: ['闽H12345', '闽H12346'],
    })
    expect(list.rows.map((r) => [r.row, r.cells.operator])).toEqual([
      [3, '甲"乙",\n公司'],
      [5, '丙'],
    ])
  })

  it('cuts a text without quotes exactly as the parser does', async () => {
    for (const text of [
      'a,b\nc,d\n',
      'a,b\r\n\r\nc,d',
      'a;b\n,,\n',
      '\n\na',
      'a,b\n',
      ' a , b\nc',
      '一,二\r\n三,四\r\n',
    ]) {
      const cut = await all(records(pieces(text), ','))
      expect(cut, JSON.stringify(text)).toEqual(
        parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] }),
      )
    }
  })

  it('takes rows shorter and longer than the header', async () => {
    const list = await readList(csv(HEADER, '闽H12345', `${ROW},多,余`))
    expect(list.rows[0]).toEqual({ row: 2, cells: { plate: '闽H12345' }, hidden: false })
    expect(list.raw[2]?.cells).toHaveLength(6)
  })

  it('keeps a plate with NUL in it readable', async () => {
    const rows = await rowsOf(Buffer.concat([csv(HEADER, ROW, ''), Buffer.from('闽H\u000012346,,,')]))
    const cells = rows[1]?.cells ?? {}
    expect(readRow(cells, { today: TODAY }).values.plate).toBe('闽H12346')
  })

  it('leaves out blank rows, numbered empty rows, repeated headers, totals and what stands below', async () => {
    const header = `序号,${HEADER},使用性质`
    const lines = [
      header,
      `1,${ROW},营运`,
      ',,,,,',
      `小计,,,,,1`,
      header,
      `2,${ROW},营运`,
      '3,,,,,营运',
      '4,/,/,,—,',
      '合计:2辆,,,,,',
    ]
    const bytes = csv(...lines, ',,,,,', '填表人:张三,,审核人:李四,,,', '"备注:1.请如实填写,\n不得漏报",,,,,')
    const list = await readList(bytes, 'x')
    expect(list.rows.map((r) => r.row)).toEqual([2, 6])
    expect(list.rowCount).toBe(2)
  })

  it('keeps a faulty row that only looks like a remark when data follow, and any row with a vehicle', async () => {
    const bytes = csv(`公司,${HEADER}`, `备注,,,公交车,2024-05-11`, `合计运输公司,${ROW}`)
    expect((await rowsOf(bytes)).map((r) => r.row)).toEqual([2, 3])
  })

  it('reads every row of a list of 100,000', async () => {
    const line = (i: number) => `闽H${10000 + (i % 89999)},LZYTAGB60P${1_000_000 + i},公交车,2024/5/11`
    const bytes = csv(HEADER, ...Array.from({ length: 100_000 }, (_, i) => line(i)))
    let n = 0
    for (const row of await rowsOf(bytes)) if (readRow(row.cells, { today: TODAY }).values.plate) n++
    expect(n).toBe(100_000)
  })
})

describe('problems of texts', () => {
  it.each<[string, Uint8Array, string, Record<string, string>]>([
    ['no bytes', Buffer.alloc(0), 'import.empty', {}],
    ['blank text', csv('', ' ', ',,'), 'import.empty', {}],
    ['only a mark', Buffer.from('\ufeff'), 'import.empty', {}],
    ['a header only', csv('台账', HEADER, ',,,'), 'import.empty', { headerRow: '2' }],
    ['no known header', csv('a,b,c', '1,2,3'), 'import.no-header', {}],
    ['two known headers', csv('车牌号,车架号,x', '闽H12345,v,1'), 'import.no-header', {}],
    [
      'no plate and no VIN',
      csv('公司,县区,日期,原车牌号', '甲,延平,2024-05-11,闽H12345'),
      'import.no-header',
      {},
    ],
    [
      'HTML without a table',
      csv('<!DOCTYPE html><html><p>车牌号</p></html>'),
      'import.not-a-list',
      { found: 'html' },
    ],
    ['a table without a header', csv('<table><tr><td>车牌号,车架号,公司'), 'import.no-header', {}],
    ['XML', csv('<?xml version="1.0"?><Workbook/>'), 'import.not-a-list', { found: 'xml' }],
    ['JSON', csv('{"车牌号": 1}'), 'import.not-a-list', { found: 'json' }],
    ['PDF', csv('%PDF-1.7', HEADER, ROW), 'import.not-a-list', { found: 'pdf' }],
    [
      'PNG',
      Buffer.from('89504e470d0a1a0a0000000d494844520000', 'hex'),
      'import.not-a-list',
      { found: 'image' },
    ],
    [
      'noise',
      Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 256)),
      'import.not-a-list',
      { found: 'binary' },
    ],
    [
      'bytes in no encoding',
      Buffer.concat([csv(HEADER, ROW), Buffer.from([0xff, 0xff, 0x80, 0x2c])]),
      'import.encoding',
      {},
    ],
  ])('%s', async (_, bytes, code, params) => {
    expect(await problemOf(readList(bytes, 'list.xlsx'))).toMatchObject({ code, params })
  })

  it('a quote that is never closed', async () => {
    expect((await problemOf(readList(csv(HEADER, ROW, '"闽H12346,x,y,z')))).code).toBe('import.corrupt')
  })

  it('too many rows, and as many as are let in', async () => {
    const bytes = csv(HEADER, ROW, ROW, ROW)
    expect(await problemOf(readList(bytes, 'x', { maxRows: 2 }))).toMatchObject({
      code: 'import.too-many-rows',
      params: { max: '2' },
    })
    expect((await readList(bytes, 'x', { maxRows: 3 })).rowCount).toBe(3)
  })

  it('a header below the 30th row is not found', async () => {
    const above = Array.from({ length: 30 }, () => '说明')
    expect((await problemOf(readList(csv(...above, HEADER, ROW)))).code).toBe('import.no-header')
    expect((await readList(csv(...above.slice(1), HEADER, ROW))).headerRow).toBe(30)
  })
})

describe('encodings', () => {
  it('are found whatever character the pieces of the file are cut in', async () => {
    const lines = Array.from({ length: 20_000 }, () => `${ROW}${'很长的备注'.repeat(4)}`)
    for (const encoding of ['utf8', 'gb18030']) {
      const bytes = iconv.encode([HEADER, ...lines].join('\n'), encoding)
      for (const shift of [0, 1, 2]) {
        const list = await readList(Buffer.concat([Buffer.from('x'.repeat(shift)), bytes]))
        expect(list).toMatchObject({ rowCount: 20_000, encoding: encoding === 'utf8' ? 'UTF-8' : 'GB18030' })
        expect(list.rows.at(-1)?.cells.on).toBe(`2024-05-11${'很长的备注'.repeat(4)}`)
      }
    }
  })
})
