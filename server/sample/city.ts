import type { Category, Emission, Energy, Kind, Reason } from '../domain/vocabulary.ts'
import type { Identifiers } from './identifiers.ts'
import type { Random } from './random.ts'

/** A made-up vehicle. */
export interface SampleVehicle {
  vin: string
  plate: string
  category: Category
  energy: Energy
  emission: Emission | null
  registeredOn: string
  /** its operator's name */
  operator: string
  /** region code */
  county: string
}

/** A row of a made-up list: what happened to a vehicle. */
export interface SampleRow {
  kind: Kind
  /** null for stock */
  on: string | null
  vehicle: SampleVehicle
  replaces?: SampleVehicle[]
  reason?: Reason
  certificate?: string
  packs?: number
  toOperator?: string
  note?: string
}

const YANPING = '350702'
const JIANYANG = '350703'
const NORTH = ['350722', '350723', '350724', '350725', '350781']
const WUYISHAN = '350782'
const JIANOU = '350783'
const SHUNCHANG = '350721'
const NEW_AREA = '3507WY'

interface SampleOperator {
  name: string
  categories: readonly Category[]
  /** where its vehicles run, the first the most */
  counties: readonly string[]
  share: number
}

/** Companies that do not exist; each name says so. */
const OPERATORS: readonly SampleOperator[] = [
  {
    name: '示例市公共交通集团有限公司',
    categories: ['bus'],
    counties: [YANPING, JIANYANG, NEW_AREA, SHUNCHANG],
    share: 6,
  },
  { name: '示例丹山公交有限公司', categories: ['bus'], counties: [WUYISHAN, JIANOU, ...NORTH], share: 5 },
  {
    name: '示例蓝鹭出租汽车有限公司',
    categories: ['cruising-taxi'],
    counties: [YANPING, JIANYANG, SHUNCHANG, NEW_AREA],
    share: 5,
  },
  {
    name: '示例绿野出租汽车有限公司',
    categories: ['cruising-taxi'],
    counties: [WUYISHAN, JIANOU, ...NORTH],
    share: 4,
  },
  {
    name: '示例轻舟网约车服务有限公司',
    categories: ['ride-hailing'],
    counties: [YANPING, JIANYANG, WUYISHAN],
    share: 5,
  },
  {
    name: '示例云帆出行科技有限公司',
    categories: ['ride-hailing'],
    counties: [JIANOU, NEW_AREA, SHUNCHANG, ...NORTH],
    share: 3,
  },
  {
    name: '示例通达物流有限公司',
    categories: ['truck'],
    counties: [YANPING, SHUNCHANG, JIANOU, NEW_AREA],
    share: 6,
  },
  { name: '示例闽越货运有限公司', categories: ['truck'], counties: [JIANYANG, WUYISHAN, ...NORTH], share: 5 },
  {
    name: '示例山海冷链运输有限公司',
    categories: ['truck'],
    counties: ['350781', JIANYANG, YANPING],
    share: 2,
  },
  {
    name: '示例城乡环境服务有限公司',
    categories: ['sanitation'],
    counties: [YANPING, JIANYANG, WUYISHAN, JIANOU, SHUNCHANG, NEW_AREA, ...NORTH],
    share: 1,
  },
]

/** The names of the companies. */
export const SAMPLE_OPERATORS: readonly string[] = OPERATORS.map((o) => o.name)

/** The counties in which their vehicles run. */
export const SAMPLE_COUNTIES: readonly string[] = [...new Set(OPERATORS.flatMap((o) => o.counties))]

/** Another company of the same trade; the same one where there is no other. */
export const otherOperator = (random: Random, name: string, category: Category): string => {
  const others = OPERATORS.filter((o) => o.name !== name && o.categories.includes(category))
  return others.length > 0 ? random.pick(others).name : name
}

/** A company and a county for a vehicle of a category. */
function homeOf(random: Random, category: Category): { operator: string; county: string } {
  const fitting = OPERATORS.filter((o) => o.categories.includes(category))
  const { name, counties } = random.weighted(fitting.map((o) => [o, o.share] as const))
  return { operator: name, county: random.weighted(counties.map((c, i) => [c, i === 0 ? 3 : 1] as const)) }
}

/** Which registration years go with an emission standard, roughly. */
const YEARS: Readonly<Record<Emission, readonly [from: number, to: number]>> = {
  ...{ '0': [2000, 2001], '1': [2001, 2004], '2': [2005, 2008], '3': [2009, 2013] },
  ...{ '4': [2013, 2016], '5': [2017, 2019], '6': [2020, 2023] },
}

const day = (random: Random, from: number, to: number): string => {
  const month = String(random.int(1, 12)).padStart(2, '0')
  return `${random.int(from, to)}-${month}-${String(random.int(1, 28)).padStart(2, '0')}`
}

/** What a new vehicle is made of. */
export interface Make {
  category: Category
  energy: Energy
  emission: Emission | null
  registeredOn?: string
  operator?: string
  county?: string
  /** kept from the vehicle that it replaces */
  plate?: string
}

/** Makes a vehicle; what is not told is made up. */
export function makeVehicle(random: Random, identifiers: Identifiers, make: Make): SampleVehicle {
  const { category, energy, emission } = make
  const [from, to] = emission === null ? [2016, 2022] : YEARS[emission]
  const registeredOn = make.registeredOn ?? day(random, from, to)
  const home = make.operator && make.county ? undefined : homeOf(random, category)
  const large =
    category === 'bus' || category === 'sanitation' || (category === 'truck' && random.chance(0.6))
  return {
    vin: identifiers.vin(Number(registeredOn.slice(0, 4))),
    plate: make.plate ?? identifiers.plate(energy, large),
    category,
    energy,
    emission,
    registeredOn,
    operator: make.operator ?? home?.operator ?? '',
    county: make.county ?? home?.county ?? '',
  }
}
