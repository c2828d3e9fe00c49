import { describe, expect, it } from 'vitest'
import type { Field } from '../../server/domain/issue.ts'
import { readRow } from '../../server/domain/read-row.ts'
import type { Cell, RowCells } from '../../server/domain/row.ts'

const TODAY = '2026-11-02'
const read = (cells: RowCells) => readRow(cells, { today: TODAY })
const codes = (cells: RowCells) => read(cells).issues.map((i) => `${i.code}@${i.field}`)

/** The value read from one cell, or the issue codes. */
function one(field: Field, cell: Cell): unknown {
  const { values, issues } = read({ [field]: cell })
  if (issues.length > 0) {
    expect(values[field]).toBeUndefined()
    return issues.map((i) => i.code).join(' ')
  }
  return values[field]
}

/** `text text … → value` as a table of cases. */
const table = (lines: Record<string, string>): [string, string][] =>
  Object.entries(lines).flatMap(([value, texts]) => texts.split('|').map((t): [string, string] => [t, value]))

describe('categories', () => {
  it.each(
    table({
      bus: '城市公交|公交车|公交|公共汽车|城市公交车|bus|BUS| 公 交 车 |公交车(12米)|城市公共汽电车',
      'cruising-taxi': '巡游出租车|出租车(巡游)|出租车（巡游）|出租车|巡游出租汽车|出租汽车|cruising-taxi',
      'ride-hailing': '网约车|网络预约出租车|网络预约出租汽车|出租车(网约)|ride-hailing|Ride-Hailing',
      truck: '营运货车|货车|载货汽车|重型半挂牵引车|轻型厢式货车|中型自卸货车|重型仓栅式货车|truck',
      sanitation: '环卫车|环卫|环卫作业车|洒水车|sanitation',
      vessel: '内河船舶|船舶|vessel',
      'category.unknown': '飞机|客车|大型普通客车|非营运货车|公交车(出租)|校车|出租车(货运)|3',
    }),
  )('%j is %s', (text, value) => expect(one('category', text)).toBe(value))
})

describe('energies', () => {
  it.each(
    table({
      BEV: '电动|纯电|纯电动|BEV|EV|bev|纯电动车|纯电动公交车|新能源(纯电动)|纯电动（BEV）|电',
      PHEV: '插电式混合动力|插混|PHEV|增程|增程式|REEV|插电式混合动力(含增程式)|混合动力(插电式)|插电混动|增程式电动',
      FCEV: '燃料电池|氢燃料电池|氢能|FCEV|氢燃料电池汽车',
      HEV: '非插电混合动力|油电混合|HEV|油混|非插电式混合动力|混合动力(非插电)|油电混合动力汽车',
      diesel: '柴油|0号柴油|０号柴油|-10号柴油|0#柴油|0#|diesel|柴油车|柴油(国六)',
      gasoline: '汽油|92号汽油|95#|92#汽油|gasoline|乙醇汽油',
      gas: '天然气|CNG|LNG|液化天然气|天然气(LNG)|gas',
      other: '双燃料|汽油/CNG|LPG|液化石油气|甲醇|其他|other',
      'energy.ambiguous':
        '混合动力|油电|混动|混合动力汽车|混合动力(汽油)|汽油(混动)|新能源|汽油/电|柴油混合动力|汽油混合动力',
      'energy.unknown': '核能|木炭|国六|1|92.5',
    }),
  )('%j is %s', (text, value) => expect(one('energy', text)).toBe(value))
})

describe('emission standards', () => {
  it.each(
    table({
      '0': '国零|国0|0',
      '1': '国一|国Ⅰ|国I|国1',
      '2': '国二|国Ⅱ|国II',
      '3': '国三|国Ⅲ|国III|国3|国Ⅲ标准|国三排放|第三阶段|3|Ⅲ|国iii|国ＩＩＩ|GB3|国 三',
      '4': '国四|国Ⅳ|国IV',
      '5': '国五|国Ⅴ|国V',
      '6': '国六|国Ⅵ|国VI|国六b|国6A|国Ⅵ(b)|国VI-b|国ⅥB|国六B阶段',
      'emission.unknown': '国九|国七|7|欧Ⅲ|欧三|京五|国三以下|国三/国四|三四|黄标',
    }),
  )('%j is %s', (text, value) => expect(one('emission', text)).toBe(value))

  it.each(['/', '—', '-', '无', '', ' ', '——', '不适用', '纯电动', null, undefined])(
    '%j is none, without an issue',
    (text) => {
      expect(read({ emission: text })).toEqual({ values: {}, issues: [] })
    },
  )

  it('takes numbers', () => expect(one('emission', 3)).toBe('3'))
})

