import { randomUUID } from 'node:crypto'
import { Types } from 'mongoose'
import { isDuplicateKey } from '../server/changes/writer-lock.ts'
import { describeError, type Job, type RunResult } from './job.ts'
import type { RunFault } from './job-schema.ts'
import { absurdLease, isLive, liveLease } from './leases.ts'
import { newestFirst, type PageQuery } from './paging.ts'
import type { RunDoc, RunModel } from './runs-model.ts'
import { latestDue, slotsDue, type Timeline } from './timeline.ts'

/** How long a run is taken to be alive after its last sign of life. */
export const LEASE_MS = 60_000
/** Pauses before a failed run is tried again, in minutes; the last one is repeated until the next slot is due. */
export const PAUSES_MIN = [1, 5, 15, 60]
/** After so many attempts the process that dies in a run may die of it: then it rests before the next one. */
const DEADLY_ATTEMPTS = 5
const DEADLY_PAUSE_MS = 15 * 60_000

/** Why a run failed whose process died. */
const INTERRUPTED = 'interrupted: the service ended during the run'

/** A run that this process holds, until it finishes it or its lease runs out. */
export interface HeldRun {
  id: Types.ObjectId
  owner: string
  slot: Date
  covers: Date[]
  manual: boolean
  attempt: number
}

interface ClaimArgs {
  job: string
  slot: Date
  covers: Date[]
  manual: boolean
  now: Date
}

/** The ledger of runs. Whoever inserts or updates first holds the run; nobody else gets it while the lease lasts. */
export class RunLedger {
  private readonly model: RunModel
  private readonly machineNow: () => Date
  private readonly leaseMs: number
  /** leases that end later than any can, and since when, by a clock that nobody sets, they have been seen here */
  private readonly absurd = new Map<string, number>()

  constructor(model: RunModel, options: { machineNow?: () => Date; leaseMs?: number } = {}) {
    this.model = model
    this.machineNow = options.machineNow ?? (() => new Date())
    this.leaseMs = options.leaseMs ?? LEASE_MS
  }

  /**
   * What a job owes: the slots since the last one done (since the installation for a new one), oldest first. They
   * are made good by one run, for the latest. What was done under a clock that ran ahead says nothing of the slots
   * before it once the clock is right again; those are owed when they come.
   */
  async owed(job: Job, timeline: Timeline, installedAt: Date, now: Date): Promise<Date[]> {
    const done = await this.model.collection.findOne<RunDoc>(
      { job: job.name, manual: false, status: 'done', slot: { $lte: now } },
      { sort: { slot: -1 }, projection: { slot: 1 } },
    )
    const first =
      job.owedAtFirst === 'latest' ? latestDue(timeline, installedAt).getTime() - 1 : installedAt.getTime()
    return slotsDue(timeline, done?.slot ?? new Date(first), now)
  }

  /**
   * Takes a run, if nobody has it or had it: a new slot, a failed one whose pause is over, one whose runner died.
   * @returns null when there is nothing to do
   */
  async claim(args: ClaimArgs): Promise<HeldRun | null> {
    await this.buryDead(args.job, args.now)
    return (await this.insert(args)) ?? (await this.takeOver(args))
  }

  /** A page of a job's runs, newest first. */
  page(job: string, query: PageQuery) {
    return newestFirst<RunDoc, RunDoc>(this.model, query, (run) => this.asSeen(run), { filter: { job } })
  }

  private async insert({ job, slot, covers, manual, now }: ClaimArgs): Promise<HeldRun | null> {
    const held = { id: new Types.ObjectId(), owner: randomUUID(), slot, covers, manual, attempt: 1 }
    try {
      await this.model.collection.insertOne({
        ...{ _id: held.id, job, slot, manual, covers, status: 'running', attempts: 1, startedAt: now },
        ...{ finishedAt: null, nextTryAt: null, result: null, error: null, fault: null, failures: [] },
        lease: this.lease(held.owner),
      } satisfies RunDoc)
      return held
    } catch (error) {
      if (isDuplicateKey(error)) return null
      throw error
    }
  }

  private async takeOver({ job, slot, covers, manual, now }: ClaimArgs): Promise<HeldRun | null> {
    const owner = randomUUID()
    try {
      const run = await this.model.collection.findOneAndUpdate(
        { job, slot, status: 'failed', nextTryAt: { $lte: now } },
        {
          $set: {
            ...{ status: 'running', covers, startedAt: now },
            finishedAt: null,
            lease: this.lease(owner),
          },
          $inc: { attempts: 1 },
        },
        { returnDocument: 'after' },
      )
      const attempt = (run as RunDoc | null)?.attempts ?? 0
      return run && { id: run._id as Types.ObjectId, owner, slot, covers, manual, attempt }
    } catch (error) {
      // Another run of the job is alive.
      if (isDuplicateKey(error)) return null
      throw error
    }
  }

  /**
   * Closes the runs whose process died. Its own slot, or a later one, is taken up at once; one by hand is for the
   * person to ask for again.
   */
  private async buryDead(job: string, at: Date): Promise<void> {
    const which = { job, status: 'running', 'lease.until': { $lte: this.machineNow() } }
    const isDead = await this.model.collection.findOne(which, { projection: { _id: 1 } })
    const dead = isDead ? which : await this.deadByAbsurdLease(job)
    if (!dead) return
    const rested = new Date(at.getTime() + DEADLY_PAUSE_MS)
    const kinds = [
      { which: { manual: true }, nextTryAt: null },
      { which: { manual: false, attempts: { $lt: DEADLY_ATTEMPTS } }, nextTryAt: at },
      { which: { manual: false, attempts: { $gte: DEADLY_ATTEMPTS } }, nextTryAt: rested },
    ]
    for (const { which, nextTryAt } of kinds) {
      const error = INTERRUPTED
      await this.model.collection.updateMany(
        { ...dead, ...which },
        {
          ...failed({ error, fault: 'interrupted' }, at),
          $set: { ...ended(error, 'interrupted', at), nextTryAt },
        },
      )
    }
  }

