import { type Filter, ObjectId } from 'mongodb'
import { isWithin, type Scope } from '../accounts/permissions.ts'
import {
  byTime,
  eventsOf,
  holdsPlateFrom,
  impossibleEvent,
  isExit,
  type LifeEvent,
  plateSpells,
} from '../domain/life.ts'
import { isEntry } from '../domain/vocabulary.ts'
import type { FieldFault } from '../http/problem.ts'
import { livesOf } from '../vehicles/derive.ts'
import type { VehicleDoc } from '../vehicles/model.ts'
import { byRecording } from './entries.ts'
import type { ChangeDoc, ChangeModel } from './model.ts'
import { type PackParts, packDependents } from './packs.ts'

type Withdrawn = Pick<ChangeDoc, '_id' | 'kind' | 'on' | 'vehicle' | 'vins' | 'corrects' | 'batteries'>

/** What entries that are to be withdrawn do to one vehicle. */
interface Loss {
  /** the first day on which something is taken away */
  from: string
  /** the first day of a transfer that is taken away */
  transferredOn: string | null
}

/** Entries looked at in one go. */
const CHUNK = 1000
/** Naming more than these helps nobody. */
const MOST = 50

/**
 * The entries that rest on a set of entries: those that could not have happened, or would have been recorded
 * otherwise, without them.
 * @param withdrawn which entries are to be withdrawn, as a query on the ledger; voided ones are left out
 * @param restores whether what they had put right counts again then, as when a list is withdrawn
 * @returns at most 50, none if the set can go
 */
export async function dependentsOf(
  withdrawn: Filter<ChangeDoc>,
  parts: PackParts,
  restores = true,
): Promise<LifeEvent[]> {
  const found = new Map((await saidAnewByHand(withdrawn, parts.changes)).map((e) => [e.change, e]))
  const cursor = parts.changes.collection
    .find<Withdrawn>({ $and: [withdrawn, { voided: false }] } as never, {
      projection: { kind: 1, on: 1, vehicle: 1, vins: 1, corrects: 1, batteries: 1 },
    })
    .batchSize(CHUNK)
  let chunk: Withdrawn[] = []
  const flush = async () => {
    for (const event of await ofChunk(chunk, withdrawn, parts, restores)) found.set(event.change, event)
    chunk = []
  }
  for await (const entry of cursor) {
    chunk.push(entry)
    if (chunk.length >= CHUNK) await flush()
    if (found.size >= MOST) break
  }
  if (chunk.length > 0 && found.size < MOST) await flush()
  return [...found.values()].slice(0, MOST)
}

/** Dependent entries as a problem names them; those that the caller does not see are only said to be there. */
export function dependentFaults(events: readonly LifeEvent[], code: string, scope: Scope = {}): FieldFault[] {
  const seen = events.filter(({ facts }) => isWithin(facts, scope))
  const faults = seen.map(({ change, on, kind, facts }) => ({
    path: change,
    code,
    message: `${on} ${kind} ${facts.plate}`,
    params: { on, kind, plate: facts.plate, vin: facts.vin },
  }))
  if (faults.length === events.length) return faults
  const outside = 'change.dependents-outside'
  return [...faults, { path: 'body', code: outside, message: outside }]
}

async function ofChunk(
  chunk: readonly Withdrawn[],
  withdrawn: Filter<ChangeDoc>,
  parts: PackParts,
  restores: boolean,
): Promise<LifeEvent[]> {
  const losses = lossesOf(chunk)
  const vins = [...losses.keys()]
  const rest = byRecording(
    await parts.changes.collection
      .find<ChangeDoc>({ vins: { $in: vins }, voided: false, $nor: [withdrawn] } as never)
      .toArray(),
  )
  const back = restores ? await putBack(chunk, withdrawn, parts.changes) : []
  const lives = livesOf([...back, ...rest], new Set(vins))
  const resting = [...lives].flatMap(([vin, life]) => dangling(life, losses.get(vin)))
  // A vehicle of which nothing is left has left nothing behind either.
  const after = new Map<string, LifeEvent[]>(vins.map((vin) => [vin, lives.get(vin) ?? []]))
  const packs = await packDependents(after, [...back, ...rest], chunk as ChangeDoc[], parts)
  return [...resting, ...packs, ...(await takenPlates(lives, losses, withdrawn, parts))]
}

