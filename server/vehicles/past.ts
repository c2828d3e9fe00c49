import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { knownBy } from '../compliance/evidence.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import { type Life, plateSpells, serviceSpells, stateOf, type VehicleState } from '../domain/life.ts'
import { livesOf } from './derive.ts'
import { registeredBetween } from './filter.ts'
import { fragmentTexts, SHORTEST } from './fragments.ts'
import type { VehicleModel } from './model.ts'
import type { Counted, VehicleFilter } from './schema.ts'

/** Vehicles looked at in one go. */
const BATCH = 250
/** Vehicles looked at for one page: what keeps a page of a rare kind from reading the whole ledger. */
const PER_PAGE = 5000
/** Vehicles looked at to count: more than most cities have, and no more than a request may take. */
const PER_COUNT = 20_000

/** The moment that is asked for. */
export interface Moment {
  asOf: CivilDate
  knownAt: Date
}

/** The register as it was on a day, as it was known at an instant: made from the ledger. In the order of VINs. */
export class PastVehicles {
  private readonly changes: ChangeModel
  private readonly vehicles: VehicleModel

  constructor(changes: ChangeModel, vehicles: VehicleModel) {
    this.changes = changes
    this.vehicles = vehicles
  }

  /**
   * A page.
   * @param after the VIN behind which it begins
   * @returns the vehicles as they were, and the VIN up to which the register has been looked through; null at its end
   */
  async page(asked: VehicleFilter, moment: Moment, limit: number, after = '', most = PER_PAGE) {
    const found: VehicleState[] = []
    let upTo = after
    for (let seen = 0; seen < most; seen += BATCH) {
      const { vins, last } = await this.next(asked, upTo)
      for (const [vin, life] of await this.lives(vins, moment)) {
        const state = stateOf(life, moment.asOf)
        if (!state || !fits(state, life, asked, moment)) continue
        found.push(state)
        if (found.length === limit) return { found, upTo: vin }
      }
      if (last === null) return { found, upTo: null }
      upTo = last
    }
    return { found, upTo }
  }

  /**
   * How many there are among the first ones of the register.
   * @param most how many vehicles are looked at
   * @returns `atLeast` when the register goes on behind those
   */
  async count(asked: VehicleFilter, moment: Moment, most = PER_COUNT): Promise<Counted> {
    let total = 0
    let after: string | null = ''
    for (let seen = 0; after !== null && seen < most; seen += BATCH) {
      const looked: Awaited<ReturnType<PastVehicles['page']>> = await this.page(
        ...([asked, moment, BATCH + 1, after, BATCH] as const),
      )
      total += looked.found.length
      after = looked.upTo
    }
    return after === null ? { total } : { total, atLeast: true }
  }

  /** A vehicle's life as known at an instant. */
  async life(vin: string, { knownAt }: Pick<Moment, 'knownAt'>): Promise<Life> {
    return (await this.lives([vin], { knownAt })).get(vin) ?? []
  }

  /** Lives as known at an instant, in the order of VINs. */
  private async lives(vins: string[], { knownAt }: Pick<Moment, 'knownAt'>): Promise<Map<string, Life>> {
    const entries = await this.changes.collection
      .find<ChangeDoc>({ $and: [{ vins: { $in: vins } }, knownBy(knownAt)] } as never)
      .sort({ recordedAt: 1, _id: 1 })
      .toArray()
    const lives = livesOf(entries, new Set(vins))
    return new Map(vins.flatMap((vin) => (lives.has(vin) ? [[vin, lives.get(vin) ?? []]] : [])))
  }

  /**
   * The next VINs that the ledger ever named. Every vehicle of the register is among them, and those all of whose
   * entries have been withdrawn since.
   * @returns `last`: how far they reach, null when there are no more
   */
  private async next(
    { operator }: VehicleFilter,
    after: string,
  ): Promise<{ vins: string[]; last: string | null }> {
    if (operator) return this.nextOf(operator, after)
    const [present, withdrawn] = await Promise.all([
      this.vehicles.collection
        .find<{ _id: string }>({ _id: { $gt: after } } as never, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray(),
      this.changes.collection
        .find<Pick<ChangeDoc, 'vehicle'>>({ voided: true, 'vehicle.vin': { $gt: after } } as never, {
          projection: { 'vehicle.vin': 1 },
        })
        .sort({ 'vehicle.vin': 1 })
        .limit(BATCH)
        .toArray(),
    ])
    const streams = [present.map((v) => v._id), withdrawn.map((c) => c.vehicle.vin)]
    const ends = streams.flatMap((vins) => (vins.length === BATCH ? [vins.at(-1) ?? ''] : []))
    const last = ends.length === 0 ? null : ends.reduce((a, b) => (a < b ? a : b))
    const vins = [...new Set(streams.flat())].filter((vin) => last === null || vin <= last).sort()
    return { vins, last }
  }

  /** The same of vehicles that were ever one operator's: the entry by which they became so is theirs. */
  private async nextOf(operator: string, after: string): Promise<{ vins: string[]; last: string | null }> {
    const own = { 'vehicle.operator': operator, 'vehicle.vin': { $gt: after } }
    const entries = this.changes.collection.find<Pick<ChangeDoc, 'vehicle'>>(own as never, {
      projection: { 'vehicle.vin': 1 },
    })
    const vins = new Set<string>()
    for await (const { vehicle } of entries) vins.add(vehicle.vin)
    const sorted = [...vins].sort()
    const batch = sorted.slice(0, BATCH)
    return { vins: batch, last: sorted.length > BATCH ? (batch.at(-1) ?? null) : null }
  }
}

/** Whether a vehicle was then what is asked for. */
function fits(state: VehicleState, life: Life, asked: VehicleFilter, { asOf }: Moment): boolean {
  const { facts } = state
  if (asked.category && !asked.category.includes(facts.category)) return false
  if (asked.energy && !asked.energy.includes(facts.energy)) return false
  if (asked.emission && !asked.emission.includes(facts.emission ?? 'none')) return false
  if (asked.status && asked.status !== state.status) return false
  if (asked.county && !facts.county.startsWith(asked.county)) return false
  if (asked.operator && asked.operator !== facts.operator) return false
  const then = life.filter((event) => event.on <= asOf)
  return hasAge(facts.registeredOn, asked, asOf) && wasInService(then, asked) && holds(facts.vin, then, asked)
}

function hasAge(registeredOn: CivilDate | null, asked: VehicleFilter, asOf: CivilDate): boolean {
  const between = registeredBetween(asked, asOf)
  if (!between) return true
  if (registeredOn === null) return false
  return (
    (between.$lte === undefined || registeredOn <= between.$lte) &&
    (between.$gt === undefined || registeredOn > between.$gt)
  )
}

const wasInService = (life: Life, { inServiceOn: day }: VehicleFilter): boolean =>
  day === undefined || serviceSpells(life).some((s) => s.from <= day && (s.to === null || s.to > day))

function holds(vin: string, life: Life, { q }: VehicleFilter): boolean {
  if (!q) return true
  const own = [vin, ...plateSpells(life).map((s) => s.plate)]
  return fragmentTexts(q).some((text) =>
    own.some((one) => (text.length < SHORTEST ? one.startsWith(text) : one.includes(text))),
  )
}
