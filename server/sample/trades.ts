import { addDays, type CivilDate, daysBetween } from '../domain/civil-date.ts'
import { isNewEnergy } from '../domain/vocabulary.ts'
import { spread } from './calendar.ts'
import { type Make, makeVehicle, otherOperator, type SampleRow, type SampleVehicle } from './city.ts'
import { Identifiers } from './identifiers.ts'
import { Random } from './random.ts'

/** A trade's lists: what was in service before the period, and what has happened since. */
export interface Trade {
  stock: SampleRow[]
  changes: SampleRow[]
}

const FROM = '2024-01-01'
const TO = '2027-12-31'

/** Makes up the city's history from the period's start to the day before `today`, the same for the same day. */
export class City {
  private readonly random: Random
  private readonly identifiers = new Identifiers()
  private readonly last: CivilDate
  /** the part of the period that has passed, 0 to 1: what the plan's straight line asks for */
  private readonly passed: number

  constructor(today: CivilDate, seed = 2024) {
    this.random = new Random(seed)
    this.last = today > TO ? TO : addDays(today, -1)
    this.passed = Math.min(1, Math.max(0, daysBetween(FROM, today) / daysBetween(FROM, TO)))
  }

  /** Every replacement is new-energy; batteries are swapped a little faster than the line asks. */
  buses(): Trade {
    const old = [
      ...this.several(110, { category: 'bus', energy: 'diesel', emission: '3' }),
      ...this.several(30, { category: 'bus', energy: 'diesel', emission: '4' }),
      ...this.several(40, { category: 'bus', energy: 'gas', emission: '5' }),
    ]
    const green = [
      ...this.several(110, { category: 'bus', energy: 'BEV', emission: null }),
      ...this.several(30, { category: 'bus', energy: 'PHEV', emission: '5' }),
    ]
    const stock = stockOf([...old, ...green])
    const swaps = this.packs(Math.ceil(2000 * this.passed * 1.1))
    const changes = this.course([
      [this.due(150), (on) => this.replace(on, this.takeOld(old, 0.1), this.newBus())],
      [this.due(20), (on) => this.add(on, { category: 'bus', energy: 'BEV', emission: null })],
      [this.due(8), (on) => this.retire(on, old)],
      [swaps.length, (on, n) => this.swap(on, green[n % green.length], swaps[n] ?? 1)],
    ])
    return { stock, changes }
  }

  /** New-energy among the replacements stays a few vehicles below 70 %. */
  taxis(): Trade {
    const old = [
      ...this.several(120, { category: 'cruising-taxi', energy: 'gasoline', emission: '5' }),
      ...this.several(60, { category: 'cruising-taxi', energy: 'gas', emission: '4' }),
      ...this.several(10, { category: 'cruising-taxi', energy: 'HEV', emission: '5' }),
      ...this.several(45, { category: 'ride-hailing', energy: 'gasoline', emission: '5' }),
    ]
    const green = [
      ...this.several(40, { category: 'cruising-taxi', energy: 'BEV', emission: null }),
      ...this.several(60, { category: 'ride-hailing', energy: 'BEV', emission: null }),
      ...this.several(25, { category: 'ride-hailing', energy: 'PHEV', emission: '6' }),
    ]
    const stock = stockOf([...old, ...green])
    const replaced = this.due(210)
    const isGreen = this.shuffledShare(replaced, Math.max(0, Math.ceil(replaced * 0.7) - 2))
    const changes = this.course([
      [replaced, (on, n) => this.replaceTaxi(on, old, isGreen[n] === true)],
      [this.due(25), (on) => this.add(on, { category: 'ride-hailing', energy: 'BEV', emission: null })],
      [this.due(14), (on) => this.retire(on, old)],
      [this.due(12), (on) => this.transfer(on, green)],
    ])
    return { stock, changes }
  }

  /** Old diesel trucks leave at nine tenths of the line, new ones come at three fifths of it. */
  trucks(): Trade {
    const old = [
      ...this.several(330, { category: 'truck', energy: 'diesel', emission: '3' }),
      ...this.several(70, { category: 'truck', energy: 'diesel', emission: '2' }),
    ]
    const later = [
      ...this.several(40, { category: 'truck', energy: 'diesel', emission: '4' }),
      ...this.several(25, { category: 'truck', energy: 'diesel', emission: '5' }),
      ...this.several(15, { category: 'truck', energy: 'BEV', emission: null }),
    ]
    const stock = stockOf([...old, ...later])
    const gone = Math.floor(400 * this.passed * 0.9)
    const replaced = Math.round(gone * 0.3)
    const changes = this.course([
      [replaced, (on) => this.replace(on, this.takeOld(old, 0), this.newTruck(0.6))],
      [gone - replaced, (on) => this.retire(on, old)],
      [this.due(30), (on) => this.retire(on, old, 'transferred-out')],
      [this.due(12), (on) => this.retire(on, later)],
      [this.due(14), (on) => this.transfer(on, later)],
      [this.due(1240), (on) => this.add(on, this.newTruck(0.42))],
    ])
    return { stock, changes }
  }

  sanitation(): Trade {
    const old = this.several(55, { category: 'sanitation', energy: 'diesel', emission: '4' })
    const stock = stockOf([
      ...old,
      ...this.several(15, { category: 'sanitation', energy: 'BEV', emission: null }),
    ])
    const electric: Make = { category: 'sanitation', energy: 'BEV', emission: null }
    const changes = this.course([
      [this.due(30), (on) => this.add(on, electric)],
      [this.due(16), (on) => this.replace(on, this.takeOld(old, 0), electric)],
    ])
    return { stock, changes }
  }

