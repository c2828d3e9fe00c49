import { type ChangeDraft, touchedVins, type VehicleFacts } from './change.ts'
import { byTime, eventsOf, isExit, type Life, type LifeEvent } from './life.ts'
import type { RowValues } from './row.ts'
import { hasExhaust, isEntry, isNewEnergy } from './vocabulary.ts'

/**
 * Saying a recorded change anew. What later entries copied of the vehicle follows: each entry is taken for what it
 * says by itself (an entry into service: everything; a transfer: what it moves; others: nothing, or the emission
 * standard that was missing), and the rest is taken anew from what comes before it.
 */

/** A recorded change. */
export interface Entry extends ChangeDraft {
  id: string
}

/** What a vehicle is, as opposed to where and whose: it was so from the day on which it came into service. */
const NATURE = ['category', 'energy', 'emission', 'registeredOn'] as const
export type Nature = Partial<Pick<VehicleFacts, (typeof NATURE)[number]>>
const FACTS = ['plate', ...NATURE, 'operator', 'county'] as const

/** What comes of saying a change anew. */
export interface Restated {
  /** other entries that copied what is put right, as they read then */
  rewritten: { id: string; before: ChangeDraft; after: ChangeDraft }[]
  /** entries that could not have happened then */
  dangling: LifeEvent[]
  /** the lives of the vehicles concerned before and after; the change said anew has no id in them */
  before: Map<string, Life>
  after: Map<string, Life>
}

/** One event, and the facts that it says by itself. */
interface Step {
  event: LifeEvent
  own: Partial<VehicleFacts>
}

/** What is asked of a vehicle's nature that an entry says otherwise. */
export function natureAsked(values: RowValues, facts: VehicleFacts): Nature {
  const asked = NATURE.filter((f) => values[f] !== undefined && values[f] !== facts[f])
  return electric(Object.fromEntries(asked.map((f) => [f, values[f]])))
}

/** The differences of nature between two statements about one vehicle. */
function natureMoved(before: VehicleFacts, after: VehicleFacts): Nature {
  const moved = NATURE.filter((f) => before[f] !== after[f])
  return electric(Object.fromEntries(moved.map((f) => [f, after[f]])))
}

const electric = (nature: Nature): Nature =>
  nature.energy !== undefined && !hasExhaust(nature.energy) ? { ...nature, emission: null } : nature

/**
 * The lives against which a change is checked that is to be said anew: without it, and with what its new statement
 * says of the vehicle's nature. Where it brought the vehicle into service, what came after it is set aside.
 * @param others all other entries of its vehicles that are not withdrawn, in the order of their recording
 */
export function livesWithout(old: Entry, others: readonly Entry[], nature: Nature): Map<string, LifeEvent[]> {
  const steps = stepsOf([...others, old], touchedVins(old))
  applyNature(steps, old, nature)
  return new Map(
    [...steps].map(([vin, all]) => {
      const at = all.findIndex((s) => s.event.change === old.id)
      const aside = at >= 0 && vin === old.vehicle.vin && isEntry(old.kind)
      const kept = aside ? all.slice(0, at) : all.filter((s) => s.event.change !== old.id)
      return [vin, fold(kept)]
    }),
  )
}

/**
 * Says a change anew.
 * @param others all other entries of the vehicles concerned that are not withdrawn, in the order of their recording
 * @param asked what is asked of the vehicle's nature, where the change is not the one that says it
 */
export function restate(old: Entry, anew: ChangeDraft, others: readonly Entry[], asked: Nature): Restated {
  const vins = [...new Set([...touchedVins(old), ...touchedVins(anew)])]
  const steps = stepsOf([...others, old], vins)
  const before = new Map([...steps].map(([vin, all]) => [vin, all.map((s) => s.event)]))
  const same = old.vehicle.vin === anew.vehicle.vin
  const says = same && isEntry(old.kind) && isEntry(anew.kind)
  applyNature(steps, old, says ? natureMoved(old.vehicle, anew.vehicle) : asked)
  const after = new Map<string, LifeEvent[]>()
  for (const vin of vins) {
    const kept = (steps.get(vin) ?? []).filter((s) => s.event.change !== old.id)
    const mine = eventsOf('', anew).find((e) => e.facts.vin === vin)
    after.set(vin, fold(mine ? placed(kept, mine) : kept))
  }
  const rewritten = others.flatMap((entry) => rewrittenOf(entry, after))
  return { rewritten, dangling: danglingIn(after, before), before, after }
}

function stepsOf(entries: readonly Entry[], vins: readonly string[]): Map<string, Step[]> {
  const lives = new Map<string, LifeEvent[]>(vins.map((vin) => [vin, []]))
  for (const entry of entries)
    for (const event of eventsOf(entry.id, entry)) lives.get(event.facts.vin)?.push(event)
  return new Map(
    [...lives].map(([vin, life]) => {
      const sorted = life.sort(byTime)
      return [vin, sorted.map((event, i) => ({ event, own: ownOf(event, sorted[i - 1]?.facts) }))]
    }),
  )
}

