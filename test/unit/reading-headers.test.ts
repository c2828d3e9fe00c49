import { describe, expect, it } from 'vitest'
import type { CellField } from '../../server/domain/row.ts'
import { fieldOfHeader } from '../../server/domain/words.ts'
import { columnLetter, findHead, type HeadGrid, type Merge } from '../../server/imports/reading/head.ts'
import { readList } from '../lists/read.ts'

const WORDINGS: Record<CellField, string> = {
  plateColour: '号牌颜色|车牌颜色|号牌种类|号牌类型|车牌 颜色|新车号牌颜色|车牌颜色（蓝/黄/绿）',
  plate: `车牌号|号牌号码|车牌|车牌号码|新车牌号|更新后车牌号|新车车牌号|机动车号牌号码|*车牌号|车牌号*|车牌号(必填)|车 牌 号|车牌\n号码|＊车牌号|
    1.车牌号|（1）车牌号|【车牌号】|车牌号:|Plate|更新车辆车牌号|车牌号（如闽H12345）`,
  vin: '车架号|VIN|vin码|车辆识别代号|车辆识别代号(VIN)|车辆识别代号（VIN）|车辆识别代码|VIN(车架号)|车架号/VIN|新车车架号|车架号(17位)',
  category: '车辆类别|车型类别|类型|车辆类型|类别|新车类型|category',
  energy: '新能源车辆类型|能源类型|燃料类型|燃料种类|动力类型|新车能源类型|能源类型（见填表说明）|energy',
  emission: '排放标准|排放阶段|排放',
  registeredOn:
    '注册日期|初次登记日期|注册登记日期|登记日期|注册日期(yyyy-mm-dd)|上牌日期|registeredOn|新车注册日期',
  operator: '所属企业|业户名称|公司|业户|经营者|单位名称|企业名称|原所属企业|统一社会信用代码|车辆所有人',
  county:
    '县(市、区)|县（市、区）|所属区域|行政区划|县区|所在县|县 (市、\n区)|行政区划代码|所属县(市、区)|区县',
  kind: '变动类型|业务类型|变动类别|变更类型',
  on: '变动日期|业务日期|日期|变动时间|淘汰日期|更新日期|电池更换日期',
  replaces: `被更新车牌号|原车牌号|旧车号牌|旧车牌号|原车号牌号码|被更新车辆车牌号|被替换车辆号牌号码|旧车车架号|被更新车辆|原车架号|更新前车牌号|车牌号(旧)|
    *被更新车牌号|老旧车辆车牌号|对应旧车车牌号`,
  reason: '淘汰方式|注销原因|淘汰原因|退出方式',
  certificate: '报废证明编号|回收证明编号|报废证明号|报废机动车回收证明编号|注销证明编号',
  packs: '更换电池块数|电池更换数量(块)|电池更换数量（块）|更换电池数量|更换动力电池块数|packs',
  toOperator: '转入企业|转入单位|新业户|新业户名称|受让方|变更后企业',
  toCounty: '转入县|转入县区|转入地|新所属区域|变更后县(市、区)',
  note: '备注|说明|备注说明',
}

describe('headers', () => {
  it.each(
    Object.entries(WORDINGS).flatMap(([field, texts]) => texts.split('|').map((t) => [t, field] as const)),
  )('%j is %s', (text, field) => expect(fieldOfHeader(text)).toBe(field))

  it.each(
    `序号|使用性质|营运性质|填报人|原车牌颜色|车身颜色|填报日期|填报单位|联系电话|品牌型号|发动机号|座位数|原能源类型|旧车燃料类型|旧车注册日期|
    被更新车辆能源类型|原车排放标准|车牌号是否保留|电池更换数量(组)|能源类型(旧)|新增类型|2024年|合计||公司电话|闽H12345|公交车|1`
      .split('|')
      .map((t) => t.trim()),
  )('%j means nothing', (text) => expect(fieldOfHeader(text)).toBeUndefined())

  it('never takes an old plate for the plate', () => {
    for (const old of [
      '被更新',
      '原',
      '旧',
      '旧车',
      '被替换',
      '老',
      '更新前',
      '被淘汰',
      '原车',
      '被更新车辆',
    ]) {
      for (const plate of ['车牌号', '号牌', '号牌号码', '车牌', '车牌号码', '车架号', 'VIN']) {
        for (const text of [
          old + plate,
          `${old} ${plate}`,
          `${old}(${plate})`,
          `*${old}${plate}`,
          `${plate}(${old})`,
        ]) {
          expect([undefined, 'replaces'], text).toContain(fieldOfHeader(text))
        }
      }
    }
  })

  it('is not troubled by hostile texts', () => {
    for (const text of ['('.repeat(50_000), '车牌号'.repeat(20_000), ' '.repeat(50_000), '*'.repeat(50_000)])
      expect([undefined, 'plate']).toContain(fieldOfHeader(text))
  })
})

