import { randomUUID } from 'node:crypto'
import { Types } from 'mongoose'
import { isDuplicate } from './database.ts'
import { describeError, type Job, type RunResult } from './job.ts'
import type { RunDoc, RunModel } from './runs-model.ts'
import { latestSlot, type Schedule, slotsBetween } from './slots.ts'

/** How long a run is taken to be alive after its last sign of life. */
export const LEASE_MS = 60_000
/** Pauses before a failed run is tried again, in minutes; the last one is repeated until the next slot is due. */
const PAUSES_MIN = [1, 5, 15, 60]

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

  constructor(model: RunModel, options: { machineNow?: () => Date; leaseMs?: number } = {}) {
    this.model = model
    this.machineNow = options.machineNow ?? (() => new Date())
    this.leaseMs = options.leaseMs ?? LEASE_MS
  }

  /**
   * What a job owes: the slots since the last one done (since the installation for a new one), oldest first. They
   * are made good by one run, for the latest.
   */
  async owed(job: Job, schedule: Schedule, installedAt: Date, now: Date): Promise<Date[]> {
    const done = await this.model.collection.findOne<RunDoc>(
      { job: job.name, manual: false, status: 'done' },
      { sort: { slot: -1 }, projection: { slot: 1 } },
    )
    const first =
      job.owedAtFirst === 'latest' ? latestSlot(schedule, installedAt).getTime() - 1 : installedAt.getTime()
    return slotsBetween(schedule, done?.slot ?? new Date(first), now)
  }

  /**
   * Takes a run, if nobody has it or had it: a new slot, a failed one whose pause is over, one whose runner died.
   * @returns null when there is nothing to do
   */
  async claim(args: ClaimArgs): Promise<HeldRun | null> {
    await this.buryDead(args.job, args.slot, args.now)
    return (await this.insert(args)) ?? (await this.takeOver(args))
  }

  private async insert({ job, slot, covers, manual, now }: ClaimArgs): Promise<HeldRun | null> {
    const held = { id: new Types.ObjectId(), owner: randomUUID(), slot, covers, manual, attempt: 1 }
    try {
      await this.model.collection.insertOne({
        ...{ _id: held.id, job, slot, manual, covers, status: 'running', attempts: 1, startedAt: now },
        ...{ finishedAt: null, nextTryAt: null, result: null, error: null, failures: [] },
        lease: this.lease(held.owner),
      } satisfies RunDoc)
      return held
    } catch (error) {
      if (isDuplicate(error)) return null
      throw error
    }
  }

  private async takeOver({ job, slot, covers, manual, now }: ClaimArgs): Promise<HeldRun | null> {
    const owner = randomUUID()
    try {
      const run = await this.model.collection.findOneAndUpdate(
        {
          ...{ job, slot },
          $or: [
            { status: 'failed', nextTryAt: { $lte: now } },
            { status: 'running', 'lease.until': { $lte: this.machineNow() } },
          ],
        },
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
      if (isDuplicate(error)) return null
      throw error
    }
  }

  /** Closes the runs of other slots whose process died; a later slot, or a person, asks for the work again. */
  private async buryDead(job: string, but: Date, at: Date): Promise<void> {
    const error = 'interrupted: the service ended during the run'
    await this.model.collection.updateMany(
      { job, status: 'running', slot: { $ne: but }, 'lease.until': { $lte: this.machineNow() } },
      {
        $set: { status: 'failed', error, lease: null, finishedAt: at },
        $push: { failures: { at, error } as never },
      },
    )
  }

  /** A sign of life. @returns whether the run is still ours */
  async renew(run: HeldRun): Promise<boolean> {
    const { matchedCount } = await this.model.collection.updateOne(ours(run), {
      $set: { lease: this.lease(run.owner) },
    })
    return matchedCount === 1
  }

  /** Records what a run did. */
  async finish(run: HeldRun, result: RunResult, now: Date): Promise<void> {
    await this.model.collection.updateOne(ours(run), {
      $set: { status: 'done', result, error: null, finishedAt: now, nextTryAt: null, lease: null },
    })
  }

  /** Records that a run failed, and when to try again; a run by hand is not tried again. */
  async fail(run: HeldRun, reason: unknown, now: Date): Promise<void> {
    const error = describeError(reason)
    const pause = PAUSES_MIN[Math.min(run.attempt, PAUSES_MIN.length) - 1] ?? 60
    const nextTryAt = run.manual ? null : new Date(now.getTime() + pause * 60_000)
    await this.model.collection.updateOne(ours(run), {
      $set: { status: 'failed', error, finishedAt: now, nextTryAt, lease: null },
      $push: { failures: { $each: [{ at: now, error }], $slice: -20 } as never },
    })
  }

  /** Whether a run of a job is alive. */
  async running(job: string): Promise<boolean> {
    const live = { job, status: 'running', 'lease.until': { $gt: this.machineNow() } }
    return (await this.model.collection.findOne(live, { projection: { _id: 1 } })) !== null
  }

  /** The latest runs of a job, newest first. */
  async latest(job: string, limit: number): Promise<RunDoc[]> {
    return this.model.collection.find<RunDoc>({ job }).sort({ startedAt: -1, _id: -1 }).limit(limit).toArray()
  }

  /** The latest successful run of a job. */
  async lastDone(job: string): Promise<RunDoc | null> {
    return this.model.collection.findOne<RunDoc>({ job, status: 'done' }, { sort: { finishedAt: -1 } })
  }

  /** Ends the leases of processes that are known to be gone (nobody else can use the database). */
  async releaseAll(): Promise<void> {
    await this.model.collection.updateMany({ status: 'running' }, { $set: { 'lease.until': new Date(0) } })
  }

  private lease(owner: string) {
    return { owner, until: new Date(this.machineNow().getTime() + this.leaseMs) }
  }

  /** How often a run must give a sign of life. */
  get renewEveryMs(): number {
    return Math.ceil(this.leaseMs / 3)
  }
}

const ours = (run: HeldRun) => ({ _id: run.id, status: 'running', 'lease.owner': run.owner })
