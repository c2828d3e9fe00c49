import { addDays, type CivilDate } from '../domain/civil-date.ts'
import { endOfLife, type LifeGroup } from '../domain/due.ts'
import { type DueReads, type ListedVehicle, type Place, registeredWithin, type Window } from './reads.ts'

/** Where a list of due vehicles goes on: behind a vehicle of one of the policy's groups. */
export interface DuePlace {
  group: number
  registeredOn: CivilDate
  vin: string
}

/** A group with its number among the policy's. */
export type NumberedGroup = LifeGroup & { number: number }

/** A vehicle of the list. */
export interface DueListed {
  vehicle: ListedVehicle
  group: NumberedGroup
  /** the last day of its service life */
  dueOn: CivilDate
}

/**
 * Vehicles of several groups by the end of their service lives: of each group those that come next, merged. Of those
 * that end on one day, the groups follow each other, so that each is read from where it stands.
 */
export async function dueNext(
  reads: DueReads,
  groups: readonly NumberedGroup[],
  place: Place,
  window: Window,
  limit: number,
  after: (DuePlace & { dueOn: CivilDate }) | undefined,
): Promise<DueListed[]> {
  const parts = await Promise.all(
    groups.map(async (group) => {
      const same = after?.group === group.number ? after : undefined
      // Of the same day the groups before have all been told, those behind have not.
      const next = after && (group.number < after.group ? addDays(after.dueOn, 1) : after.dueOn)
      const from =
        next !== undefined && (window.from === undefined || next > window.from) ? next : window.from
      const on = registeredWithin({ from, to: window.to }, group.years)
      const found = await reads.list(group, place, on, limit, { after: same })
      return found.map((vehicle) => listed(vehicle, group))
    }),
  )
  return parts.flat().sort(byEnd).slice(0, limit)
}

const listed = (vehicle: ListedVehicle, group: NumberedGroup): DueListed => ({
  ...{ vehicle, group },
  dueOn: endOfLife(vehicle.registeredOn ?? '', group.years),
})

/** Each group comes in the order of its own. */
const byEnd = (a: DueListed, b: DueListed): number =>
  a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.group.number - b.group.number

/** Vehicles of one group that have been read and not told yet. */
class Ahead {
  private readonly read: (after: ListedVehicle | undefined) => Promise<DueListed[]>
  private waiting: DueListed[] = []
  private last: ListedVehicle | undefined
  private ended = false

  constructor(read: Ahead['read']) {
    this.read = read
  }

  /** The next one, left where it is; undefined when there are no more. */
  async peek(): Promise<DueListed | undefined> {
    if (this.waiting.length === 0 && !this.ended) {
      this.waiting = (await this.read(this.last)).reverse()
      this.last = this.waiting[0]?.vehicle
      this.ended = this.last === undefined
    }
    return this.waiting.at(-1)
  }

  take(): void {
    this.waiting.pop()
  }
}

/** All of the same list, in batches; each vehicle is read once, and no more than a batch of each group is held. */
export async function* dueAll(
  reads: DueReads,
  groups: readonly NumberedGroup[],
  place: Place,
  window: Window,
  size: number,
): AsyncIterable<DueListed[]> {
  const aheads = groups.map((group) => {
    const on = registeredWithin(window, group.years)
    return new Ahead(async (last) => {
      const after = last && { registeredOn: last.registeredOn, vin: last._id }
      const found = await reads.list(group, place, on, size, { after })
      return found.map((vehicle) => listed(vehicle, group))
    })
  })
  let batch: DueListed[] = []
  for (;;) {
    let first: { ahead: Ahead; next: DueListed } | undefined
    for (const ahead of aheads) {
      const next = await ahead.peek()
      if (next && (!first || byEnd(next, first.next) < 0)) first = { ahead, next }
    }
    if (!first) break
    first.ahead.take()
    batch.push(first.next)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
