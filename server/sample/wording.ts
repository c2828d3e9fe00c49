import { regionByCode } from '../domain/regions.ts'
import type { Category, Energy, Kind, Reason } from '../domain/vocabulary.ts'
import type { SampleRow, SampleVehicle } from './city.ts'

/** How a company words its lists: dates, standards, counties and the field's terms. */
export interface Wording {
  energies: Readonly<Record<Energy, string>>
  categories: Readonly<Partial<Record<Category, string>>>
  kinds: Readonly<Record<Kind, string>>
  reasons: Readonly<Record<Reason, string>>
  emission: (stage: number) => string
  date: (year: string, month: string, day: string) => string
  county: 'name' | 'short' | 'code'
  /** stands in cells where there is nothing to say */
  nothing: string
}

const plainNumber = (digits: string): string => String(Number(digits))

const KINDS: Wording['kinds'] = {
  ...{ stock: '存量', added: '新增', replaced: '更新', retired: '淘汰' },
  ...{ 'battery-swap': '更换动力电池', transferred: '过户' },
}

/** As forms of the authorities have it. */
export const OFFICIAL: Wording = {
  energies: {
    ...{ BEV: '纯电动', PHEV: '插电式混合动力', FCEV: '燃料电池', HEV: '非插电混合动力' },
    ...{ diesel: '柴油', gasoline: '汽油', gas: '天然气', other: '其他' },
  },
  categories: { bus: '城市公交', truck: '营运货车', sanitation: '环卫车' },
  kinds: KINDS,
  reasons: { scrapped: '报废', deregistered: '注销', 'transferred-out': '转出' },
  emission: (stage) => `国${'零一二三四五六'.charAt(stage)}`,
  date: (year, month, day) => `${year}-${month}-${day}`,
  county: 'name',
  nothing: '',
}

/** As a taxi company's office writes it. */
export const OFFICE: Wording = {
  energies: {
    ...{ BEV: '电动', PHEV: '插电混动', FCEV: '氢燃料电池', HEV: '油电混合' },
    ...{ diesel: '柴油', gasoline: '汽油', gas: 'CNG', other: '其他' },
  },
  categories: { 'cruising-taxi': '巡游出租车', 'ride-hailing': '网络预约出租汽车' },
  kinds: { ...KINDS, added: '新增投放', replaced: '车辆更新', retired: '退出营运', transferred: '转属' },
  reasons: { scrapped: '报废', deregistered: '注销登记', 'transferred-out': '转出本市' },
  emission: (stage) => `国${'0ⅠⅡⅢⅣⅤⅥ'.charAt(stage)}`,
  date: (year, month, day) => `${year}/${plainNumber(month)}/${plainNumber(day)}`,
  county: 'short',
  nothing: '/',
}

/** As a freight company's program exports it. */
export const EXPORTED: Wording = {
  energies: {
    ...{ BEV: '纯电', PHEV: '插混', FCEV: '氢燃料', HEV: '油电混动' },
    ...{ diesel: '柴油', gasoline: '汽油', gas: 'LNG', other: '其他' },
  },
  categories: { truck: '载货汽车', sanitation: '环卫作业车' },
  kinds: { ...KINDS, added: '新购', replaced: '更新替换', transferred: '过户' },
  reasons: { scrapped: '报废拆解', deregistered: '注销', 'transferred-out': '迁出' },
  emission: (stage) => `国${stage}`,
  date: (year, month, day) => `${year}年${plainNumber(month)}月${plainNumber(day)}日`,
  county: 'code',
  nothing: '无',
}

/** What a column of a list can show. */
export type Shown = keyof typeof CELLS

type Cell = (row: SampleRow, wording: Wording) => string | undefined

const dated = (wording: Wording, date: string | null): string | undefined =>
  date === null ? undefined : wording.date(date.slice(0, 4), date.slice(5, 7), date.slice(8, 10))

const countyOf = ({ county }: SampleVehicle, wording: Wording): string => {
  const region = regionByCode(county)
  // The functional area has no statutory code, so that everybody writes its name.
  if (!region || (wording.county === 'code' && !region.statutory)) return region?.name ?? county
  return wording.county === 'code'
    ? county
    : wording.county === 'short'
      ? shortName(region.name)
      : region.name
}

const shortName = (name: string): string => (name === '武夷新区' ? name : name.replace(/[区县市]$/, ''))

const CELLS = {
  plate: ({ vehicle }) => vehicle.plate,
  vin: ({ vehicle }) => vehicle.vin,
  category: ({ vehicle }, w) => w.categories[vehicle.category],
  energy: ({ vehicle }, w) => w.energies[vehicle.energy],
  emission: ({ vehicle }, w) =>
    vehicle.emission === null ? undefined : w.emission(Number(vehicle.emission)),
  registeredOn: ({ vehicle }, w) => dated(w, vehicle.registeredOn),
  operator: ({ vehicle }) => vehicle.operator,
  county: ({ vehicle }, w) => countyOf(vehicle, w),
  use: () => '营运',
  kind: ({ kind }, w) => w.kinds[kind],
  on: ({ on }, w) => dated(w, on),
  replaces: ({ replaces }) => replaces?.map((v) => v.plate).join('、'),
  reason: ({ reason }, w) => (reason ? w.reasons[reason] : undefined),
  certificate: ({ certificate }) => certificate,
  packs: ({ packs }) => (packs === undefined ? undefined : String(packs)),
  toOperator: ({ toOperator }) => toOperator,
  note: ({ note }) => note,
} satisfies Record<string, Cell>

/** A cell of a list. */
export const cellOf = (shown: Shown, row: SampleRow, wording: Wording): string =>
  (CELLS[shown] as Cell)(row, wording) ?? wording.nothing
