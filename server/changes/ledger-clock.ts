import type { Connection } from 'mongoose'

/**
 * The ledger's clock: it gives each write its `recorded at` (or `voided at`), and each reader an instant up to which
 * nothing can change any more. One document, changed by single atomic updates only, so that it needs no transactions:
 * a whole upload becomes visible at one instant, and a figure asked again with the same `knownAt` is the same to the
 * digit, also when it was asked in the middle of a write.
 */
export interface InFlight {
  /** what is being written, e.g. `import:…` */
  owner: string
  stamp: Date
  /** vehicles to derive anew if the writer dies */
  vins: string[]
  /** machine time until which the writer is taken to be alive */
  until: Date
}

interface ClockDoc {
  _id: 'ledger'
  /** the latest stamp given, or promised to a reader */
  issued: Date
  inFlight: InFlight[]
  /** raised when sums that were kept turned out wrong */
  generation?: number
}

/** A reader's instant lies this far back, so that a writer's clock read just before cannot undercut it. */
const MARGIN_MS = 5_000
const LEASE_MS = 30_000

export class LedgerClock {
  private readonly connection: Connection
  /** how often sums that were kept turned out wrong, as last read: what was made of them before is worth nothing */
  generation = 0

  constructor(connection: Connection) {
    this.connection = connection
  }

  private get states() {
    return this.connection.collection<ClockDoc>('ledger-state')
  }

  private async read(): Promise<ClockDoc> {
    const doc = await this.states.findOne({ _id: 'ledger' })
    if (doc) {
      this.generation = doc.generation ?? 0
      return doc
    }
    await this.states.updateOne(
      { _id: 'ledger' },
      { $setOnInsert: { issued: new Date(0), inFlight: [] } },
      { upsert: true },
    )
    return { _id: 'ledger', issued: new Date(0), inFlight: [] }
  }

  /**
   * Begins a write: later than every stamp and every reader's instant so far. The same owner gets the same stamp
   * until it finishes, so that work taken up after a crash goes on under it.
   */
  async begin(owner: string, now: Date, vins: string[] = [], leaseMs = LEASE_MS): Promise<Date> {
    const until = new Date(Date.now() + leaseMs)
    for (;;) {
      const clock = await this.read()
      const mine = clock.inFlight.find((w) => w.owner === owner)
      if (mine) {
        await this.states.updateOne(
          { _id: 'ledger', 'inFlight.owner': owner },
          { $set: { 'inFlight.$.until': until } },
        )
        return mine.stamp
      }
      const stamp = new Date(Math.max(now.getTime(), clock.issued.getTime() + 1))
      const done = await this.states.updateOne(
        { _id: 'ledger', issued: clock.issued, 'inFlight.owner': { $ne: owner } },
        { $set: { issued: stamp }, $push: { inFlight: { owner, stamp, vins, until } } },
      )
      if (done.modifiedCount === 1) return stamp
    }
  }

  /** Has every process forget the figures that it holds, and add them up again. */
  async raiseGeneration(): Promise<void> {
    await this.states.updateOne({ _id: 'ledger' }, { $inc: { generation: 1 } })
  }

  /** Ends a write: from now on readers see it. */
  async finish(owner: string): Promise<void> {
    await this.states.updateOne({ _id: 'ledger' }, { $pull: { inFlight: { owner } } })
  }

  /** Writes that have begun and not ended. */
  async inFlight(): Promise<InFlight[]> {
    return (await this.read()).inFlight
  }

  /** Writes whose writer has not been heard of since its lease ran out. */
  async abandoned(): Promise<InFlight[]> {
    return (await this.inFlight()).filter((w) => w.until.getTime() < Date.now())
  }

  /**
   * The latest instant that is settled, for figures to be shown. It is never later than `issued`, as a write may begin
   * long after its `now` was read (it waits for the lock, or its list for the worker); moved on at most every 5 s.
   */
  async horizon(now: Date): Promise<Date> {
    const clock = await this.read()
    const first = earliest(clock.inFlight)
    if (first !== undefined) return new Date(first - 1)
    if (clock.issued.getTime() >= now.getTime() - 2 * MARGIN_MS) return clock.issued
    return this.settle(new Date(now.getTime() - MARGIN_MS))
  }

  /** The same for figures to be kept: as late as `now`, by keeping later writes from being stamped earlier. */
  async settle(now: Date): Promise<Date> {
    for (;;) {
      const clock = await this.read()
      const first = earliest(clock.inFlight)
      if (first !== undefined) return new Date(first - 1)
      if (clock.issued >= now) return clock.issued
      const done = await this.states.updateOne(
        { _id: 'ledger', issued: clock.issued, inFlight: { $size: 0 } },
        { $set: { issued: now } },
      )
      if (done.modifiedCount === 1) return now
    }
  }

  /** The instant that is asked for (ISO 8601), or the latest: but never one that is not settled yet. */
  async settled(asked: string | undefined, now: Date): Promise<Date> {
    const horizon = await this.horizon(now)
    const instant = asked === undefined ? horizon : new Date(asked)
    return instant < horizon ? instant : horizon
  }
}

const earliest = (writes: readonly InFlight[]): number | undefined =>
  writes.length === 0 ? undefined : Math.min(...writes.map((w) => w.stamp.getTime()))
