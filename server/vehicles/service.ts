import type { z } from 'zod'
import { narrow, type Scope } from '../accounts/permissions.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import { alikeAtEnd } from '../database/ordered.ts'
import { type CivilDate, civilDateAt, isCivilDate } from '../domain/civil-date.ts'
import { isVin } from '../domain/vin.ts'
import { allPages, decodeCursor, encodeCursor, isRowNumber, pageFrom } from '../http/cursor.ts'
import { notFound } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import { byAge } from './filter.ts'
import { historyWithin, lastWithin, platesWithin } from './history.ts'
import type { VehicleDoc, VehicleModel } from './model.ts'
import { VehiclePages } from './pages.ts'
import { type Moment, PastVehicles } from './past.ts'
import type {
  Counted,
  pastQuery,
  Vehicle,
  VehicleFilter,
  VehicleWithHistory,
  vehicleQuery,
} from './schema.ts'
import { stateView, vehicleView, withoutForeign } from './view.ts'

export interface VehicleParts {
  vehicles: VehicleModel
  changes: ChangeModel
  clock: LedgerClock
  operators: Operators
  timeZone: string
}

type PastQuery = z.output<typeof pastQuery>

/** Vehicles as they are and as they were, and their lives. */
export class VehicleService {
  private readonly parts: VehicleParts
  private readonly pages: VehiclePages
  private readonly past: PastVehicles

  constructor(parts: VehicleParts) {
    this.parts = parts
    this.pages = new VehiclePages(parts.vehicles)
    this.past = new PastVehicles(parts.changes, parts.vehicles)
  }

  /** A page of the vehicles that meet the filters, in the order that `vehicleQuery` tells. */
  async list(asked: z.output<typeof vehicleQuery>, scope: Scope, now: Date) {
    return this.page(asked, await this.momentOf(asked, now), scope, now)
  }

  private async page(
    asked: z.output<typeof vehicleQuery>,
    moment: Moment | undefined,
    scope: Scope,
    now: Date,
  ) {
    const query = narrow(asked, scope)
    if (!query) return { items: [], nextCursor: null, total: 0, ...shownMoment(moment) }
    if (moment) return this.pastPage(query, moment, scope)
    const plan = await this.pages.plan(query, this.today(now))
    const after = query.cursor ? placeOf(query.cursor) : undefined
    const found = await this.pages.read(plan, query.limit + 1, after)
    const ordering = byAge(query) ? 'registeredOn' : 'enteredOn'
    const page = pageFrom(found, query.limit, (last) => {
      const days = found.slice(0, query.limit).map((doc) => doc[ordering] ?? '')
      const passed = alikeAtEnd(days, after && { value: after.on, passed: after.passed })
      return [last[ordering] ?? '', last._id, String(passed)]
    })
    const names = await this.parts.operators.namesOf(page.items.map((doc) => doc.operator))
    const shown = page.items.map((doc) => vehicleView(doc, names))
    const items = await withoutForeign(shown, scope, this.parts.vehicles)
    // Counted apart, where it takes more than looking at the only page.
    const total = !after && page.nextCursor === null ? { total: items.length } : {}
    return { ...page, items, ...total }
  }

  private async pastPage(
    query: VehicleFilter & { limit: number; cursor?: string | undefined },
    moment: Moment,
    scope: Scope,
  ) {
    const [after] = query.cursor ? decodeCursor(query.cursor, 1, [isVin]) : []
    const { found, upTo } = await this.past.page(query, moment, query.limit, after)
    const names = await this.parts.operators.namesOf(found.map((state) => state.facts.operator))
    const shown = found.map((state) => stateView(state, names))
    const items = await withoutForeign(shown, scope, this.parts.vehicles)
    const nextCursor = upTo === null ? null : encodeCursor([upTo])
    const total = !after && nextCursor === null ? { total: items.length } : {}
    return { items, nextCursor, ...total, ...shownMoment(moment) }
  }

  /**
   * How many vehicles meet the filters. Of a past list so much is looked through as one request may take: `atLeast`
   * says that there may be more.
   */
  async count(asked: VehicleFilter, scope: Scope, now: Date): Promise<Counted> {
    const moment = await this.momentOf(asked, now)
    const query = narrow(asked, scope)
    if (!query) return { total: 0 }
    if (moment) return this.past.count(query, moment)
    return { total: await this.pages.count(await this.pages.plan(query, this.today(now))) }
  }

  /**
   * All vehicles that meet the filters, in batches, in the list's order.
   * @param moment of a view of the past (see `momentOf`)
   */
  all(asked: VehicleFilter, moment: Moment | undefined, scope: Scope, now: Date): AsyncIterable<Vehicle[]> {
    return allPages<Vehicle>((cursor) => this.page({ ...asked, limit: BATCH, cursor }, moment, scope, now))
  }

  /**
   * One vehicle with its life, as `vehicleWithHistory` tells.
   * @throws Problem 404, also for one that never lay within the scope, or was not known then
   */
  async get(vin: string, scope: Scope, past: PastQuery, now: Date): Promise<VehicleWithHistory> {
    const moment = await this.momentOf(past, now)
    const life = moment
      ? (await this.past.life(vin, moment)).filter((event) => event.on <= moment.asOf)
      : ((await this.find(vin))?.life ?? [])
    const own = lastWithin(life, scope)
    if (!own) throw notFound()
    const { changes, operators, vehicles } = this.parts
    const names = await operators.namesOf([own.state.facts.operator])
    const shown = await withoutForeign([stateView(own.state, names)], scope, vehicles)
    return {
      ...(shown[0] ?? stateView(own.state, names)),
      plates: platesWithin(life, scope),
      ...(await historyWithin(vin, scope, own.movedOn, { changes, operators }, moment)),
      movedOn: own.movedOn,
      ...shownMoment(moment),
    }
  }

  private find(vin: string): Promise<VehicleDoc | null> {
    return this.parts.vehicles.collection.findOne<VehicleDoc>({ _id: vin } as never)
  }

  private today(now: Date): CivilDate {
    return civilDateAt(now, this.parts.timeZone)
  }

  /** The moment that is asked for; undefined for the present. What is not settled yet is not known yet. */
  async momentOf({ asOf, knownAt }: PastQuery, now: Date): Promise<Moment | undefined> {
    if (asOf === undefined && knownAt === undefined) return undefined
    return { asOf: asOf ?? this.today(now), knownAt: await this.parts.clock.settled(knownAt, now) }
  }
}

/** Where a page of the present list ended: the ordering date, the VIN, and how many of that date there were. */
function placeOf(cursor: string): { on: string; vin: string; passed: number } {
  const [on = '', vin = '', passed = ''] = decodeCursor(cursor, 3, [isCivilDate, isVin, isRowNumber])
  return { on, vin, passed: Number(passed) }
}

/** Vehicles read at a time for an export. */
const BATCH = 100

const shownMoment = (moment: Moment | undefined) =>
  moment ? { asOf: moment.asOf, knownAt: moment.knownAt.toISOString() } : {}
