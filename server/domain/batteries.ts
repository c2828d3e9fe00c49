import type { Batteries } from './change.ts'
import type { CivilDate } from './civil-date.ts'
import { type Issue, issue } from './issue.ts'

/** One thing that happened to a battery pack: put into a vehicle, or taken out of it. */
export interface PackEvent {
  /** change id; empty for one that is not recorded yet */
  change: string
  on: CivilDate
  vin: string
  what: 'installed' | 'removed'
}

/** An event that cannot have happened to a pack: it was in `where` then (null: in no vehicle). */
export interface PackFault {
  event: PackEvent
  where: string | null
}

/** What a battery swap does to one pack. */
export function packEvents(
  code: string,
  { id, on, vin, batteries }: { id: string; on: CivilDate; vin: string; batteries: Batteries },
): PackEvent[] {
  const event = { change: id, on, vin }
  return [
    ...(batteries.removed.includes(code) ? [{ ...event, what: 'removed' as const }] : []),
    ...(batteries.installed.includes(code) ? [{ ...event, what: 'installed' as const }] : []),
  ]
}

/** The codes that a swap names. */
export const codesOf = ({ installed, removed }: Batteries): string[] => [
  ...new Set([...installed, ...removed]),
]

/**
 * What is wrong with a swap's packs by themselves: the same code twice, more codes than packs.
 * @param packs how many were put in (块), if said
 */
export function packIssues({ installed, removed }: Batteries, packs: number | undefined): Issue[] {
  const all = [...installed, ...removed]
  const twice = new Set(all.filter((code, i) => all.indexOf(code) !== i))
  const issues = [...twice].map((value) => issue('battery.duplicate', 'batteries', { value }))
  if (packs !== undefined && installed.length > packs)
    issues.push(
      issue('battery.too-many', 'batteries', { count: String(installed.length), packs: String(packs) }),
    )
  return issues
}

/**
 * The first event that cannot be, as a pack is in one vehicle at a time. A pack comes free when it is taken out and
 * when its vehicle leaves service; where a pack was before its first event nobody knows.
 * @param events of one pack, in any order
 * @param exits the days on which a vehicle leaves service
 */
export function packFault(
  events: readonly PackEvent[],
  exits: (vin: string) => readonly CivilDate[],
): PackFault | undefined {
  let place: string | null | undefined
  const days = [...new Set(events.flatMap((e) => [e.on, ...exits(e.vin)]))].sort()
  for (const day of days) {
    const left = events.filter((e) => e.on === day)
    while (left.length > 0) {
      const next = possible(left, place)
      if (next) {
        left.splice(left.indexOf(next), 1)
        place = next.what === 'installed' ? next.vin : null
      } else if (place && exits(place).includes(day)) {
        place = null
      } else {
        const [event] = left
        return event && { event, where: place ?? null }
      }
    }
    if (place && exits(place).includes(day)) place = null
  }
  return undefined
}

/** What can come next of a day's events: they are recorded in any order, and a pack may pass through several hands. */
function possible(left: readonly PackEvent[], place: string | null | undefined): PackEvent | undefined {
  const taken = left.filter((e) => e.what === 'removed')
  if (place) return taken.find((e) => e.vin === place)
  const put = left.filter((e) => e.what === 'installed')
  const through = put.find((e) => taken.some((t) => t.vin === e.vin))
  if (place === null) return through ?? put[0]
  // Where it was before its first day: where it was taken out and not put in.
  return taken.find((t) => !put.some((p) => p.vin === t.vin)) ?? through ?? taken[0] ?? put[0]
}

/**
 * What stands in the way of a swap that names a pack.
 * @param mine the swap's own events of that pack
 * @param others everything else that happened to it
 * @param plateOf the plate of a vehicle, for the message
 */
export function packConflict(
  code: string,
  mine: readonly PackEvent[],
  others: readonly PackEvent[],
  exits: (vin: string) => readonly CivilDate[],
  plateOf: (vin: string) => string,
): Issue | undefined {
  const fault = packFault([...others, ...mine], exits)
  const [own] = mine
  if (!fault || !own) return undefined
  const isMine = mine.includes(fault.event)
  const event = isMine ? fault.event : own
  if (event.what === 'removed') return issue('battery.not-here', 'batteries', { value: code })
  const vin = isMine ? fault.where : fault.event.vin
  if (vin === null || vin === event.vin) return issue('battery.duplicate', 'batteries', { value: code })
  return issue('battery.elsewhere', 'batteries', { value: code, vin, plate: plateOf(vin) })
}