describe('dates', () => {
  it.each<[Cell, string]>([
    ...table({
      '2024-05-11':
        `2024-05-11|2024/5/11|2024.5.11|2024年5月11日|20240511|２０２４－０５－１１|2024年05月11号|2024 年 5 月 11 日|2024-5-11 13:45:10
|2024/05/11 08:00|2024-05-11T00:00:00|2024年5月11日 下午3时5分|2024年5月11日(星期六)|45423|45423.75|2024-05-10T16:00:00.000Z|2024-05-11T23:59:59+08:00
|11-May-2024|20240511093000|2024\\5\\11|2024、5、11`.replaceAll('\n', ''),
      '1990-01-01': '32874',
      '2026-11-02': '2026-11-02',
      '2024-05-13': '5/13/2024|13/5/2024',
      '2024-05-05': '5/5/2024',
      '1985-07-01': '1985-07-01',
      'date.invalid':
        `2025-02-30|2025-13-01|2024-05|2024年5月|2024|五月|2024-00-10|32873|73416|99999|123456|13/14/2024|99/99/99|20241301|31/2/2024
|2024-05-11x|2024-05-11-12|明天|0000-01-01|12:30|2024-02-30T00:00:00Z`.replaceAll('\n', ''),
      'date.ambiguous': '03/04/05|24-05-11|24年5月11日|24.5.11|5/11/2024|11.5.2024|11-May-24|5/11/24',
      'date.future': '2026-11-03|2031-01-01|2100-12-31|20310101|73415',
    }),
    [20240511, '2024-05-11'],
    [45423, '2024-05-11'],
    [45423.99, '2024-05-11'],
    [new Date('2024-05-10T16:00:00Z'), '2024-05-11'],
    [new Date('2024-05-11T00:00:00Z'), '2024-05-11'],
    [1, 'date.invalid'],
    [-45423, 'date.invalid'],
    [2024.5, 'date.invalid'],
    [20240230, 'date.invalid'],
    [Number.NaN, 'date.invalid'],
    [true, 'date.invalid'],
  ])('%j is %s', (cell, value) => {
    expect(one('on', cell)).toBe(value)
    expect(one('registeredOn', cell)).toBe(value)
  })

  it('agrees with the calendar for every serial number from 1990 to 2100', () => {
    for (let serial = 32874; serial <= 73415; serial += 97) {
      const expected = new Date(Date.UTC(1899, 11, 30) + serial * 86_400_000).toISOString().slice(0, 10)
      expect(readRow({ on: serial }, { today: '2199-01-01' }).values.on).toBe(expected)
      expect(readRow({ on: String(serial) }, { today: '2199-01-01' }).values.on).toBe(expected)
    }
  })

  it('says in the issue of a future date which date and which today', () => {
    expect(read({ on: '2031年1月1日' }).issues[0]?.params).toEqual({
      value: '2031年1月1日',
      date: '2031-01-01',
      today: TODAY,
    })
  })
})

describe('counties', () => {
  it.each(
    table({
      '350702': '延平区|延平|350702|南平市延平区|福建省南平市延平区|350702001',
      '350703': '建阳|建阳区|建阳市|350784',
      '350782': '武夷山市|武夷|武夷山',
      '3507WY': '武夷新区',
      'county.unknown': '鼓楼区|南平市|350100|武夷山区|延平建阳',
    }),
  )('%j is %s', (text, value) => {
    expect(one('county', text)).toBe(value)
    expect(one('toCounty', text)).toBe(value)
  })

  it('takes a code that is a number', () => expect(one('county', 350721)).toBe('350721'))
})