  /** What of an amount for the whole period is due by now. */
  private due(amount: number): number {
    return Math.round(amount * this.passed)
  }

  private several(count: number, make: Make): SampleVehicle[] {
    return Array.from({ length: count }, () => makeVehicle(this.random, this.identifiers, make))
  }

  /** Lets each sort of change happen so many times over the period, all in the order of their dates. */
  private course(
    sorts: readonly (readonly [count: number, make: (on: CivilDate, n: number) => SampleRow | undefined])[],
  ): SampleRow[] {
    const planned = sorts.flatMap(([count, make]) =>
      spread(this.random, count, FROM, this.last).map((on, n) => ({ on, n, make })),
    )
    planned.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
    return planned.flatMap(({ on, n, make }) => make(on, n) ?? [])
  }

  private add(on: CivilDate, make: Make): SampleRow {
    const registeredOn = addDays(on, -this.random.int(0, 6))
    const vehicle = makeVehicle(this.random, this.identifiers, { ...make, registeredOn })
    return { kind: 'added', on, vehicle }
  }

  private takeOld(old: SampleVehicle[], twice: number): SampleVehicle[] {
    const taken = [this.random.take(old), this.random.chance(twice) ? this.random.take(old) : undefined]
    return taken.filter((v) => v !== undefined)
  }

  private replace(on: CivilDate, replaces: SampleVehicle[], make: Make): SampleRow | undefined {
    const [first] = replaces
    if (!first) return undefined
    const { operator, county } = first
    const { vehicle } = this.add(on, { ...make, operator, county })
    const note = replaces.length > 1 ? '两辆旧车合并更新为一辆，旧车均已交回收企业' : undefined
    return {
      ...{ kind: 'replaced', on, vehicle, replaces, reason: 'scrapped' },
      certificate: this.certificate(on),
      ...(note ? { note } : {}),
    }
  }

  private replaceTaxi(on: CivilDate, old: SampleVehicle[], green: boolean): SampleRow | undefined {
    const replaces = this.takeOld(old, 0)
    const [first] = replaces
    if (!first) return undefined
    const { category, plate } = first
    if (green) {
      const plugIn = this.random.chance(category === 'ride-hailing' ? 0.35 : 0.15)
      const make: Make = plugIn
        ? { category, energy: 'PHEV', emission: '6' }
        : { category, energy: 'BEV', emission: null }
      return this.replace(on, replaces, make)
    }
    const energy = this.random.chance(0.4) ? 'HEV' : 'gasoline'
    const keeps = this.random.chance(0.5)
    const row = this.replace(on, replaces, { category, energy, emission: '6', ...(keeps ? { plate } : {}) })
    return row && keeps ? { ...row, note: '保留原号牌' } : row
  }

  private retire(
    on: CivilDate,
    from: SampleVehicle[],
    reason: SampleRow['reason'] = this.random.chance(0.65) ? 'scrapped' : 'deregistered',
  ): SampleRow | undefined {
    const vehicle = this.random.take(from)
    if (!vehicle) return undefined
    const row: SampleRow = { kind: 'retired', on, vehicle, ...(reason ? { reason } : {}) }
    return reason === 'scrapped' ? { ...row, certificate: this.certificate(on) } : row
  }

  private transfer(on: CivilDate, from: SampleVehicle[]): SampleRow | undefined {
    const vehicle = this.random.take(from)
    if (!vehicle) return undefined
    const toOperator = otherOperator(this.random, vehicle.operator, vehicle.category)
    return toOperator === vehicle.operator ? undefined : { kind: 'transferred', on, vehicle, toOperator }
  }

  private swap(on: CivilDate, vehicle: SampleVehicle | undefined, packs: number): SampleRow | undefined {
    return vehicle && isNewEnergy(vehicle.energy) ? { kind: 'battery-swap', on, vehicle, packs } : undefined
  }

  /** Packs of each swap: six to ten, together as many as told. */
  private packs(total: number): number[] {
    const packs: number[] = []
    for (let left = total; left > 0; ) {
      const some = left <= 10 ? left : this.random.int(6, 10)
      packs.push(some)
      left -= some
    }
    return packs
  }

  private newBus(): Make {
    return this.random.weighted<Make>([
      [{ category: 'bus', energy: 'BEV', emission: null }, 86],
      [{ category: 'bus', energy: 'PHEV', emission: '6' }, 8],
      [{ category: 'bus', energy: 'FCEV', emission: null }, 6],
    ])
  }

  private newTruck(electric: number): Make {
    return this.random.weighted<Make>([
      [{ category: 'truck', energy: 'BEV', emission: null }, electric],
      [{ category: 'truck', energy: 'FCEV', emission: null }, 0.03],
      [{ category: 'truck', energy: 'gas', emission: '6' }, 0.1],
      [{ category: 'truck', energy: 'diesel', emission: '6' }, 0.87 - electric],
    ])
  }

  private certificate(on: CivilDate): string {
    return `SL${on.slice(0, 4)}${String(this.random.int(0, 9_999_999)).padStart(7, '0')}`
  }

  /** So many of a number of places true, in no order. */
  private shuffledShare(places: number, wanted: number): boolean[] {
    const left = Array.from({ length: places }, (_, i) => i < wanted)
    return Array.from({ length: places }, () => this.random.take(left) === true)
  }
}

const stockOf = (vehicles: readonly SampleVehicle[]): SampleRow[] =>
  vehicles.map((vehicle) => ({ kind: 'stock', on: null, vehicle }))
