import { liesIn } from '../domain/regions.ts'
import { EXCEPTION_REASONS, type ExceptionReason, type Exceptions, type ReportException } from './schema.ts'

/** So many of each reason are listed of the city, and of each county; all are counted. */
const LISTED = { city: 300, county: 150 }

type Held = Record<ExceptionReason, { total: number; items: ReportException[] }>

/**
 * A report's exceptions as they are found: counted for the city, each county and each operator, and the latest of each
 * reason kept for the city and each county.
 */
export class ExceptionLists {
  private readonly city = held()
  private readonly counties: ReadonlyMap<string, Held>
  private readonly owners = new Map<string, Record<ExceptionReason, number>>()
  private names: ReadonlyMap<string, string> = new Map()

  constructor(regions: readonly { code: string }[]) {
    this.counties = new Map(regions.map(({ code }) => [code, held()]))
  }

  add(item: ReportException): void {
    keep(this.city[item.reason], item, LISTED.city)
    const own = this.owners.get(item.operator.id) ?? noneByReason()
    own[item.reason]++
    this.owners.set(item.operator.id, own)
    for (const [code, list] of this.counties)
      if (liesIn(item.county, code)) keep(list[item.reason], item, LISTED.county)
  }

  /** Whose they are. */
  operators(): Set<string> {
    const lists = [this.city, ...this.counties.values()].flatMap((list) => Object.values(list))
    return new Set(lists.flatMap(({ items }) => items.map(({ operator }) => operator.id)))
  }

  /** Gives operators their names. */
  named(names: ReadonlyMap<string, string>): this {
    this.names = names
    return this
  }

  /** Those of the city, or of a county. */
  of(county?: string): Exceptions {
    const list = county === undefined ? this.city : (this.counties.get(county) ?? held())
    const totals = EXCEPTION_REASONS.map((reason) => [reason, list[reason].total] as const)
    return {
      total: totals.reduce((sum, [, total]) => sum + total, 0),
      byReason: Object.fromEntries(totals) as Record<ExceptionReason, number>,
      ...(county === undefined ? { operators: this.byOperator() } : {}),
      items: EXCEPTION_REASONS.flatMap((reason) => {
        const limit = county === undefined ? LISTED.city : LISTED.county
        return latest(list[reason].items, limit).map((item) => this.withName(item))
      }),
    }
  }

  private byOperator(): NonNullable<Exceptions['operators']> {
    const own = [...this.owners].map(([id, byReason]) => ({ id, byReason }))
    return own.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  private withName({ operator, ...item }: ReportException): ReportException {
    return { ...item, operator: { id: operator.id, name: this.names.get(operator.id) ?? operator.id } }
  }
}

/** Nothing of any reason, to be counted on from. */
export const noneByReason = (): Record<ExceptionReason, number> => ({
  ...{ 'not-new-energy': 0, 'breach-confirmed': 0, undetermined: 0, 'recorded-late': 0 },
})

const held = (): Held => ({
  'not-new-energy': { total: 0, items: [] },
  'breach-confirmed': { total: 0, items: [] },
  undetermined: { total: 0, items: [] },
  'recorded-late': { total: 0, items: [] },
})

/** Twice as many as are listed are held before the earliest are let go. */
function keep(list: { total: number; items: ReportException[] }, item: ReportException, limit: number): void {
  list.total++
  list.items.push(item)
  if (list.items.length > 2 * limit) list.items = latest(list.items, limit)
}

const place = ({ on, change, vin }: ReportException) => `${on} ${change} ${vin}`

const latest = (items: ReportException[], limit: number): ReportException[] =>
  items.toSorted((a, b) => (place(a) < place(b) ? 1 : -1)).slice(0, limit)

/** Exceptions as a list has them: by reason, the latest first. */
export const inOrder = (items: ReportException[]): ReportException[] =>
  EXCEPTION_REASONS.flatMap((reason) =>
    latest(
      items.filter((item) => item.reason === reason),
      items.length,
    ),
  )