describe('kinds and reasons', () => {
  it.each(
    table({
      stock: '存量|存量车辆|stock',
      added: '新增|新增车辆|新购|added',
      replaced: '更新|更新(替换)|更新（置换）|替换|车辆更新|以旧换新|报废更新|replaced',
      retired: '淘汰|提前淘汰|报废|注销|转出|淘汰(报废)|淘汰-注销|retired',
      'battery-swap': '更换电池|换电池|动力电池更换|更换动力电池|battery-swap',
      transferred: '过户|转属|转籍|过户/转属|转让|变更业户|transferred',
      'kind.unknown': '借用|更换|停运|换电|年审|报停',
    }),
  )('kind %j is %s', (text, value) => expect(one('kind', text)).toBe(value))

  it.each(
    table({
      scrapped: '报废|报废回收|强制报废|提前报废|已报废|拆解|scrapped',
      deregistered: '注销|注销登记|退出营运|deregistered',
      'transferred-out': '转出|迁出|转籍|转出外地|transferred-out',
      'reason.unknown': '丢失|过户|卖了',
    }),
  )('reason %j is %s', (text, value) => expect(one('reason', text)).toBe(value))

  it.each([
    ['报废', undefined, 'scrapped'],
    ['淘汰(注销)', '/', 'deregistered'],
    ['转出', '', 'transferred-out'],
    ['报废', '注销', 'deregistered'],
    ['淘汰', undefined, undefined],
    ['更新', '报废', 'scrapped'],
  ])('kind %s with reason %j gives %s', (kind, reason, expected) => {
    expect(read({ kind, reason }).values.reason).toBe(expected)
  })

  it('does not put the kind in place of a reason that cannot be read', () => {
    expect(read({ kind: '报废', reason: '丢失' }).values.reason).toBeUndefined()
  })
})

describe('packs', () => {
  it.each<[Cell, unknown]>([
    [7, 7],
    ['7', 7],
    ['７', 7],
    ['7块', 7],
    [' 12 块 ', 12],
    ['7.0', 7],
    [9999, 9999],
    ...([0, '0', -1, '-1', 1.5, '1.5', '三', '七块', '1e3', 10000, 45423, '7组', '0x7', true] as Cell[]).map(
      (c): [Cell, unknown] => [c, 'packs.invalid'],
    ),
    ['/', undefined],
    ['', undefined],
  ])('%j is %j', (cell, value) => expect(one('packs', cell)).toBe(value))
})

describe('plates and VINs', () => {
  it.each<[Cell, string]>([
    ['闽Ｈ·d1234５', '闽HD12345'],
    [' 闽HD63781 ', '闽HD63781'],
    ['\u0000闽H\u200b12345\u0007', '闽H12345'],
    ['闽H123', 'plate.invalid'],
    ['闽HO1234', 'plate.invalid'],
    ['=A1', 'plate.invalid'],
    ['闽H12345、闽H12346', 'plate.invalid'],
    [12345, 'plate.invalid'],
    [true, 'plate.invalid'],
  ])('plate %j is %s', (cell, value) => expect(one('plate', cell)).toBe(value))

  it.each<[Cell, string]>([
    ['lzytagb60p1100001', 'LZYTAGB60P1100001'],
    ['LZYTAGB6IP1000012', 'vin.invalid'],
    ['LZYTAGB60P10001', 'vin.invalid'],
    ['1.2E+16', 'vin.invalid'],
    ['1.23457E+16', 'vin.invalid'],
    [1.2e16, 'vin.invalid'],
    [12345678901234568, 'vin.invalid'],
  ])('VIN %j is %s', (cell, value) => expect(one('vin', cell)).toBe(value))

  it('warns of a wrong check digit and keeps the VIN', () => {
    const { values, issues } = read({ vin: 'LZYTAGB62P1100007' })
    expect(values.vin).toBe('LZYTAGB62P1100007')
    expect(issues).toEqual([
      {
        code: 'vin.check-digit',
        severity: 'warning',
        field: 'vin',
        params: { value: 'LZYTAGB62P1100007', expected: '1' },
      },
    ])
  })

  it.each([
    ['闽H20026D', '柴油', true],
    ['闽H20026D', '插混', true],
    ['闽H20026F', '纯电动', true],
    ['闽H20026D', '纯电动', false],
    ['闽H20026F', '燃料电池', false],
    ['闽HA2011', '纯电动', false],
    ['闽H20026D', '混合动力', false],
    ['闽H20026D', '', false],
  ])('plate %s with energy %s: warned %s', (plate, energy, warned) => {
    expect(codes({ plate, energy }).includes('plate.energy-mismatch@plate')).toBe(warned)
    expect(read({ plate, energy }).values.plate).toBe(plate)
  })
})

