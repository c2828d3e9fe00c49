import { HEADER, line, lineWith, type NastyList, plate, values } from './vehicles.ts'
import { sheetBook } from './workbook.ts'

/** Plates in more than one column, and their colours. */

export const PLATES: readonly NastyList[] = [
  {
    name: 'plates with their colour in a column beside them',
    filename: 'colours.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          [...HEADER.slice(0, 2), '颜色', ...HEADER.slice(2)],
          [...line(1).slice(0, 2), '渐变绿', ...line(1).slice(2)],
          [...line(2).slice(0, 2), '黄', ...line(2).slice(2)],
        ],
      }),
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2), ['plate.energy-mismatch']],
      ],
    },
  },
  {
    name: 'colours and kinds that contradict the energy, said once',
    filename: 'kinds.csv',
    bytes: () =>
      Buffer.from(
        `车牌号,号牌种类,能源类型,所属企业\n闽H12345,小型新能源汽车,柴油,甲\n${plate(1)},大型汽车,纯电动,甲\n${plate(2)},小型新能源汽车,柴油,甲\n闽H12346,小型汽车,柴油,甲\n`,
      ),
    expect: {
      rows: [
        [2, { plate: '闽H12345', energy: 'diesel', operator: '甲' }, ['plate.energy-mismatch']],
        [3, { plate: plate(1), energy: 'BEV', operator: '甲' }, ['plate.energy-mismatch']],
        [4, { plate: plate(2), energy: 'diesel', operator: '甲' }, ['plate.energy-mismatch']],
        [5, { plate: '闽H12346', energy: 'diesel', operator: '甲' }],
      ],
    },
  },
  {
    name: 'plates in two columns',
    filename: 'two-columns.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          ['省份简称', '号牌', ...HEADER.slice(2)],
          ['闽H', '12345', ...line(1).slice(2)],
          ['闽', 'HD10002', ...line(2).slice(2)],
          ['闽H', 12346, ...line(3).slice(2)],
          ['闽H', plate(4), ...line(4).slice(2)],
        ],
      }),
    expect: {
      rows: [
        [2, values(1, { plate: '闽H12345' })],
        [3, values(2)],
        [4, values(3, { plate: '闽H12346' })],
        [5, values(4)],
      ],
      notes: [['note.plate-joined', 3, [2, 3, 4]]],
    },
  },
  {
    name: 'colours written in the plate cell',
    filename: 'colour-in-plate.xlsx',
    bytes: () =>
      sheetBook({
        rows: [
          HEADER,
          lineWith(1, { 1: `${plate(1)}(绿)` }),
          lineWith(2, { 1: `${plate(2)}_渐变绿` }),
          lineWith(3, { 1: `绿${plate(3)}` }),
          lineWith(4, { 1: '黑A12345（蓝牌）' }),
        ],
      }),
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
        [4, values(3)],
        [5, values(4, { plate: '黑A12345' })],
      ],
    },
  },
]
