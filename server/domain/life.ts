import type { ChangeDraft, VehicleFacts } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import type { Kind, Reason, Status } from './vocabulary.ts'
import { isEntry } from './vocabulary.ts'

/** A change as one vehicle sees it: its own, or a replacement that retired it. */
export interface LifeEvent {
  /** change id */
  change: string
  kind: Kind
  role: 'subject' | 'replaced'
  on: CivilDate
  /** the vehicle's facts after the event */
  facts: VehicleFacts
  reason: Reason | null
  packs: number | null
  /** the VINs at the other side of a replacement */
  others: string[]
}

/** A vehicle's events in the order in which they happened. */
export type Life = readonly LifeEvent[]

/** What a life comes to at the end of a day. */
export interface VehicleState {
  facts: VehicleFacts
  status: Status
  enteredOn: CivilDate
  exitedOn: CivilDate | null
  exitReason: Reason | 'replaced' | null
  /** how often the vehicle has come into service, 1 for most */
  spell: number
  replaces: string[]
  replacedBy: string | null
}

const RANK: Record<Kind, number> = {
  stock: 0,
  added: 0,
  replaced: 0,
  transferred: 1,
  'battery-swap': 2,
  retired: 3,
}
const rank = (event: LifeEvent): number => (event.role === 'replaced' ? 3 : RANK[event.kind])

/** True for an event that takes the vehicle out of service. */
export const isExit = (event: Pick<LifeEvent, 'role' | 'kind'>): boolean =>
  event.role === 'replaced' || event.kind === 'retired'

const entersService = (event: LifeEvent): boolean => event.role === 'subject' && isEntry(event.kind)

/** The order of events: by date; on one day entry, transfer, battery swap, exit. */
export const byTime = (a: LifeEvent, b: LifeEvent): number =>
  a.on < b.on ? -1 : a.on > b.on ? 1 : rank(a) - rank(b)

/** The events that a change makes, one for each vehicle that it touches. */
export function eventsOf(id: string, change: ChangeDraft): LifeEvent[] {
  const { kind, on, reason, packs } = change
  const base = { change: id, kind, on, reason, packs }
  return [
    { ...base, role: 'subject', facts: change.vehicle, others: change.retires.map((r) => r.vin) },
    ...change.retires.map(
      (old): LifeEvent => ({
        ...base,
        role: 'replaced',
        facts: old,
        others: [change.vehicle.vin],
      }),
    ),
  ]
}

/** The vehicle's state at the end of a day (of all time without one); undefined before it came into service. */
export function stateOf(life: Life, at?: CivilDate): VehicleState | undefined {
  let state: VehicleState | undefined
  for (const event of life) {
    if (at !== undefined && event.on > at) break
    state = afterEvent(state, event)
  }
  return state
}

function afterEvent(state: VehicleState | undefined, event: LifeEvent): VehicleState | undefined {
  if (entersService(event)) {
    return {
      facts: event.facts,
      status: 'active',
      enteredOn: event.on,
      exitedOn: null,
      exitReason: null,
      spell: (state?.spell ?? 0) + 1,
      replaces: event.others,
      replacedBy: null,
    }
  }
  if (!state) return undefined
  if (!isExit(event)) return { ...state, facts: event.facts }
  return {
    ...state,
    facts: event.facts,
    status: 'retired',
    exitedOn: event.on,
    exitReason: event.role === 'replaced' ? 'replaced' : event.reason,
    replacedBy: event.role === 'replaced' ? (event.others[0] ?? null) : null,
  }
}

/**
 * The first event that cannot have happened after those before it: anything before the vehicle came into service,
 * a second entry while in service, anything after it left. Undefined when the life holds together.
 */
export function impossibleEvent(life: Life): LifeEvent | undefined {
  let inService = false
  for (const event of life) {
    if (entersService(event) === inService) return event
    inService = !isExit(event)
  }
  return undefined
}

/** True if the vehicle carried the plate in service at some time on or after a day. */
export function holdsPlateFrom(life: Life, plate: string, from: CivilDate): boolean {
  return plateSpells(life).some((s) => s.plate === plate && (s.to === null || s.to > from))
}

/** True if the vehicle carried the plate in service at the start of a day or came to it on that day. */
export function holdsPlateOn(life: Life, plate: string, on: CivilDate): boolean {
  return plateSpells(life).some((s) => s.plate === plate && s.from <= on && (s.to === null || s.to >= on))
}

/** The plates that a vehicle carried, each with the days from (included) and to (not included). */
export function plateSpells(life: Life): { plate: string; from: CivilDate; to: CivilDate | null }[] {
  const spells: { plate: string; from: CivilDate; to: CivilDate | null }[] = []
  let open: { plate: string; from: CivilDate; to: CivilDate | null } | undefined
  for (const event of life) {
    if (open && (isExit(event) || event.facts.plate !== open.plate)) {
      open.to = event.on
      open = undefined
    }
    if (!open && !isExit(event)) {
      open = { plate: event.facts.plate, from: event.on, to: null }
      spells.push(open)
    }
  }
  return spells
}

/** A vehicle's times in service: the days from (included) and to (not included; null while it lasts). */
export function serviceSpells(life: Life): { from: CivilDate; to: CivilDate | null }[] {
  const spells: { from: CivilDate; to: CivilDate | null }[] = []
  for (const event of life) {
    const open = spells.at(-1)
    if (entersService(event)) spells.push({ from: event.on, to: null })
    else if (open && open.to === null && isExit(event)) open.to = event.on
  }
  return spells
}