describe('replaced vehicles', () => {
  it.each<[Cell, unknown]>([
    ['闽H12345', ['闽H12345']],
    [' 闽ha1203 ', ['闽HA1203']],
    ['闽H12345、闽HD12345', ['闽H12345', '闽HD12345']],
    ['闽H12345,闽H12346;闽H12347/闽H12348', ['闽H12345', '闽H12346', '闽H12347', '闽H12348']],
    ['闽H12345，闽H12346；闽H12347', ['闽H12345', '闽H12346', '闽H12347']],
    ['闽H12345 闽H12346\n闽H12347', ['闽H12345', '闽H12346', '闽H12347']],
    ['闽H 12345', ['闽H12345']],
    ['闽H 12345 闽H·12346', ['闽H12345', '闽H12346']],
    ['闽H12345闽HD12345', ['闽H12345', '闽HD12345']],
    ['闽H12345和闽H12346', ['闽H12345', '闽H12346']],
    ['lzytagb60p1100001', ['LZYTAGB60P1100001']],
    ['闽H12345、LZYTAGB60P1100001', ['闽H12345', 'LZYTAGB60P1100001']],
    ['闽H12345、闽h12345', ['闽H12345']],
    ['闽H12345、', ['闽H12345']],
    ['/', undefined],
    ['无', undefined],
    ['闽H12345、闽H1', 'plate.invalid'],
    ['两辆', 'plate.invalid'],
    ['闽H12345(报废)', 'plate.invalid'],
    [12345, 'plate.invalid'],
  ])('%j gives %j', (cell, value) => expect(one('replaces', cell)).toEqual(value))

  it('names the bad one of several', () => {
    expect(read({ replaces: '闽H12345、闽H1' }).issues).toMatchObject([
      { field: 'replaces', params: { value: '闽H1' } },
    ])
  })
})

describe('the row', () => {
  it('reads a whole row', () => {
    const cells: RowCells = {
      ...{ plate: '闽H·02808A', vin: 'LZYTAGB60P1100001', category: '公交车', energy: '纯电', emission: '—' },
      ...{
        registeredOn: '2024年1月5日',
        operator: ' 闽北示例公交\n有限公司（总） ',
        county: '松溪县',
        kind: '更新',
        on: '2024.1.5',
      },
      ...{
        replaces: '闽Ｈ６６３２３Ｆ',
        reason: '报废',
        certificate: 'BF 202401',
        packs: '',
        note: ' 备注\n二行 ',
      },
    }
    expect(read(cells)).toEqual({
      issues: [],
      values: {
        ...{
          plate: '闽H02808A',
          vin: 'LZYTAGB60P1100001',
          category: 'bus',
          energy: 'BEV',
          registeredOn: '2024-01-05',
        },
        ...{ operator: '闽北示例公交 有限公司(总)', county: '350724', kind: 'replaced', on: '2024-01-05' },
        ...{ replaces: ['闽H66323F'], reason: 'scrapped', certificate: 'BF 202401', note: '备注\n二行' },
      },
    })
  })

  it('gives every issue of a row at once', () => {
    const wrong = {
      plate: 'x',
      vin: 'x',
      category: 'x',
      energy: 'x',
      emission: 'x',
      registeredOn: 'x',
      county: 'x',
      toCounty: 'x',
    }
    expect(codes({ ...wrong, kind: 'x', on: 'x', replaces: 'x', reason: 'x', packs: 'x' }).sort()).toEqual(
      [
        ...['plate.invalid@plate', 'vin.invalid@vin', 'category.unknown@category', 'energy.unknown@energy'],
        ...[
          'emission.unknown@emission',
          'date.invalid@registeredOn',
          'county.unknown@county',
          'county.unknown@toCounty',
        ],
        ...[
          'kind.unknown@kind',
          'date.invalid@on',
          'plate.invalid@replaces',
          'reason.unknown@reason',
          'packs.invalid@packs',
        ],
      ].sort(),
    )
  })

  it('cuts the offending text to 60 characters, and strips what cannot be printed', () => {
    const value = read({ category: `\u0000${'飞'.repeat(500)}` }).issues[0]?.params.value ?? ''
    expect(Array.from(value)).toHaveLength(60)
    expect(value.startsWith('飞飞')).toBe(true)
  })

  it('decides nothing about what is required, and survives anything', () => {
    expect(read({})).toEqual({ values: {}, issues: [] })
    const odd: Cell[] = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      new Date(Number.NaN),
      true,
      '\u0000',
      '='.repeat(40_000),
      '\ud800',
    ]
    for (const cell of odd) {
      const cells: RowCells = {
        plate: cell,
        vin: cell,
        on: cell,
        replaces: cell,
        packs: cell,
        energy: cell,
        note: cell,
      }
      expect(() => read(cells)).not.toThrow()
    }
  })

  it('takes formula text for text', () => {
    expect(read({ operator: '=HYPERLINK("http://x")' }).values.operator).toBe('=HYPERLINK("http://x")')
  })
})
