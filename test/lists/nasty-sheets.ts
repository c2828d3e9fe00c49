import { HEADER, line, lineWith, type NastyList, plate, values, vin } from './vehicles.ts'
import { bookOf, sheetBook } from './workbook.ts'

/** Workbooks as people make them: sheets, headers, merged cells, what stands around the data. */

const LAST = 'J'

export const SHEETS: readonly NastyList[] = [
  {
    name: 'several sheets, of which one is instructions',
    filename: 'sheets.xlsx',
    bytes: () =>
      bookOf({
        sheets: [
          { name: '填表说明', rows: [['请如实填写']] },
          { name: '公交', rows: [HEADER, line(1)] },
          { name: '出租', rows: [['台账'], HEADER, line(2)] },
          { name: '空表' },
        ],
      }),
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
      ],
      notes: [['note.no-header-sheet', 1]],
      title: null,
      counts: { total: 2 },
    },
  },
  {
    name: 'a hidden sheet',
    filename: 'hidden-sheet.xlsx',
    bytes: () =>
      bookOf({
        sheets: [
          { name: '旧', state: 'hidden', rows: [HEADER, line(9)] },
          { name: '新', rows: [HEADER, line(1)] },
          { name: '藏', state: 'veryHidden', rows: [['下拉选项'], ['公交']] },
        ],
      }),
    expect: {
      rows: [[2, values(1)]],
      notes: [
        ['note.hidden-sheet', 1],
        ['note.no-header-sheet', 1],
      ],
    },
  },
  {
    name: 'hidden and filtered rows',
    filename: 'hidden-rows.xlsx',
    bytes: () =>
      sheetBook({
        rows: [HEADER, line(1), line(2), line(3)],
        rowAttributes: { 3: 'hidden="1"', 4: 'hidden="true"' },
      }),
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
        [4, values(3)],
      ],
      notes: [['note.hidden-rows', 2, [3, 4]]],
    },
  },
  {
    name: 'hidden columns',
    filename: 'hidden-columns.xlsx',
    bytes: () =>
      sheetBook({
        rows: [HEADER, line(1)],
        before:
          '<cols><col min="1" max="1" width="5" hidden="1"/><col min="3" max="4" width="0" hidden="1"/></cols>',
      }),
    expect: { rows: [[2, values(1)]], notes: [['note.hidden-columns', 2]] },
  },
  {
    name: 'a merged title and a line of the reporting unit',
    filename: 'title.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          ['附件2'],
          ['南平市公交车辆变动登记表'],
          ['填报单位:南平公交', null, null, '日期:2024年6月'],
          HEADER,
          line(1),
        ],
        merges: [`A2:${LAST}2`, 'A3:C3'],
      }),
    expect: { rows: [[5, values(1)]], title: '南平市公交车辆变动登记表', notes: [] },
  },
  {
    name: 'a header of two rows: groups, and cells merged over both',
    filename: 'two-lines.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          ['车辆更新登记表'],
          ['序号', '旧车', null, '新车', null, null, null, '变动情况', null, '所属企业', '县区', '注册日期'],
          [null, '车牌号', '车架号', '车牌号', '车架号', '类别', '能源类型', '类型', '日期'],
          [
            '1',
            '闽H12345',
            'x',
            plate(1),
            vin(1),
            '公交车',
            '纯电动',
            '更新',
            '2024-06-01',
            '南平公交',
            '延平',
            '2024-05-11',
          ],
        ],
        merges: ['A1:L1', 'A2:A3', 'B2:C2', 'D2:G2', 'H2:I2', 'J2:J3', 'K2:K3', 'L2:L3'],
      }),
    expect: {
      rows: [[4, values(1, { kind: 'replaced', replaces: ['闽H12345'] })]],
      columns:
        'A序号 B车牌号=replaces C车架号 D车牌号=plate E车架号=vin F类别=category G能源类型=energy H类型=kind I日期=on J所属企业=operator K县区=county L注册日期=registeredOn',
      notes: [['note.duplicate-header', 1]],
    },
  },
  {
    name: 'a header in row 12',
    filename: 'row-12.xlsx',
    bytes: () =>
      sheetBook({
        rows: [...Array.from({ length: 11 }, (_, i) => [`第${i + 1}条填表要求`]), HEADER, line(1)],
      }),
    expect: { rows: [[13, values(1)]] },
  },
  {
    name: 'title and header printed again at every page',
    filename: 'pages.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          ['公交车台账'],
          HEADER,
          line(1),
          ['公交车台账'],
          HEADER,
          line(2),
          HEADER.map((h) => ` ${h} `),
          line(3),
        ],
        merges: [`A1:${LAST}1`, `A4:${LAST}4`],
      }),
    expect: {
      rows: [
        [3, values(1)],
        [6, values(2)],
        [8, values(3)],
      ],
      notes: [['note.header-again', 3, [4, 5, 7]]],
    },
  },
  {
    name: 'totals within and below, signatures at every page end',
    filename: 'footers.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          HEADER,
          line(1),
          ['小计', null, '1'],
          ['填表人:张三', null, null, '审核人:李四'],
          line(2),
          ['延平区合计', null, null, null, null, null, null, null, null, '2'],
          ['总计:2辆'],
          [],
          [
            '填表人:张三',
            null,
            '审核人:李四',
            null,
            '联系电话:0599-8800000',
            '日期:2024年6月1日',
            null,
            '盖章:',
          ],
          ['备注:1.请如实填写'],
          ['(盖章)：'],
          ['说明', '2024年数据', '以行驶证为准', '公交', '全部'],
        ],
      }),
    expect: {
      rows: [
        [2, values(1)],
        [5, values(2)],
      ],
      notes: [
        ['note.total', 3, [3, 6, 7]],
        ['note.footer', 5, [4, 9, 10, 11, 12]],
      ],
    },
  },
  {
    name: 'a company named as a total or a remark, with a vehicle',
    filename: 'not-footers.csv',
    bytes: () =>
      Buffer.from(
        [
          ['所属企业', '车牌号', '变动类型'],
          ['合计运输公司', plate(1), '新增'],
          ['备注', plate(2), '新增'],
          ['审核通过', '闽H1', '新增', ''],
          ['末行', plate(3), '新增'],
        ]
          .map((r) => r.join(','))
          .join('\n'),
      ),
    expect: {
      rows: [
        [2, { operator: '合计运输公司', plate: plate(1), kind: 'added' }],
        [3, { operator: '备注', plate: plate(2), kind: 'added' }],
        [4, { operator: '审核通过', kind: 'added' }, ['plate.invalid']],
        [5, { operator: '末行', plate: plate(3), kind: 'added' }],
      ],
      notes: [],
    },
  },
  {
    name: 'empty rows and rows that are only numbered',
    filename: 'empty-rows.xlsx',
    bytes: () =>
      sheetBook({
        rows: [HEADER, [], line(1), ['2'], ['3', '/', '-', '无'], [], lineWith(4, { 0: 4 }), ['5'], ['6']],
      }),
    expect: {
      rows: [
        [3, values(1)],
        [7, values(4)],
      ],
      notes: [],
    },
  },
  {
    name: 'a company merged over its vehicles',
    filename: 'merged-down.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          HEADER,
          line(1),
          lineWith(2, { 6: null }),
          ['3'],
          lineWith(4, { 6: null }),
          lineWith(5, { 6: '建阳公交', 7: '建阳区' }),
          lineWith(6, { 6: null, 7: null }),
        ],
        merges: ['G2:G5', 'G6:G7', 'H6:H7'],
      }),
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
        [5, values(4)],
        [6, values(5, { operator: '建阳公交', county: '350703' })],
        [7, values(6, { operator: '建阳公交', county: '350703' })],
      ],
      notes: [['note.merged-cells', 3, [3, 5, 7]]],
    },
  },
  {
    name: 'example rows of a template left in',
    filename: 'template.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          HEADER,
          lineWith(8, { 0: '示例' }),
          lineWith(9, { 0: '示例2:新购车辆' }),
          lineWith(1, { 0: '1' }),
        ],
      }),
    expect: { rows: [[4, values(1)]], notes: [['note.example', 2, [2, 3]]] },
  },
  {
    name: 'two columns for one field, and columns that mean nothing',
    filename: 'columns.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          [...HEADER, '号牌号码', '座位数', '日期'],
          [...line(1), '闽H99999', '48', '2020-01-01'],
        ],
      }),
    expect: {
      rows: [[2, values(1)]],
      columns:
        'A序号 B车牌号=plate C车架号=vin D车辆类别=category E能源类型=energy F注册日期=registeredOn G所属企业=operator H县(市、区)=county I变动类型=kind J变动日期=on K号牌号码 L座位数 M日期',
      notes: [['note.duplicate-header', 2]],
    },
  },
]
