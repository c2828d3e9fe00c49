import { createHash } from 'node:crypto'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import { addDays, type CivilDate, civilDateAt, isCivilDate, startOfDay } from '../domain/civil-date.ts'
import { decodeCursor, pageFrom } from '../http/cursor.ts'
import { chainValue, dayDigest, GENESIS } from './chain.ts'
import { CHUNK, digestChunk, packChunk } from './chunk.ts'
import { LEAF_KINDS, type Leaf, type LeafKind, leafOf, type RawEntry, STAMP } from './leaf.ts'
import { isDated, isOfDay, type LeafModel, type SealDoc, type SealModel } from './model.ts'
import type { SealView } from './schema.ts'

export interface SealParts {
  changes: ChangeModel
  seals: SealModel
  leaves: LeafModel
  clock: LedgerClock
  timeZone: string
}

/** A write of a day to be sealed is still under way: the day is sealed when it has ended. */
export class StillWriting extends Error {
  constructor(day: CivilDate, settled: Date) {
    super(`${day} cannot be sealed yet: a write begun at ${settled.toISOString()} is still under way`)
  }
}

/** The last seal is none that was made here: nothing can be chained to it, and what follows it cannot be told. */
export class SealTampered extends Error {
  constructor(id: unknown, fault: string) {
    super(`the seal ${String(id)} ${fault}: it was altered behind the application's back; see npm run verify`)
  }
}

const DAY_MS = 86_400_000

/** Seals the ledger day by day. */
export class Seals {
  private readonly parts: SealParts

  constructor(parts: SealParts) {
    this.parts = parts
  }

