import iconv from 'iconv-lite'
import { csv, HEADER, line, lineWith, type NastyList, plate, values, vin } from './vehicles.ts'
import { sheetBook } from './workbook.ts'

/** Separated text in every dress, and tables of other kinds under the name .xls. */

const text = csv([HEADER, line(1), line(2)])
const both = [
  [2, values(1)],
  [3, values(2)],
] as const

const inEncoding = (name: string, filename: string, encoding: string, bytes: () => Buffer): NastyList => ({
  name,
  filename,
  bytes,
  expect: { rows: both, encoding, notes: [], counts: { total: 2 } },
})

const htmlRow = (cells: readonly string[], tag = 'td'): string =>
  `<tr>${cells.map((c) => `<${tag}>${c}</${tag}>`).join('')}</tr>`

export const TEXTS: readonly NastyList[] = [
  inEncoding('UTF-8', 'utf8.csv', 'UTF-8', () => Buffer.from(text)),
  inEncoding('UTF-8 with a mark', 'utf8-mark.csv', 'UTF-8', () => Buffer.from(`\ufeff${text}`)),
  inEncoding('GB18030', 'gb18030.csv', 'GB18030', () => iconv.encode(text, 'gb18030')),
  inEncoding('UTF-16 with a mark', 'utf16.csv', 'UTF-16LE', () =>
    iconv.encode(text, 'utf-16le', { addBOM: true }),
  ),
  inEncoding('UTF-16, big end first', 'utf16be.csv', 'UTF-16BE', () =>
    iconv.encode(text, 'utf-16be', { addBOM: true }),
  ),
  inEncoding('UTF-16 without a mark', 'utf16-bare.csv', 'UTF-16LE', () => iconv.encode(text, 'utf-16le')),
  inEncoding('UTF-16, big end first, without a mark', 'utf16be-bare.csv', 'UTF-16BE', () =>
    iconv.encode(text, 'utf-16be'),
  ),
  ...(
    [
      [';', 'semicolon'],
      ['\t', 'tab'],
      ['|', 'bar'],
    ] as const
  ).map(
    ([separator, name]): NastyList => ({
      name: `separated by ${name}s`,
      filename: `${name}.txt`,
      bytes: () =>
        Buffer.from(
          csv([['车辆台账', '', '', ''], HEADER, line(1), lineWith(2, { 6: '南平公交' })], separator),
        ),
      expect: {
        rows: [
          [3, values(1)],
          [4, values(2)],
        ],
        format: separator === '\t' ? 'tsv' : 'csv',
        title: '车辆台账',
      },
    }),
  ),
  {
    name: 'quoted fields with separators and line breaks',
    filename: 'quoted.csv',
    bytes: () =>
      Buffer.from(
        csv([
          [...HEADER.slice(0, 1), '"车牌\n号"', ...HEADER.slice(2), '备注'],
          [...line(1), '"一,\r\n二""三"""'],
          [],
          [...line(2), '5" 屏'],
        ]),
      ),
    expect: {
      rows: [
        [2, values(1, { note: '一,\r\n二"三"' })],
        [4, values(2, { note: '5" 屏' })],
      ],
    },
  },
  {
    name: 'a first line that names the separator',
    filename: 'sep.csv',
    bytes: () => Buffer.from(`\ufeffsep=;\r\n${csv([HEADER, line(1)], ';')}`),
    expect: { rows: [[2, values(1)]] },
  },
  {
    name: 'lines ended by carriage returns only',
    filename: 'mac.csv',
    bytes: () => Buffer.from(text.replaceAll('\r\n', '\r')),
    expect: { rows: both },
  },
  {
    name: 'rows shorter and longer than the header',
    filename: 'ragged.csv',
    bytes: () => Buffer.from(csv([HEADER, line(1).slice(0, 7), [...line(2), '', '多余']])),
    expect: {
      rows: [
        [
          2,
          {
            plate: plate(1),
            vin: vin(1),
            category: 'bus',
            energy: 'BEV',
            registeredOn: '2024-05-11',
            operator: '南平公交',
          },
        ],
        [3, values(2)],
      ],
    },
  },
  {
    name: 'tab-separated text in GB18030 under the name .xls',
    filename: 'export.xls',
    bytes: () => iconv.encode(csv([HEADER, line(1), line(2)], '\t'), 'gb18030'),
    expect: { rows: both, format: 'tsv', encoding: 'GB18030', notes: [['note.wrong-extension', 1]] },
  },
  {
    name: 'an HTML table under the name .xls',
    filename: 'export-html.xls',
    bytes: () =>
      iconv.encode(
        `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"><style>td{mso-number-format:"\\@"}</style></head>
        <body><table border=1><caption>车辆变动表</caption>
        <tr><th rowspan=2>序号</th><th colspan="2">车辆</th><th rowspan=2>类别</th><th rowspan=2>能源类型</th><th rowspan=2>注册日期</th><th rowspan=2>所属企业</th><th rowspan=2>县区</th><th rowspan=2>变动类型</th><th rowspan=2>变动日期</th></tr>
        <tr><th>车牌号<th>车架号</tr>
        ${htmlRow(line(1))
          .replace('<td>南平公交', '<td rowspan=3>南平<b>公交</b>')
          .replace(plate(1), `&nbsp;${plate(1)}&nbsp;`)}
        ${htmlRow(line(2).filter((_, c) => c !== 6))}
        <tr style="display:none">${htmlRow(line(3).filter((_, c) => c !== 6)).slice(4)}
        <tr><td colspan=10>合计 3 辆</table></body></html>`,
        'gb18030',
      ),
    expect: {
      rows: [
        [4, values(1)],
        [5, values(2)],
        [6, values(3)],
      ],
      format: 'html',
      encoding: 'GB18030',
      title: '车辆变动表',
      notes: [
        ['note.wrong-extension', 1],
        ['note.merged-cells', 2, [5, 6]],
        ['note.hidden-rows', 1, [6]],
        ['note.total', 1, [7]],
      ],
    },
  },
  {
    name: 'an HTML page with a table in a table, and scripts',
    filename: 'page.html',
    bytes: () =>
      Buffer.from(
        `<!DOCTYPE html><title>x</title><script>document.write("<table><tr><td>闽H1</td></tr></table>")</script><table><tr><td>导出<table>${htmlRow(HEADER, 'th')}${htmlRow(line(1))}</table></td></tr></table>`,
      ),
    expect: { rows: [[2, values(1)]], format: 'html', notes: [] },
  },
  {
    name: 'a workbook in the XML of 2003 under the name .xls',
    filename: 'xml.xls',
    bytes: () => {
      const cell = (t: string, more = '') => `<Cell${more}><Data ss:Type="String">${t}</Data></Cell>`
      const cells = line(1).map((t, c) =>
        c === 5
          ? '<Cell><Data ss:Type="DateTime">2024-05-11T00:00:00.000</Data></Cell>'
          : cell(t, c === 6 ? ' ss:MergeDown="1"' : ''),
      )
      const next = line(2).map((t, c) => (c === 6 ? '' : cell(t, c === 7 ? ' ss:Index="8"' : '')))
      return Buffer.from(
        `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
        <Worksheet ss:Name="数据"><Table><Column ss:Index="3" ss:Hidden="1"/><Row ss:Index="2">${HEADER.map((h) => cell(h)).join('')}</Row>
        <Row>${cells.join('')}</Row><Row ss:Hidden="1">${next.join('')}</Row></Table></Worksheet>
        <Worksheet ss:Name="旧"><Table><Row>${HEADER.map((h) => cell(h)).join('')}</Row></Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>`,
      )
    },
    expect: {
      rows: [
        [3, values(1)],
        [4, values(2)],
      ],
      format: 'xls',
      encoding: 'UTF-8',
      notes: [
        ['note.hidden-columns', 1],
        ['note.hidden-sheet', 1],
        ['note.merged-cells', 1, [4]],
        ['note.hidden-rows', 1, [4]],
      ],
    },
  },
  {
    name: 'an .xlsx under the name .xls',
    filename: 'really-xlsx.xls',
    bytes: () => sheetBook({ rows: [HEADER, line(1)] }),
    expect: { rows: [[2, values(1)]], format: 'xlsx', notes: [['note.wrong-extension', 1]] },
  },
]
