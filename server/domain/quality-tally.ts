import type { ChangeDraft, VehicleFacts } from './change.ts'
import { type CivilDate, monthOf } from './civil-date.ts'
import { type Arrival, delayOf, doubtsOf, isNews } from './quality.ts'
import { liesIn } from './regions.ts'
import { isEntry } from './vocabulary.ts'

/** What is counted of an operator's entries of one month in one county, of those in effect. */
export interface QualitySum {
  entries: number
  /** of them, those that could be late: all but the inventory */
  changes: number
  late: number
  /** of the late ones, those that were sent in time */
  excused: number
  /** of all entries, those with something doubtful */
  doubtful: number
}

/** Vehicles in service now. */
export interface FleetSum {
  vehicles: number
  dieselTrucks: number
}

export interface QualityCell extends QualitySum {
  operator: string
  county: string
  /** the month in which it happened, `YYYY-MM` */
  month: string
}

export interface FleetCell extends FleetSum {
  operator: string
  county: string
}

/** Which cells: of a county and what lies in it, of an operator, of the months from one to another. */
export interface QualityPart {
  county?: string | undefined
  operator?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

export const noQuality = (): QualitySum => ({ entries: 0, changes: 0, late: 0, excused: 0, doubtful: 0 })
export const noFleet = (): FleetSum => ({ vehicles: 0, dieselTrucks: 0 })

/** Adds a sum to another one, or takes it away. */
function addQuality(to: QualitySum, more: QualitySum, sign: 1 | -1 = 1): void {
  to.entries += sign * more.entries
  to.changes += sign * more.changes
  to.late += sign * more.late
  to.excused += sign * more.excused
  to.doubtful += sign * more.doubtful
}

function addFleet(to: FleetSum, more: FleetSum, sign: 1 | -1 = 1): void {
  to.vehicles += sign * more.vehicles
  to.dieselTrucks += sign * more.dieselTrucks
}

type Judged = Pick<ChangeDraft, 'kind' | 'on' | 'from'> & {
  vehicle: Omit<VehicleFacts, 'emission' | 'registeredOn'>
  retires: Pick<VehicleFacts, 'operator' | 'county' | 'category' | 'energy'>[]
}

interface Own {
  cells: Map<string, QualityCell>
  fleet: Map<string, FleetCell>
  /** the first month in which anything of it was recorded, withdrawn or not */
  first: string | undefined
}

/** What is counted of the ledger for the quality of reporting, by operator: kept up to date by adding what came. */
export class QualityTally {
  private readonly own = new Map<string, Own>()

  /** Adds an entry, or takes it away again. */
  add(change: Judged, arrival: Arrival, reportingDays: number, sign: 1 | -1 = 1): void {
    const { vehicle, on } = change
    const { operator, county } = vehicle
    const news = isNews(change.kind)
    const { late, excused } = delayOf(on, arrival, reportingDays)
    const sum: QualitySum = {
      entries: 1,
      changes: Number(news),
      late: Number(news && late),
      excused: Number(news && excused),
      doubtful: Number(doubtsOf(vehicle).length > 0),
    }
    this.put({ operator, county, month: monthOf(on), ...sum }, sign)
    if (isEntry(change.kind)) this.move(vehicle, vehicle, sign)
    if (change.kind === 'retired') this.move(vehicle, vehicle, -sign as 1 | -1)
    if (change.kind === 'transferred' && change.from) {
      this.move(vehicle, change.from, -sign as 1 | -1)
      this.move(vehicle, vehicle, sign)
    }
    for (const old of change.retires) this.move(old, old, -sign as 1 | -1)
  }

  /** Notes that something of an operator was recorded on a day. */
  saw(operator: string, recordedOn: CivilDate): void {
    const own = this.of(operator)
    const month = monthOf(recordedOn)
    if (own.first === undefined || month < own.first) own.first = month
  }