/** What an officer said anew by hand of entries that are to be withdrawn with others: it stands by itself. */
async function saidAnewByHand(withdrawn: Filter<ChangeDoc>, changes: ChangeModel): Promise<LifeEvent[]> {
  const found: LifeEvent[] = []
  const own = { $and: [withdrawn, { voided: true, 'saidAnew.by': { $exists: true } }] }
  let ids = (
    await changes.collection
      .find(own as never, { projection: { _id: 1 } })
      .limit(MOST)
      .toArray()
  ).map((doc) => doc._id as unknown as ObjectId)
  while (ids.length > 0 && found.length < MOST) {
    const anew = await changes.collection.find<ChangeDoc>({ corrects: { $in: ids } } as never).toArray()
    for (const entry of anew.filter((e) => !e.voided))
      found.push(...eventsOf(entry._id.toHexString(), entry).slice(0, 1))
    ids = anew.filter((e) => e.voided).map((e) => e._id)
  }
  return found
}

/**
 * The entries that count again when those that corrected them are withdrawn: all of a chunk's vehicles, also those
 * whose correction is in another chunk, as a swap of 2025 rests on the entry that brought the vehicle in.
 */
async function putBack(
  chunk: readonly Withdrawn[],
  withdrawn: Filter<ChangeDoc>,
  changes: ChangeModel,
): Promise<ChangeDoc[]> {
  const vins = [...new Set(chunk.flatMap((entry) => entry.vins))]
  const all = await changes.collection
    .find<Pick<ChangeDoc, 'corrects'>>(
      { $and: [{ vins: { $in: vins }, voided: false }, withdrawn] } as never,
      {
        projection: { corrects: 1 },
      },
    )
    .hint({ vins: 1 })
    .toArray()
  const ids = all.flatMap((entry) => (entry.corrects ? [entry.corrects] : []))
  return changes.collection.find<ChangeDoc>({ _id: { $in: ids } }).toArray()
}

function lossesOf(entries: readonly Withdrawn[]): Map<string, Loss> {
  const losses = new Map<string, Loss>()
  for (const { kind, on, vins } of entries) {
    for (const vin of vins) {
      const before = losses.get(vin)
      const transferredOn = kind === 'transferred' ? on : null
      losses.set(vin, {
        from: before && before.from < on ? before.from : on,
        transferredOn: earlier(before?.transferredOn ?? null, transferredOn),
      })
    }
  }
  return losses
}

const earlier = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b < a) ? b : a

/** The events of a life that do not hold without what is lost. */
function dangling(life: LifeEvent[], loss: Loss | undefined): LifeEvent[] {
  const first = impossibleEvent([...life].sort(byTime))
  if (first) return life.filter((e) => byTime(e, first) >= 0 || isExit(e))
  const transferredOn = loss?.transferredOn ?? null
  // What came after a transfer was recorded under the operator and county that it led to.
  return transferredOn === null ? [] : life.filter((e) => e.on >= transferredOn && !isEntry(e.kind))
}

/** Entries by which other vehicles came to the plates that a withdrawal would give back to its vehicles. */
async function takenPlates(
  lives: ReadonlyMap<string, LifeEvent[]>,
  losses: ReadonlyMap<string, Loss>,
  withdrawn: Filter<ChangeDoc>,
  parts: PackParts,
): Promise<LifeEvent[]> {
  const regained = [...lives].flatMap(([vin, life]) =>
    plateSpells(life)
      .filter((s) => s.to === null)
      .map(({ plate }) => ({ vin, plate, from: losses.get(vin)?.from ?? '' })),
  )
  if (regained.length === 0) return []
  const others = await parts.vehicles.collection
    .find<Pick<VehicleDoc, '_id' | 'life'>>({ plates: { $in: regained.map((r) => r.plate) } } as never, {
      projection: { life: 1 },
    })
    .toArray()
  const going = await among(
    others.flatMap(({ life }) => life.map((e) => e.change)),
    withdrawn,
    parts.changes,
  )
  return others.flatMap(({ _id: vin, life }) => {
    const stays = life.filter((e) => !going.has(e.change))
    const clash = regained.find((r) => r.vin !== vin && holdsPlateFrom(stays, r.plate, r.from))
    return clash ? stays.filter((e) => e.facts.plate === clash.plate).slice(0, 1) : []
  })
}

/** Which of some entries are to be withdrawn. */
async function among(
  ids: readonly string[],
  withdrawn: Filter<ChangeDoc>,
  changes: ChangeModel,
): Promise<Set<string>> {
  const objectIds = [...new Set(ids)].map((id) => new ObjectId(id))
  const found = await changes.collection
    .find({ $and: [{ _id: { $in: objectIds } }, withdrawn] } as never, { projection: { _id: 1 } })
    .toArray()
  return new Set(found.map((doc) => String(doc._id)))
}