  /**
   * A run whose lease a clock that ran ahead has written. It is dead when it gives no sign of life for as long as a
   * lease lasts: one that is alive, on a machine whose clock has just been set back, writes its lease anew.
   */
  private async deadByAbsurdLease(job: string): Promise<object | null> {
    const absurd = { job, status: 'running', ...absurdLease(this.machineNow(), this.leaseMs) }
    const run = await this.model.collection.findOne<RunDoc>(absurd, { projection: { lease: 1 } })
    if (!run?.lease) return null
    const { until } = run.lease
    const key = `${run._id.toHexString()} ${until.getTime()}`
    const seenAt = this.absurd.get(key) ?? performance.now()
    this.absurd.set(key, seenAt)
    if (performance.now() - seenAt < this.leaseMs) return null
    this.absurd.delete(key)
    return { _id: run._id, job, status: 'running', 'lease.until': until }
  }

  /** A sign of life. @returns whether the run is still ours */
  async renew(run: HeldRun): Promise<boolean> {
    const { matchedCount } = await this.model.collection.updateOne(ours(run), {
      $set: { lease: this.lease(run.owner) },
    })
    return matchedCount === 1
  }

  /**
   * Records what a run did.
   * @returns false when it is no longer ours: its lease ran out, and who took it over says how it ends
   */
  async finish(run: HeldRun, result: RunResult, now: Date): Promise<boolean> {
    const { matchedCount } = await this.model.collection.updateOne(ours(run), {
      $set: {
        status: 'done',
        result,
        error: null,
        fault: null,
        finishedAt: now,
        nextTryAt: null,
        lease: null,
      },
    })
    return matchedCount === 1
  }

  /**
   * Records that a run failed, and when to try again; a run by hand is not tried again.
   * @returns false when it is no longer ours
   */
  async fail(run: HeldRun, reason: unknown, fault: RunFault, now: Date): Promise<boolean> {
    const error = describeError(reason)
    const pause = PAUSES_MIN[Math.min(run.attempt, PAUSES_MIN.length) - 1] ?? 60
    const nextTryAt = run.manual ? null : new Date(now.getTime() + pause * 60_000)
    const { matchedCount } = await this.model.collection.updateOne(ours(run), {
      ...failed({ error, fault }, now),
      $set: { ...ended(error, fault, now), nextTryAt },
    })
    return matchedCount === 1
  }

  /**
   * Gives a run back that cannot be ended here, to be taken over without waiting for its lease. It is nobody's from
   * then on: a sign of life that is still under way takes it back no more.
   */
  async release(run: HeldRun): Promise<void> {
    await this.model.collection.updateOne(ours(run), { $set: { lease: { owner: '', until: new Date(0) } } })
  }

  /** Whether a run of a job is alive. */
  async running(job: string): Promise<boolean> {
    const live = { job, status: 'running', ...liveLease(this.machineNow(), this.leaseMs) }
    return (await this.model.collection.findOne(live, { projection: { _id: 1 } })) !== null
  }

  /** The latest runs of a job, newest first. */
  async latest(job: string, limit: number): Promise<RunDoc[]> {
    const { collection } = this.model
    const runs = await collection
      .find<RunDoc>({ job })
      .sort({ startedAt: -1, _id: -1 })
      .limit(limit)
      .toArray()
    return runs.map((run) => this.asSeen(run))
  }

  /** A run as it stands: one whose process died is interrupted, also before anybody takes it over. */
  private asSeen(run: RunDoc): RunDoc {
    const isDead = run.status === 'running' && !isLive(run.lease, this.machineNow(), this.leaseMs)
    return isDead ? { ...run, status: 'failed', fault: 'interrupted', error: INTERRUPTED } : run
  }

  /** The latest successful run of a job; what a clock that ran ahead has dated later than now says nothing. */
  async lastDone(job: string, now: Date): Promise<RunDoc | null> {
    const done = { job, status: 'done', finishedAt: { $lte: now } }
    return this.model.collection.findOne<RunDoc>(done, { sort: { finishedAt: -1 } })
  }

  /** Ends the leases of processes that are known to be gone (nobody else can use the database). */
  async releaseAll(): Promise<void> {
    // Any job: so that it goes along the index of the live runs.
    const running = { job: { $gt: '' }, status: 'running' }
    await this.model.collection.updateMany(running, { $set: { 'lease.until': new Date(0) } })
  }

  private lease(owner: string) {
    return { owner, until: new Date(this.machineNow().getTime() + this.leaseMs) }
  }

  /** How often a run must give a sign of life. */
  get renewEveryMs(): number {
    return Math.ceil(this.leaseMs / 3)
  }
}

/** A failed end, and its note among the failures. */
const ended = (error: string, fault: RunFault, at: Date) => ({
  ...{ status: 'failed' as const, error, fault, finishedAt: at, lease: null },
})
const failed = (failure: { error: string; fault: RunFault }, at: Date) => ({
  $push: { failures: { $each: [{ at, ...failure }], $slice: -20 } as never },
})

const ours = (run: HeldRun) => ({ _id: run.id, status: 'running', 'lease.owner': run.owner })