const grid = (rows: string[][], merges: Merge[] | null = null): HeadGrid => ({
  length: rows.length,
  merges,
  texts: (row) => rows[row] ?? [],
})
const fieldsOf = (g: HeadGrid) => findHead(g)?.columns.map((c) => c.field)
const line = (text: string): string[] => text.split(',')

describe('finding the header', () => {
  it('takes the first row with the most known headers', () => {
    const rows = ['车牌号,车架号,说明', '车牌号,车架号,公司,县区', '车牌号,车架号,公司,县区'].map(line)
    expect(findHead(grid(rows))?.row).toBe(1)
  })

  it('gives a field to the first of two columns, and says it of the second', () => {
    expect(fieldsOf(grid([line('车牌号,车架号,公司,号牌号码,业户名称')]))).toEqual([
      'plate',
      'vin',
      'operator',
      null,
      null,
    ])
  })

  it('prefers a plain wording to a vague one, and the new vehicle to a plain one', () => {
    expect(fieldsOf(grid([line('日期,类型,车牌号,变动日期,车辆类别')]))).toEqual([
      null,
      null,
      'plate',
      'on',
      'category',
    ])
    expect(fieldsOf(grid([line('车牌号,公司,新车牌号,原车牌号')]))).toEqual([
      null,
      'operator',
      'plate',
      'replaces',
    ])
    expect(fieldsOf(grid([line('统一社会信用代码,企业名称,车牌号,县区')]))).toEqual([
      null,
      'operator',
      'plate',
      'county',
    ])
  })

  it('takes the plate of a retired vehicle for the plate only when there is no other', () => {
    expect(fieldsOf(grid([line('淘汰车辆车牌号,公司,淘汰方式')]))).toEqual(['plate', 'operator', 'reason'])
    expect(fieldsOf(grid([line('淘汰车辆车牌号,车牌号,公司')]))).toEqual(['replaces', 'plate', 'operator'])
  })

  const merge = (top: number, left: number, bottom: number, right: number): Merge => ({
    top,
    left,
    bottom,
    right,
  })

  it('reads a header of two rows with groups and cells merged over both', () => {
    const rows = [
      '登记表',
      '序号,被更新车辆,,,新车,,,变动情况,,所属企业',
      ',车牌号,车架号,能源类型,车牌号,车架号,能源类型,类型,日期,',
    ].map(line)
    const merges = [
      merge(0, 0, 0, 9),
      merge(1, 0, 2, 0),
      merge(1, 1, 1, 3),
      merge(1, 4, 1, 6),
      merge(1, 7, 1, 8),
      merge(1, 9, 2, 9),
    ]
    const expected = [null, 'replaces', null, null, 'plate', 'vin', 'energy', 'kind', 'on', 'operator']
    const head = findHead(grid(rows, merges))
    expect(head?.row).toBe(2)
    expect(head?.title).toBe('登记表')
    expect(head?.columns.map((c) => c.field)).toEqual(expected)
    expect(head?.columns[9]?.header).toBe('所属企业')
    // saved as csv the merging is gone, the rest is the same
    expect(fieldsOf(grid(rows))).toEqual(expected)
  })

  it('knows nothing of the old vehicle but its plate and VIN', () => {
    const rows = ['拟淘汰的旧车,,,更新后,,', '车牌号,能源类型,排放标准,车牌号,车架号,车辆类别'].map(line)
    expect(fieldsOf(grid(rows))).toEqual(['replaces', null, null, 'plate', 'vin', 'category'])
    expect(fieldsOf(grid(['旧车,,', '车牌号,车架号,公司'].map(line), [merge(0, 0, 0, 2)]))).toBeUndefined()
  })

  it('is not led astray by a title that speaks of old vehicles', () => {
    const rows = ['老旧车辆更新登记表,,,填报日期:2026年', '车牌号,车架号,公司,变动日期'].map(line)
    expect(fieldsOf(grid(rows))).toEqual(['plate', 'vin', 'operator', 'on'])
    expect(fieldsOf(grid(rows, [merge(0, 0, 0, 2)]))).toEqual(['plate', 'vin', 'operator', 'on'])
  })

  it('does not take a data row with gaps for the lower row of the header', () => {
    const rows = ['车牌号,车架号,公司,变动类型,备注', '闽H12345,,,,', '闽H12346,,,,说明'].map(line)
    expect(findHead(grid(rows))?.row).toBe(0)
  })

  it('finds the title past an appendix number and the reporting unit', () => {
    const rows = ['附件3', '填报单位:甲', '公交车台账', '车牌号,车架号,公司'].map(line)
    expect(findHead(grid(rows))).toMatchObject({ row: 3, title: '公交车台账' })
  })

  it('names columns as spreadsheets do', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
  })

  it('knows the columns of a list by their letters', async () => {
    const list = await readList(Buffer.from('序号,车牌号,,车架号,公司\n1,闽H12345,,x,甲'))
    expect(list.columns.map((c) => `${c.letter}${c.index}=${c.header}:${c.field}`)).toEqual([
      ...['A0=序号:null', 'B1=车牌号:plate', 'C2=:null', 'D3=车架号:vin', 'E4=公司:operator'],
    ])
  })
})
