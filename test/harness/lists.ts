/**
 * Lists of any length for tests and benchmarks, the same for the same seed, with the exact figures that they must
 * give. What happens to vehicles is played through here in the simplest way, apart from the service's own rules.
 */
import { addDays, type CivilDate, daysBetween } from '../../server/domain/civil-date.ts'
import { allRegions } from '../../server/domain/regions.ts'
import type { Category, Emission, Energy } from '../../server/domain/vocabulary.ts'
import { makeVehicle, type SampleVehicle } from '../../server/sample/city.ts'
import { csvText } from '../../server/sample/csv.ts'
import { Identifiers } from '../../server/sample/identifiers.ts'
import { Random } from '../../server/sample/random.ts'
import './regions.ts'

export interface ListOptions {
  rows: number
  /** part of the rows that are stock, from 0 to 1; half of them unless told */
  stock?: number
  /** the changes' dates, both included, in order */
  from?: CivilDate
  to?: CivilDate
}

/** What a share counts, or a count with a denominator of null. */
export interface ExpectedFigure {
  numerator: number
  denominator: number | null
}

/** What must come out once a list, and those made before it, are on the ledger. */
export interface Expected {
  /** by rule id */
  rules: Record<string, ExpectedFigure>
  vehicles: Record<string, { total: number; active: number }>
  /** entries of the ledger, by kind */
  changes: Record<string, number>
}

export interface MadeList {
  csv: string
  rows: number
  expected: Expected
}

const HEADER = [
  ...['变动类型', '变动日期', '车牌号', '车架号', '车辆类别', '能源类型', '排放标准', '注册日期'],
  ...['所属企业', '县(市、区)', '被更新车牌号', '淘汰方式', '更换电池块数'],
]
const CATEGORY_WORDS = {
  ...{ bus: '城市公交', 'cruising-taxi': '巡游出租车', 'ride-hailing': '网约车' },
  ...{ truck: '营运货车', sanitation: '环卫车' },
} as const
type Listed = keyof typeof CATEGORY_WORDS
const ENERGY_WORDS: Readonly<Record<Energy, string>> = {
  ...{ BEV: '纯电动', PHEV: '插电式混合动力', FCEV: '燃料电池', HEV: '非插电混合动力' },
  ...{ diesel: '柴油', gasoline: '汽油', gas: '天然气', other: '其他' },
}
const MIX: readonly (readonly [Listed, number])[] = [
  ['bus', 20],
  ['cruising-taxi', 20],
  ['ride-hailing', 15],
  ['truck', 35],
  ['sanitation', 10],
]
const FLEETS: Readonly<Record<Listed, string>> = {
  ...{ bus: 'bus-fleet', 'cruising-taxi': 'taxi-fleet', 'ride-hailing': 'taxi-fleet' },
  ...{ truck: 'freight-fleet', sanitation: 'sanitation-fleet' },
}
const NEW_ENERGY: readonly Energy[] = ['BEV', 'PHEV', 'FCEV']
const TRIES = 20

interface Vehicle extends SampleVehicle {
  category: Listed
  since: CivilDate
  swapped: boolean
}

/** Makes lists one after the other; later ones go on with the vehicles of those before. */
export class ListMaker {
  private readonly random: Random
  private readonly identifiers = new Identifiers()
  private readonly active: Record<Listed, Vehicle[]> = {
    ...{ bus: [], 'cruising-taxi': [], 'ride-hailing': [], truck: [], sanitation: [] },
  }
  private readonly rules: Record<string, ExpectedFigure> = {
    'bus-renewal': { numerator: 0, denominator: 0 },
    'taxi-renewal': { numerator: 0, denominator: 0 },
    'old-diesel-trucks-retired': { numerator: 0, denominator: null },
    'freight-vehicles-added': { numerator: 0, denominator: null },
    'bus-batteries-swapped': { numerator: 0, denominator: null },
    ...Object.fromEntries(Object.values(FLEETS).map((id) => [id, { numerator: 0, denominator: 0 }])),
  }
  private readonly vehicles = Object.fromEntries(MIX.map(([category]) => [category, { total: 0, active: 0 }]))
  private readonly changes: Record<string, number> = {}

