import { type CellObject, CFB, utils, write } from '@e965/xlsx'
import { HEADER, line, lineWith, type NastyList, plate, values, vin } from './vehicles.ts'
import { type CellSpec, escapeXml, sheetBook } from './workbook.ts'

/** Cells as people and programs make them. */

const formula = (text: string): CellSpec => ({
  attributes: 't="str"',
  inner: `<f>A1&amp;B1</f><v>${escapeXml(text)}</v>`,
})
const styled = (style: number, value: number): CellSpec => ({
  attributes: `s="${style}"`,
  inner: `<v>${value}</v>`,
})
const error = (text: string): CellSpec => ({ attributes: 't="e"', inner: `<v>${text}</v>` })
const shared = (index: number): CellSpec => ({ attributes: 't="s"', inner: `<v>${index}</v>` })

/** An .xls with a record behind its sheet's dimensions. */
function withRecord(bytes: Buffer, type: number, content: Buffer): Buffer {
  const container = CFB.read(bytes, { type: 'buffer' })
  const stream = Buffer.from(CFB.find(container, 'Workbook')?.content ?? [])
  let at = 0
  while (stream.readUInt16LE(at) !== 0x0200) at += 4 + stream.readUInt16LE(at + 2)
  at += 4 + stream.readUInt16LE(at + 2)
  const record = Buffer.alloc(4)
  record.writeUInt16LE(type, 0)
  record.writeUInt16LE(content.length, 2)
  const again = CFB.utils.cfb_new()
  const changed = Buffer.concat([stream.subarray(0, at), record, content, stream.subarray(at)])
  CFB.utils.cfb_add(again, '/Workbook', changed)
  return Buffer.from(CFB.write(again, { type: 'buffer' }) as Uint8Array)
}

/** What says that the third row is hidden. */
function hiddenRow(): Buffer {
  const content = Buffer.alloc(16)
  content.writeUInt16LE(2, 0)
  content.writeUInt32LE(0x0120, 12)
  return content
}

function xlsOf(rows: readonly (readonly string[])[]): Buffer {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(rows.map((r) => [...r])), '表')
  return write(book, { type: 'buffer', bookType: 'biff8' })
}