function ownOf(event: LifeEvent, before: VehicleFacts | undefined): Partial<VehicleFacts> {
  if (!before || comesIn(event)) return event.facts
  const own = FACTS.filter((f) => event.facts[f] !== before[f])
  return Object.fromEntries(own.map((f) => [f, event.facts[f]]))
}

const comesIn = ({ role, kind }: LifeEvent): boolean => role === 'subject' && isEntry(kind)

/** Puts right what a vehicle is in the spell of service that an entry belongs to. */
function applyNature(steps: Map<string, Step[]>, old: Entry, nature: Nature): void {
  if (Object.keys(nature).length === 0) return
  const all = steps.get(old.vehicle.vin) ?? []
  const at = all.findIndex((s) => s.event.change === old.id)
  const starts = all.flatMap((s, i) => (comesIn(s.event) ? [i] : []))
  const start = starts.filter((i) => i <= at).at(-1) ?? 0
  const end = starts.find((i) => i > at) ?? all.length
  for (const step of all.slice(start, end)) {
    const said = Object.entries(step.own).filter(([f]) => !(f in nature))
    step.own = comesIn(step.event) ? { ...step.own, ...nature } : Object.fromEntries(said)
  }
}

/** The events with what they say by themselves upon what came before. */
function fold(steps: readonly Step[]): LifeEvent[] {
  let before: VehicleFacts | undefined
  return steps.map(({ event, own }) => {
    const facts = { ...(before ?? event.facts), ...own }
    before = facts
    return { ...event, facts }
  })
}

/** Steps with one more in its place, on equal terms after those that were there. */
function placed(steps: readonly Step[], event: LifeEvent): Step[] {
  const at = steps.findLastIndex((s) => byTime(s.event, event) <= 0) + 1
  const before = fold(steps.slice(0, at)).at(-1)?.facts
  return [...steps.slice(0, at), { event, own: ownOf(event, before) }, ...steps.slice(at)]
}

function rewrittenOf(entry: Entry, lives: ReadonlyMap<string, Life>): Restated['rewritten'] {
  const { id, ...before } = entry
  const factsOf = (facts: VehicleFacts) => lives.get(facts.vin)?.find((e) => e.change === id)?.facts ?? facts
  const vehicle = factsOf(before.vehicle)
  const after: ChangeDraft = {
    ...before,
    vehicle,
    retires: before.retires.map(factsOf),
    from: before.from && placeBefore(id, before.from, lives.get(vehicle.vin)),
  }
  const same =
    sameFacts(vehicle, before.vehicle) &&
    before.retires.every((old) => sameFacts(factsOf(old), old)) &&
    samePlace(after.from, before.from)
  return same ? [] : [{ id, before, after }]
}

const sameFacts = (a: VehicleFacts, b: VehicleFacts): boolean => FACTS.every((f) => a[f] === b[f])
const samePlace = (a: ChangeDraft['from'], b: ChangeDraft['from']): boolean =>
  a?.operator === b?.operator && a?.county === b?.county

function placeBefore(id: string, from: { operator: string; county: string }, life: Life = []) {
  const facts = life[life.findIndex((e) => e.change === id) - 1]?.facts
  return facts ? { operator: facts.operator, county: facts.county } : from
}

/** The events, of those recorded, that do not hold in the new lives and did in the old ones. */
function danglingIn(after: ReadonlyMap<string, Life>, before: ReadonlyMap<string, Life>): LifeEvent[] {
  const found = new Map<string, LifeEvent>()
  for (const [vin, life] of after) {
    const held = new Set(senseless(before.get(vin) ?? []).map((e) => e.change))
    const empty = senseless(life).filter((e) => !held.has(e.change))
    for (const event of [...impossible(life), ...empty])
      if (event.change !== '') found.set(event.change, event)
  }
  return [...found.values()]
}

/** The events that must go for a life to hold together. */
function impossible(life: Life): LifeEvent[] {
  let inService = false
  return life.filter((event) => {
    if (comesIn(event) === inService) return true
    inService = !isExit(event)
    return false
  })
}

/** Events of a life that mean nothing: a transfer to where the vehicle is, a swap without a battery, one too early. */
const senseless = (life: Life): LifeEvent[] =>
  life.filter((event, i) => {
    const facts = life[i - 1]?.facts
    if (event.role !== 'subject' || isEntry(event.kind) || !facts) return false
    const { plate, operator, county, registeredOn, energy } = event.facts
    if (event.kind === 'transferred')
      return plate === facts.plate && operator === facts.operator && county === facts.county
    if (registeredOn !== null && event.on < registeredOn) return true
    return event.kind === 'battery-swap' && !isNewEnergy(energy)
  })