  constructor(seed = 1) {
    this.random = new Random(seed)
  }

  /** The next list. */
  list({ rows, stock = 0.5, from = '2024-01-01', to = '2026-10-31' }: ListOptions): MadeList {
    const stockRows = Math.round(rows * stock)
    const days = daysBetween(from, to) + 1
    const lines = Array.from({ length: rows }, (_, i) =>
      i < stockRows
        ? this.stock()
        : this.change(addDays(from, Math.floor(((i - stockRows) * days) / Math.max(1, rows - stockRows)))),
    )
    return { csv: csvText([HEADER, ...lines]), rows, expected: this.expected() }
  }

  /** What must come out of the lists made so far. */
  expected(): Expected {
    const { rules, vehicles, changes } = this
    return structuredClone({ rules, vehicles, changes })
  }

  private stock(): string[] {
    const category = this.random.weighted(MIX)
    const vehicle = this.enter(this.make(category, this.stockMake(category)), '2023-12-31')
    return this.line('stock', '存量', '', vehicle)
  }

  private change(on: CivilDate): string[] {
    const kind = this.random.weighted([
      ['added', 40],
      ['replaced', 27],
      ['retired', 15],
      ['battery-swap', 18],
    ] as const)
    const category = kind === 'battery-swap' ? 'bus' : this.random.weighted(MIX)
    const line =
      kind === 'replaced'
        ? this.replaced(on, category)
        : kind === 'retired'
          ? this.retired(on, category)
          : kind === 'battery-swap'
            ? this.batterySwap(on)
            : undefined
    // Where there is no vehicle yet for anything else, one is added.
    return line ?? this.added(on, category)
  }

  private added(on: CivilDate, category: Listed): string[] {
    const vehicle = this.enter(this.make(category, this.newMake(category), on), on)
    if (category === 'truck') this.count('freight-vehicles-added')
    return this.line('added', '新增', on, vehicle)
  }

  private replaced(on: CivilDate, category: Listed): string[] | undefined {
    const first = this.takeBefore(on, category)
    if (!first) return undefined
    const second = this.random.chance(0.1) ? this.takeBefore(on, category) : undefined
    const old = second ? [first, second] : [first]
    const make = this.newMake(category)
    const keeps = !isGreen(make.energy) && !isGreen(first.energy) && this.random.chance(0.5)
    const vehicle = this.make(category, { ...make, ...(keeps ? { plate: first.plate } : {}) }, on)
    for (const gone of old) {
      this.leave(gone)
      if (isOldDiesel(gone)) this.count('old-diesel-trucks-retired')
    }
    this.enter(vehicle, on)
    const rule =
      category === 'bus' ? 'bus-renewal' : FLEETS[category] === 'taxi-fleet' ? 'taxi-renewal' : undefined
    if (rule) this.count(rule, isGreen(vehicle.energy) ? 1 : 0, 1)
    const refs = old.map((v) => (this.random.chance(0.8) ? v.plate : v.vin)).join('、')
    return this.line('replaced', '更新', on, vehicle, { refs })
  }

  private retired(on: CivilDate, category: Listed): string[] | undefined {
    const vehicle = this.takeBefore(on, category)
    if (!vehicle) return undefined
    const reason = this.random.weighted([
      ['报废', 60],
      ['注销', 25],
      ['转出', 15],
    ] as const)
    this.leave(vehicle)
    if (isOldDiesel(vehicle) && reason !== '转出') this.count('old-diesel-trucks-retired')
    return this.line('retired', '淘汰', on, vehicle, { reason })
  }

  private batterySwap(on: CivilDate): string[] | undefined {
    for (let i = 0; i < TRIES && this.active.bus.length > 0; i++) {
      const vehicle = this.random.pick(this.active.bus)
      if (!isGreen(vehicle.energy) || vehicle.swapped || vehicle.since >= on) continue
      vehicle.swapped = true
      const packs = this.random.int(2, 12)
      this.count('bus-batteries-swapped', packs)
      return this.line('battery-swap', '更换动力电池', on, vehicle, { packs: String(packs) })
    }
    return undefined
  }