  private move(
    facts: Pick<VehicleFacts, 'category' | 'energy'>,
    { operator, county }: { operator: string; county: string },
    sign: 1 | -1,
  ): void {
    const dieselTrucks = Number(facts.category === 'truck' && facts.energy === 'diesel')
    this.putFleet({ operator, county, vehicles: 1, dieselTrucks }, sign)
  }

  /** Adds all that another one holds. */
  take({ cells, fleet, first }: QualityCells): void {
    for (const cell of cells) this.put(cell)
    for (const cell of fleet) this.putFleet(cell)
    for (const { operator, month } of first) this.saw(operator, month)
  }

  /** All that it holds, but for what is nothing. */
  contents(): QualityCells {
    const some = (cell: object) => Object.values(cell).some((v) => typeof v === 'number' && v !== 0)
    const all = [...this.own]
    return {
      cells: all.flatMap(([, { cells }]) => [...cells.values()].filter(some)),
      fleet: all.flatMap(([, { fleet }]) => [...fleet.values()].filter(some)),
      first: all.flatMap(([operator, { first }]) => (first ? [{ operator, month: first }] : [])),
    }
  }

  private put(cell: QualityCell, sign: 1 | -1 = 1): void {
    const { cells } = this.of(cell.operator)
    const key = `${cell.month}|${cell.county}`
    const { operator, county, month } = cell
    const there = cells.get(key) ?? { operator, county, month, ...noQuality() }
    cells.set(key, there)
    addQuality(there, cell, sign)
  }

  private putFleet(cell: FleetCell, sign: 1 | -1 = 1): void {
    const { fleet } = this.of(cell.operator)
    const { operator, county } = cell
    const there = fleet.get(county) ?? { operator, county, ...noFleet() }
    fleet.set(county, there)
    addFleet(there, cell, sign)
  }

  private of(operator: string): Own {
    const own = this.own.get(operator) ?? { cells: new Map(), fleet: new Map(), first: undefined }
    this.own.set(operator, own)
    return own
  }

  /** The operators of whom anything is known. */
  operators(): Iterable<string> {
    return this.own.keys()
  }

  /** The cells of a part. */
  *cells({ county, operator, from, to }: QualityPart = {}): Iterable<QualityCell> {
    const owns = operator === undefined ? this.own.values() : [this.own.get(operator)]
    for (const own of owns)
      for (const cell of own?.cells.values() ?? [])
        if (
          (county === undefined || liesIn(cell.county, county)) &&
          (from === undefined || cell.month >= from) &&
          (to === undefined || cell.month <= to)
        )
          yield cell
  }

  /** What a part adds up to. */
  sum(part: QualityPart): QualitySum {
    const sum = noQuality()
    for (const cell of this.cells(part)) addQuality(sum, cell)
    return sum
  }

  /** What an operator's entries add up to: those of some months, and those of all times. */
  ofOperator(operator: string, county: string | undefined, { from, to }: { from: string; to: string }) {
    const [within, always] = [noQuality(), noQuality()]
    for (const cell of this.cells({ operator, county })) {
      addQuality(always, cell)
      if (cell.month >= from && cell.month <= to) addQuality(within, cell)
    }
    return { within, always }
  }

  /** What a part adds up to, by month. */
  byMonth(part: QualityPart): Map<string, QualitySum> {
    const months = new Map<string, QualitySum>()
    for (const cell of this.cells(part)) {
      const sum = months.get(cell.month) ?? noQuality()
      months.set(cell.month, sum)
      addQuality(sum, cell)
    }
    return months
  }

  /** An operator's vehicles in service, of a county or of all. */
  fleet(operator: string, county: string | undefined): FleetSum {
    const sum = noFleet()
    for (const cell of this.own.get(operator)?.fleet.values() ?? [])
      if (county === undefined || liesIn(cell.county, county)) addFleet(sum, cell)
    return sum
  }

  /** The first month in which anything of an operator was recorded. */
  firstOf(operator: string): string | undefined {
    return this.own.get(operator)?.first
  }
}

/** A tally as it is kept. */
export interface QualityCells {
  cells: QualityCell[]
  fleet: FleetCell[]
  first: { operator: string; month: string }[]
}