  /**
   * Seals every civil day that is over and not sealed yet, oldest first. May be repeated, broken off and run by
   * several at once: a day's leaves are the same whoever makes them, and its seal is inserted once, after them.
   * @param onSealed told of each day that this call sealed, and first of those that a call was broken off before
   * telling of; of one that it could not be told of it is told again
   * @param signal between two days it stops when this is aborted
   * @throws StillWriting when a write of a day is under way; the days before it are sealed
   * @throws SealTampered when the last seal cannot be gone on from
   */
  async sealDue(
    now: Date,
    onSealed?: (seal: SealDoc) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<SealDoc[]> {
    const made: SealDoc[] = []
    const mark = onSealed ? { untold: true as const } : {}
    if (onSealed) await this.tellUntold(onSealed)
    for (;;) {
      signal?.throwIfAborted()
      const last = await this.last(now)
      const day = last ? addDays(last._id, 1) : await this.firstDay(now)
      const until = startOfDay(addDays(day, 1), this.parts.timeZone)
      if (until > now) return made
      const settled = await this.parts.clock.settle(now)
      if (settled.getTime() < until.getTime() - 1) throw new StillWriting(day, settled)
      const seal = await this.sealDay(day, until, last, { sealedAt: now, ...mark })
      if (!seal) continue
      made.push(seal)
      if (onSealed) await this.tell(seal, onSealed)
    }
  }

  /** Seals, newest first. */
  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }) {
    const [day] = cursor ? decodeCursor(cursor, 1, [isCivilDate]) : []
    const found = await this.parts.seals.collection
      .find<SealDoc>((day ? { _id: { $lt: day } } : {}) as never)
      .sort({ _id: -1 })
      .limit(limit + 1)
      .toArray()
    const page = pageFrom(found, limit, (last) => [last._id])
    return {
      ...page,
      items: page.items.map(sealView),
      total: await this.parts.seals.collection.countDocuments(),
    }
  }

  /** Tells of the days that were sealed and not told of: the process ended in between. */
  private async tellUntold(onSealed: (seal: SealDoc) => Promise<void>): Promise<void> {
    const untold = this.parts.seals.collection.find<SealDoc>({ untold: true }).sort({ _id: 1 })
    for (const seal of await untold.toArray()) await this.tell(seal, onSealed)
  }

  private async tell(seal: SealDoc, onSealed: (seal: SealDoc) => Promise<void>): Promise<void> {
    await onSealed(seal)
    await this.parts.seals.collection.updateOne({ _id: seal._id as never }, { $unset: { untold: true } })
  }

  private async last(now: Date): Promise<SealDoc | null> {
    const last = await this.parts.seals.collection.findOne<SealDoc>({}, { sort: { _id: -1 } })
    if (!last) return null
    if (!isOfDay(last)) throw new SealTampered(last._id, 'is of no day')
    if (!isDated(last) || typeof last.chain !== 'string')
      throw new SealTampered(last._id, 'has lost its bounds')
    // Clocks that do not agree are a day apart at most.
    if (last.until.getTime() > now.getTime() + DAY_MS) throw new SealTampered(last._id, 'is of a day to come')
    return last
  }

  /** The day of the ledger's first entry; yesterday when there is none. The first seal covers all before it too. */
  private async firstDay(now: Date): Promise<CivilDate> {
    const { changes, timeZone } = this.parts
    const yesterday = addDays(civilDateAt(now, timeZone), -1)
    const first = await changes.collection.findOne<{ recordedAt: unknown }>(
      { recordedAt: { $type: 'date' } },
      { sort: { recordedAt: 1 }, projection: { recordedAt: 1 } },
    )
    if (!(first?.recordedAt instanceof Date)) return yesterday
    const day = civilDateAt(first.recordedAt, timeZone)
    return day < yesterday ? day : yesterday
  }

  /** @returns null when somebody else has just sealed the day */
  private async sealDay(
    day: CivilDate,
    until: Date,
    last: SealDoc | null,
    made: Pick<SealDoc, 'sealedAt' | 'untold'>,
  ): Promise<SealDoc | null> {
    const from = last?.until ?? new Date(0)
    const parts: { digest: Buffer; count: number }[] = []
    for (const kind of LEAF_KINDS) parts.push(await this.writeLeaves(day, kind, from, until))
    const [recorded, voided] = parts.map(({ count }) => count)
    const bounds = { _id: day, from, until, digest: dayDigest(parts) }
    const seal: SealDoc = {
      ...bounds,
      ...{ recorded: recorded ?? 0, voided: voided ?? 0, ...made },
      chain: chainValue(last?.chain ?? GENESIS, bounds),
    }
    try {
      await this.parts.seals.collection.insertOne(seal as never)
      return seal
    } catch (error) {
      if (isDuplicateKey(error)) return null
      throw error
    }
  }

  private async writeLeaves(day: CivilDate, kind: LeafKind, from: Date, until: Date) {
    const hash = createHash('sha256')
    let count = 0
    let seq = 0
    let leaves: Leaf[] = []
    const flush = async () => {
      if (leaves.length === 0) return
      const chunk = packChunk(day, kind, seq++, leaves)
      digestChunk(hash, chunk)
      count += leaves.length
      leaves = []
      // As long as the day has no seal, a chunk that an earlier try left is made anew.
      const { _id, ...rest } = chunk
      await this.parts.leaves.collection.replaceOne({ _id: _id as never }, rest, { upsert: true })
    }
    for await (const entry of entriesOf(this.parts.changes, kind, from, until)) {
      leaves.push(leafOf(entry, kind))
      if (leaves.length === CHUNK) await flush()
    }
    await flush()
    return { digest: hash.digest(), count }
  }
}

/** The entries recorded, or withdrawn, in a span of time, in the order in which they are sealed. */
export const entriesOf = (changes: ChangeModel, kind: LeafKind, from: Date, until: Date) =>
  changes.collection
    .find<RawEntry>({
      ...(kind === 'voided' ? { voided: true } : {}),
      [STAMP[kind]]: { $gte: from, $lt: until },
    } as never)
    .sort({ [STAMP[kind]]: 1, _id: 1 })
    .batchSize(1000)

const sealView = ({ _id, recorded, voided, digest, chain, sealedAt }: SealDoc): SealView => ({
  ...{ day: _id, entries: recorded, voidings: voided, digest, chain },
  sealedAt: sealedAt.toISOString(),
})