  private stockMake(category: Listed): { energy: Energy; emission: Emission | null } {
    if (this.random.chance(0.25)) return { energy: 'BEV', emission: null }
    const emission = this.random.pick(['2', '3', '4', '5'] as const)
    if (category === 'truck' || category === 'sanitation') return { energy: 'diesel', emission }
    return { energy: category === 'bus' ? 'gas' : 'gasoline', emission }
  }

  private newMake(category: Listed): { energy: Energy; emission: Emission | null } {
    const green = category === 'truck' ? 0.5 : category === 'bus' ? 0.95 : 0.68
    if (this.random.chance(green))
      return this.random.weighted<{ energy: Energy; emission: Emission | null }>([
        [{ energy: 'BEV', emission: null }, 80],
        [{ energy: 'PHEV', emission: '6' }, 15],
        [{ energy: 'FCEV', emission: null }, 5],
      ])
    const energy = category === 'bus' ? 'gas' : FLEETS[category] === 'taxi-fleet' ? 'HEV' : 'diesel'
    return { energy, emission: '6' }
  }

  private make(
    category: Listed,
    make: { energy: Energy; emission: Emission | null; plate?: string },
    registeredOn?: CivilDate,
  ): Vehicle {
    const region = this.random.pick(allRegions())
    const operator = `测试${CATEGORY_WORDS[category]}企业${this.random.int(1, 4)}`
    const rest = { category, operator, county: region.code, ...(registeredOn ? { registeredOn } : {}) }
    const made = makeVehicle(this.random, this.identifiers, { ...rest, ...make })
    return { ...made, category, since: '', swapped: false }
  }

  private enter(vehicle: Vehicle, on: CivilDate): Vehicle {
    vehicle.since = on
    this.active[vehicle.category].push(vehicle)
    this.fleet(vehicle, 1)
    const counted = this.vehicles[vehicle.category]
    if (counted) counted.total++
    return vehicle
  }

  private leave(vehicle: Vehicle): void {
    this.fleet(vehicle, -1)
  }

  private fleet(vehicle: Vehicle, sign: 1 | -1): void {
    this.count(FLEETS[vehicle.category], isGreen(vehicle.energy) ? sign : 0, sign)
    const counted = this.vehicles[vehicle.category]
    if (counted) counted.active += sign
  }

  private count(rule: string, numerator = 1, denominator = 0): void {
    const figure = this.rules[rule]
    if (!figure) return
    figure.numerator += numerator
    if (figure.denominator !== null) figure.denominator += denominator
  }

  /** Takes a vehicle out of service that came into it before a day. */
  private takeBefore(on: CivilDate, category: Listed): Vehicle | undefined {
    for (let i = 0; i < TRIES; i++) {
      const vehicle = this.random.take(this.active[category])
      if (!vehicle || vehicle.since < on) return vehicle
      this.active[category].push(vehicle)
    }
    return undefined
  }

  private line(
    kind: string,
    word: string,
    on: CivilDate | '',
    vehicle: Vehicle,
    more: { refs?: string; reason?: string; packs?: string } = {},
  ): string[] {
    this.changes[kind] = (this.changes[kind] ?? 0) + 1
    const { plate, vin, category, energy, emission, registeredOn, operator, county } = vehicle
    const words = [CATEGORY_WORDS[category], ENERGY_WORDS[energy], emission === null ? '' : `国${emission}`]
    const place = allRegions().find((r) => r.code === county)?.name ?? county
    return [
      ...[word, on, plate, vin, ...words, registeredOn, operator, place],
      ...[more.refs ?? '', more.reason ?? '', more.packs ?? ''],
    ]
  }
}

const isGreen = (energy: Energy): boolean => NEW_ENERGY.includes(energy)

const isOldDiesel = ({ category, energy, emission }: { category: Category } & SampleVehicle): boolean =>
  category === 'truck' && energy === 'diesel' && emission !== null && Number(emission) <= 3

/** One list with the figures that it must give. */
export const makeList = ({ seed = 1, ...options }: ListOptions & { seed?: number }): MadeList =>
  new ListMaker(seed).list(options)
