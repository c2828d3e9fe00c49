import { codesOf, type PackEvent, packConflict, packEvents, packFault } from '../domain/batteries.ts'
import type { ChangeDraft } from '../domain/change.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import type { Issue } from '../domain/issue.ts'
import { eventsOf, isExit, type Life, type LifeEvent } from '../domain/life.ts'
import type { WorkingRegister } from '../domain/register.ts'
import type { VehicleDoc, VehicleModel } from '../vehicles/model.ts'
import { byRecording } from './entries.ts'
import type { ChangeDoc, ChangeModel } from './model.ts'

/** Where battery packs are is never kept: it follows from the swaps on the ledger and from who left service when. */
export interface PackParts {
  changes: ChangeModel
  vehicles: VehicleModel
}

/** The entries that name packs, and are not withdrawn. Two look-ups by index. */
export async function swapsOf(codes: readonly string[], changes: ChangeModel): Promise<ChangeDoc[]> {
  if (codes.length === 0) return []
  const among = { $in: [...codes] }
  const named = [{ 'batteries.installed': among }, { 'batteries.removed': among }]
  return byRecording(
    await changes.collection.find<ChangeDoc>({ voided: false, $or: named } as never).toArray(),
  )
}

/** What happened to a pack in some entries. */
export const eventsIn = (code: string, entries: readonly ChangeDoc[]): PackEvent[] =>
  entries.flatMap(({ _id, on, vehicle, batteries }) =>
    batteries ? packEvents(code, { id: _id.toHexString(), on, vin: vehicle.vin, batteries }) : [],
  )

/** The register's lives of the vehicles of some entries, without those that are at hand. One look-up. */
async function livesMissing(
  entries: readonly ChangeDoc[],
  isAtHand: (vin: string) => boolean,
  vehicles: VehicleModel,
): Promise<Map<string, LifeEvent[]>> {
  const asked = [...new Set(entries.map((e) => e.vehicle.vin))].filter((vin) => !isAtHand(vin))
  if (asked.length === 0) return new Map()
  const found = await vehicles.collection
    .find<Pick<VehicleDoc, '_id' | 'life'>>({ _id: { $in: asked } } as never, { projection: { life: 1 } })
    .toArray()
  return new Map(found.map(({ _id, life }) => [_id, life]))
}

/** The days on which a vehicle leaves service. */
const exitsIn = (life: Life = []): CivilDate[] => life.filter(isExit).map((e) => e.on)

/**
 * What stands in the way of a swap that names its packs.
 * @param register gets the vehicles that have them
 * @param lives that are to be, where they differ from the register's
 * @param except entries that are to be withdrawn
 */
export async function packProblems(
  draft: ChangeDraft,
  register: WorkingRegister,
  { changes, vehicles }: PackParts,
  { lives = new Map(), except = new Set() }: { lives?: ReadonlyMap<string, Life>; except?: Set<string> } = {},
): Promise<Issue[]> {
  const { batteries } = draft
  if (!batteries) return []
  const codes = codesOf(batteries)
  const entries = (await swapsOf(codes, changes)).filter((e) => !except.has(e._id.toHexString()))
  const { vin } = draft.vehicle
  const others = await livesMissing(entries, (of) => register.life(of) !== undefined, vehicles)
  for (const [of, life] of others) register.load(of, life)
  const lifeOf = (of: string) => lives.get(of) ?? register.life(of)
  const exits = (of: string) => exitsIn(lifeOf(of))
  const plate = (of: string) => lifeOf(of)?.at(-1)?.facts.plate ?? ''
  return codes.flatMap((code) => {
    const mine = packEvents(code, { id: '', on: draft.on, vin, batteries })
    return packConflict(code, mine, eventsIn(code, entries), exits, plate) ?? []
  })
}

/**
 * The swaps that could not have been, as far as their packs go, if some vehicles' lives were others.
 * @param lives that are to be
 * @param entries of those vehicles that are not withdrawn then
 * @param gone entries that are withdrawn
 * @param checked codes that somebody else looks at
 */
export async function packDependents(
  lives: ReadonlyMap<string, Life>,
  entries: readonly ChangeDoc[],
  gone: readonly ChangeDoc[],
  { changes, vehicles }: PackParts,
  checked: readonly string[] = [],
): Promise<LifeEvent[]> {
  const named = [...entries, ...gone].flatMap((e) => (e.batteries ? codesOf(e.batteries) : []))
  const codes = [...new Set(named)].filter((code) => !checked.includes(code))
  if (codes.length === 0) return []
  const away = new Set(gone.map((e) => e._id.toHexString()))
  const left = (await swapsOf(codes, changes)).filter((e) => !away.has(e._id.toHexString()))
  const others = await livesMissing(left, (of) => lives.has(of), vehicles)
  const exits = (of: string) => exitsIn(lives.get(of) ?? others.get(of))
  return codes.flatMap((code) => {
    const fault = packFault(eventsIn(code, left), exits)
    const entry = left.find((e) => e._id.toHexString() === fault?.event.change)
    return entry ? eventsOf(entry._id.toHexString(), entry).slice(0, 1) : []
  })
}