export const CELLS: readonly NastyList[] = [
  {
    name: 'formulas with and without stored values',
    filename: 'formulas.xlsx',
    bytes: () =>
      sheetBook(
        {
          rows: [
            HEADER,
            lineWith<CellSpec>(1, {
              1: formula(plate(1)),
              9: { attributes: 's="1"', inner: '<f>TODAY()</f><v>45444</v>' },
            }),
            lineWith<CellSpec>(2, { 6: { inner: '<f>VLOOKUP(A1,B:C,2)</f>' } }),
            // filled down for rows that nobody has used yet
            ['3', null, null, null, null, null, formula(''), { inner: '<f>D5</f>' }],
            ['4', { inner: '<f>A1&amp;B1</f>' }, null, null, null, null, '南平公交'],
          ],
        },
        { formats: ['yyyy-mm-dd'] },
      ),
    expect: {
      rows: [
        [2, values(1)],
        [3, { ...values(2), operator: undefined } as never],
        [5, { operator: '南平公交' }],
      ],
      notes: [
        ['note.formulas', 2, [2]],
        ['note.formula-empty', 2, [3, 5]],
      ],
    },
  },
  {
    name: 'numbers kept as text, and texts kept as numbers',
    filename: 'numbers.xlsx',
    bytes: () =>
      sheetBook(
        {
          rows: [
            [...HEADER, '更换电池块数', '报废证明编号'],
            [...lineWith<CellSpec>(1, { 0: 1, 5: '45423', 7: 350702, 9: 20240601 }), '3', 20240001],
            [...lineWith<CellSpec>(2, { 9: '20240601' }), 4, styled(1, 123)],
          ],
        },
        { formats: ['00000000'] },
      ),
    expect: {
      rows: [
        [2, values(1, { packs: 3, certificate: '20240001' })],
        [3, values(2, { packs: 4, certificate: '00000123' })],
      ],
    },
  },
  {
    name: 'dates: serial numbers, with Chinese formats, as text, in ISO, of nothing but a time',
    filename: 'dates.xlsx',
    bytes: () =>
      sheetBook(
        {
          rows: [
            HEADER,
            lineWith<CellSpec>(1, { 5: 45423, 9: styled(1, 45444) }),
            lineWith<CellSpec>(2, { 5: styled(2, 45423), 9: styled(3, 45444.75) }),
            lineWith<CellSpec>(3, { 5: '2024年5月11日', 9: '2024.6.1' }),
            lineWith<CellSpec>(4, {
              5: { attributes: 't="d"', inner: '<v>2024-05-11T00:00:00</v>' },
              9: '2024/6/1 08:30',
            }),
            lineWith<CellSpec>(5, { 5: styled(4, 0.5) }),
          ],
        },
        { formats: [14, 31, 'yyyy"年"m"月"d"日" h:mm', 20] },
      ),
    expect: {
      rows: [
        ...([1, 2, 3, 4] as const).map((i) => [i + 1, values(i)] as const),
        [6, { ...values(5), registeredOn: undefined } as never, ['date.invalid']],
      ],
    },
  },
  {
    name: 'the date system of 1904',
    filename: '1904.xlsx',
    bytes: () =>
      sheetBook(
        { rows: [HEADER, lineWith<CellSpec>(1, { 5: 43961, 9: styled(1, 43982) })] },
        { formats: [14], workbookPr: 'date1904="1"' },
      ),
    expect: { rows: [[2, values(1)]] },
  },
  {
    name: 'full-width characters',
    filename: 'full-width.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          HEADER.map((h) => h.replace('(', '（').replace(')', '）')),
          lineWith(1, {
            1: '闽ＨＤ·１０００１',
            2: vin(1).replace(/[0-9A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
            5: '２０２４－０５－１１',
          }),
        ],
      }),
    expect: { rows: [[2, values(1)]] },
  },
  {
    name: 'codes that the spreadsheet has damaged',
    filename: 'damaged-codes.xlsx',
    bytes: () =>
      sheetBook({ rows: [HEADER, lineWith<CellSpec>(1, { 2: 1.2e16 }), lineWith(2, { 2: '1.23457E+16' })] }),
    expect: {
      rows: [
        [2, { ...values(1), vin: undefined } as never, ['vin.invalid']],
        [3, { ...values(2), vin: undefined } as never, ['vin.invalid']],
      ],
    },
  },
  {
    name: 'cells with errors',
    filename: 'errors.xlsx',
    bytes: () =>
      sheetBook({ rows: [HEADER, lineWith<CellSpec>(1, { 6: error('#N/A'), 7: error('#REF!') })] }),
    expect: {
      rows: [[2, { ...values(1), operator: '#N/A', county: undefined } as never, ['county.unknown']]],
      notes: [['note.cell-errors', 2, [2]]],
    },
  },
  {
    name: 'apostrophes, trailing spaces, zero-width and no-break spaces, NULs',
    filename: 'invisible.csv',
    bytes: () =>
      Buffer.from(
        [
          HEADER,
          lineWith(1, {
            1: `'${plate(1)} `,
            2: ` ${vin(1)}\u200b`,
            3: '\u00a0城市公交\u00a0',
            4: '纯\u200b电动',
            6: '南平公交\u0000',
            7: '延 平 区',
          }),
          lineWith(2, { 1: `="${plate(2)}"` }),
        ]
          .map((r) => r.join(','))
          .join('\n'),
      ),
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
      ],
    },
  },
  {
    name: 'marks that clear a field',
    filename: 'clear.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          [...HEADER, '排放标准', '备注'],
          [...line(1), '清空', '【清空】'],
          [...line(2), '<clear>', '无'],
          [...line(3), '-', '清空了'],
        ],
      }),
    expect: {
      rows: [
        [2, values(1, { clears: ['emission', 'note'] })],
        [3, values(2, { clears: ['emission'] })],
        [4, values(3, { note: '清空了' })],
      ],
    },
  },
  {
    name: 'shared texts: rich, with phonetic runs, escaped control characters',
    filename: 'rich.xlsx',
    bytes: () =>
      sheetBook(
        { rows: [HEADER, lineWith<CellSpec>(1, { 1: shared(0), 3: shared(1), 6: shared(2) })] },
        {
          sharedStrings: `<sst><si><r><t>闽HD</t></r><r><rPr><b/></rPr><t>10001</t></r></si><si><t>城市公交</t><rPh sb="0" eb="2"><t>チェンシー</t></rPh></si><si><t xml:space="preserve">南平公交_x000D_ </t></si></sst>`,
        },
      ),
    expect: { rows: [[2, values(1)]] },
  },
  {
    name: 'cells without references or out of order, elements with a prefix',
    filename: 'references.xlsx',
    bytes: () => {
      const t = (text: string) => `t="inlineStr"><x:is><x:t>${text}</x:t></x:is></x:c>`
      const cells = line(2).map((text, c) => `<x:c r="${String.fromCharCode(65 + c)}3" ${t(text)}`)
      const rows = [
        `<x:row>${HEADER.map((h) => `<x:c ${t(h)}`).join('')}</x:row>`,
        `<x:row>${line(1)
          .map((h) => `<x:c ${t(h)}`)
          .join('')}</x:row>`,
        `<x:row r="3">${cells.reverse().join('')}</x:row>`,
      ]
      return sheetBook({
        xml: `<x:worksheet xmlns:x="a"><x:sheetData>${rows.join('')}</x:sheetData></x:worksheet>`,
      })
    },
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
      ],
    },
  },
  {
    name: 'formula text in cells stays text',
    filename: 'formula-text.csv',
    bytes: () =>
      Buffer.from(
        [
          [...HEADER, '备注'],
          [...line(1), "=cmd|' /C calc'!A0"],
        ]
          .map((r) => r.join(','))
          .join('\n'),
      ),
    expect: { rows: [[2, values(1, { note: "=cmd|' /C calc'!A0" })]] },
  },
  {
    name: 'a macro workbook',
    filename: 'macros.xlsm',
    bytes: () =>
      sheetBook(
        { rows: [HEADER, line(1)] },
        { parts: [{ name: 'xl/vbaProject.bin', data: 'not to be read' }] },
      ),
    expect: { rows: [[2, values(1)]], notes: [['note.macros', 1]] },
  },
  {
    name: 'an .xls of Excel 97 with a hidden row, merged cells and dates',
    filename: 'old.xls',
    bytes: () => {
      const sheet = utils.aoa_to_sheet([HEADER, line(1), lineWith(2, { 6: null })])
      sheet['!merges'] = [utils.decode_range('G2:G3')]
      sheet.F2 = { t: 'n', v: 45423, z: 'yyyy/m/d' } satisfies CellObject
      const book = utils.book_new()
      utils.book_append_sheet(book, sheet, '表')
      return withRecord(write(book, { type: 'buffer', bookType: 'biff8' }), 0x0208, hiddenRow())
    },
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
      ],
      format: 'xls',
      notes: [
        ['note.merged-cells', 1, [3]],
        ['note.hidden-rows', 1, [3]],
      ],
    },
  },
  {
    name: 'an .xls with a formula that is cut short',
    filename: 'short-formula.xls',
    bytes: () => withRecord(xlsOf([HEADER, line(1)]), 0x0006, Buffer.from([1, 0, 12, 0, 0, 0])),
    expect: { rows: [[2, values(1)]], format: 'xls' },
  },
]
