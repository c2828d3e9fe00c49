import type { CivilDate } from '../domain/civil-date.ts'
import type { SampleRow } from './city.ts'
import { csvText } from './csv.ts'
import { City } from './trades.ts'
import { cellOf, EXPORTED, OFFICE, OFFICIAL, type Shown, type Wording } from './wording.ts'

/** A made-up list as a company would send it. */
export interface SampleList {
  filename: string
  /** CSV */
  text: string
  rows: number
}

type Columns = readonly (readonly [header: string, shown: Shown])[]

const BUS_STOCK: Columns = [
  ...([
    ['车牌号', 'plate'],
    ['车辆识别代号', 'vin'],
    ['车辆类别', 'category'],
  ] as const),
  ...([
    ['能源类型', 'energy'],
    ['排放标准', 'emission'],
    ['注册日期', 'registeredOn'],
  ] as const),
  ...([
    ['所属企业', 'operator'],
    ['县(市、区)', 'county'],
    ['使用性质', 'use'],
  ] as const),
  ['变动类型', 'kind'],
]
const BUS_CHANGES: Columns = [
  ...([
    ['变动类型', 'kind'],
    ['变动日期', 'on'],
    ['车牌号', 'plate'],
  ] as const),
  ...([
    ['车辆识别代号', 'vin'],
    ['车辆类别', 'category'],
    ['能源类型', 'energy'],
  ] as const),
  ...([
    ['排放标准', 'emission'],
    ['注册日期', 'registeredOn'],
    ['所属企业', 'operator'],
  ] as const),
  ...([
    ['县(市、区)', 'county'],
    ['被更新车牌号', 'replaces'],
    ['淘汰方式', 'reason'],
  ] as const),
  ...([
    ['报废证明编号', 'certificate'],
    ['更换电池块数', 'packs'],
    ['备注', 'note'],
  ] as const),
]
const TAXI_STOCK: Columns = [
  ...([
    ['业务类型', 'kind'],
    ['号牌号码', 'plate'],
    ['车架号', 'vin'],
  ] as const),
  ...([
    ['车型类别', 'category'],
    ['燃料种类', 'energy'],
    ['排放阶段', 'emission'],
  ] as const),
  ...([
    ['初次登记日期', 'registeredOn'],
    ['业户名称', 'operator'],
    ['所属区域', 'county'],
  ] as const),
]
const TAXI_CHANGES: Columns = [
  ...TAXI_STOCK,
  ...([
    ['业务日期', 'on'],
    ['旧车号牌', 'replaces'],
    ['注销原因', 'reason'],
  ] as const),
  ...([
    ['转入企业', 'toOperator'],
    ['备注', 'note'],
  ] as const),
]
const TRUCK_STOCK: Columns = [
  ...([
    ['VIN', 'vin'],
    ['车牌', 'plate'],
    ['类型', 'category'],
    ['燃料类型', 'energy'],
  ] as const),
  ...([
    ['排放阶段', 'emission'],
    ['注册登记日期', 'registeredOn'],
    ['公司', 'operator'],
  ] as const),
  ...([
    ['行政区划', 'county'],
    ['营运性质', 'use'],
    ['变动类型', 'kind'],
  ] as const),
]
const TRUCK_CHANGES: Columns = [
  ...TRUCK_STOCK,
  ...([
    ['变动日期', 'on'],
    ['原车牌号', 'replaces'],
    ['淘汰方式', 'reason'],
  ] as const),
  ...([
    ['回收证明编号', 'certificate'],
    ['转入公司', 'toOperator'],
    ['备注', 'note'],
  ] as const),
]

/** A list: a title row, the header with running numbers before it, and a line for each row. */
function list(
  filename: string,
  title: string,
  columns: Columns,
  wording: Wording,
  rows: readonly SampleRow[],
): SampleList {
  const header = ['序号', ...columns.map(([text]) => text)]
  const lines = rows.map((row, i) => [
    String(i + 1),
    ...columns.map(([, shown]) => cellOf(shown, row, wording)),
  ])
  const titleRow = header.map((_, i) => (i === 0 ? title : ''))
  return { filename, text: csvText([titleRow, header, ...lines]), rows: rows.length }
}

/**
 * The made-up city's lists, in the order in which they must be sent: stock first, then what has happened from the
 * period's start to the day before `today`. The same day gives the same lists. Lists without rows are left out.
 */
export function sampleLists(today: CivilDate): SampleList[] {
  const city = new City(today)
  const buses = city.buses()
  const taxis = city.taxis()
  const trucks = city.trucks()
  const sanitation = city.sanitation()
  return [
    list('示例-公交车存量.csv', '城市公交车辆台账(演示数据)', BUS_STOCK, OFFICIAL, buses.stock),
    list('示例-出租车存量.csv', '巡游与网约出租车在册车辆(演示数据)', TAXI_STOCK, OFFICE, taxis.stock),
    list('示例-货车存量.csv', '营运货车清单(演示数据)', TRUCK_STOCK, EXPORTED, trucks.stock),
    list('示例-环卫车存量.csv', '环卫车辆台账(演示数据)', BUS_STOCK, OFFICIAL, sanitation.stock),
    list('示例-公交车变动.csv', '公交车更新与电池更换(演示数据)', BUS_CHANGES, OFFICIAL, buses.changes),
    list('示例-出租车变动.csv', '出租车业务办理明细(演示数据)', TAXI_CHANGES, OFFICE, taxis.changes),
    list('示例-货车变动.csv', '营运货车新增和淘汰(演示数据)', TRUCK_CHANGES, EXPORTED, trucks.changes),
    list('示例-环卫车变动.csv', '环卫车新增和更新(演示数据)', BUS_CHANGES, OFFICIAL, sanitation.changes),
  ].filter((l) => l.rows > 0)
}
