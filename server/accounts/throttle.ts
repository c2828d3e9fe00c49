import { type Connection, Schema } from 'mongoose'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import { Problem } from '../http/problem.ts'

/** How many attempts may fail, and what follows. */
export interface Limit {
  /** so many attempts, then a pause */
  free: number
  /** the pauses after each further failure, the last one repeated, in seconds; none: until the window is over */
  pauses: readonly number[]
  /** failures are forgotten after so long without any; where there are no pauses, so long after the first */
  forgetMs: number
}

/** A counter and its limit. */
export interface Bucket {
  key: string
  limit: Limit
}

interface ThrottleDoc {
  _id: string
  attempts: number
  until: Date
  expires: Date
}

const schema = new Schema<ThrottleDoc>({ _id: String }, { strict: false, versionKey: false })
schema.index({ expires: 1 })
const throttleModel = (connection: Connection) =>
  connection.model<ThrottleDoc>('Throttle', schema, 'throttles')

const NEVER = new Date(0)
const SWEEP_MS = 10 * 60_000
const MOST_TRIES = 5

/**
 * Counts attempts at guessing, for all processes on the database. An attempt is counted before it is judged and given
 * back when it was good, so that many at once are no more than one after the other.
 */
export class Throttle {
  private readonly model: ReturnType<typeof throttleModel>
  private sweptAt = 0

  constructor(connection: Connection) {
    this.model = throttleModel(connection)
  }

  /** Counts an attempt in each bucket, or in none. @throws Problem 429 with the seconds to wait */
  async take(buckets: readonly Bucket[], now: Date): Promise<void> {
    for (const [i, bucket] of buckets.entries()) {
      const seconds = await this.takeOne(bucket, now)
      if (seconds === 0) continue
      await this.giveBack(buckets.slice(0, i))
      throw throttled(seconds)
    }
  }

  /** Takes back attempts that were no failures. */
  async giveBack(buckets: readonly Bucket[]): Promise<void> {
    await Promise.all(
      buckets.map(({ key }) =>
        this.model.collection.updateOne({ _id: key, attempts: { $gt: 0 } } as never, {
          $inc: { attempts: -1 },
          $set: { until: NEVER },
        }),
      ),
    )
  }

  /** Forgets the failures of a bucket. */
  async clear({ key }: Bucket): Promise<void> {
    await this.model.collection.deleteOne({ _id: key } as never)
  }

  /** Removes what has expired, now and then. */
  async sweep(now: Date): Promise<void> {
    if (Math.abs(now.getTime() - this.sweptAt) < SWEEP_MS) return
    this.sweptAt = now.getTime()
    await this.model.collection.deleteMany({ expires: { $lte: now }, until: { $lte: now } })
  }

  /** @returns the seconds to wait, 0 when the attempt may be made */
  private async takeOne(bucket: Bucket, now: Date): Promise<number> {
    for (let tries = 1; ; tries++) {
      if (await this.counted(bucket, now)) return 0
      const doc = await this.model.collection.findOne<ThrottleDoc>({ _id: bucket.key } as never)
      const left = (doc?.until ?? now).getTime() - now.getTime()
      // Without a pause another first attempt was quicker to make the counter, or it was forgotten meanwhile.
      if (left > 0 || tries >= MOST_TRIES) return Math.max(1, Math.ceil(left / 1000))
    }
  }

  /** Counts an attempt. @returns false when the counter is there and does not match, as it does in its pause */
  private async counted({ key, limit }: Bucket, now: Date): Promise<boolean> {
    try {
      const filter = { _id: key, until: { $lte: now } } as never
      await this.model.collection.updateOne(filter, counting(limit, now) as never, { upsert: true })
      return true
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
  }
}

/** The update that counts an attempt and sets the pause that follows unless the attempt is given back. */
function counting({ free, pauses, forgetMs }: Limit, now: Date): Record<string, unknown>[] {
  const later = (ms: unknown) => ({ $add: [now, ms] })
  const remembered = { $gt: ['$expires', now] }
  const whole = pauses.length === 0
  const nth = { $min: [{ $subtract: ['$attempts', free] }, pauses.length - 1] }
  const pause = whole
    ? '$expires'
    : later({ $arrayElemAt: [pauses.map((seconds) => seconds * 1000), { $max: [0, nth] }] })
  return [
    {
      $set: {
        attempts: { $cond: [remembered, { $add: ['$attempts', 1] }, 1] },
        expires: whole ? { $cond: [remembered, '$expires', later(forgetMs)] } : later(forgetMs),
      },
    },
    { $set: { until: { $cond: [{ $gte: ['$attempts', free] }, pause, NEVER] } } },
  ]
}

/** The problem of somebody who has to wait. */
export function throttled(seconds: number): Problem {
  const problem = new Problem(429, 'session.throttled', undefined, [
    {
      path: 'session',
      code: 'session.throttled',
      message: 'session.throttled',
      params: { seconds: String(seconds) },
    },
  ])
  problem.retryAfter = seconds
  return problem
}

const MINUTE = 60_000
const GROWING = [30, 60, 120, 240, 480, 900]

/** The limits: five failures, then growing pauses, for one account from one place. */
export const FROM_ONE_PLACE: Limit = { free: 5, pauses: GROWING, forgetMs: 24 * 60 * MINUTE }
/** Twenty failures in five minutes from one address. */
export const FROM_ADDRESS: Limit = { free: 20, pauses: [], forgetMs: 5 * MINUTE }
/** Fifty failures of strangers from anywhere at one account, then one attempt a minute, later every five. */
export const OF_STRANGERS: Limit = { free: 50, pauses: [60, 60, 120, 300], forgetMs: 24 * 60 * MINUTE }
/** Five mails with links an hour to one address. */
export const RESET_MAILS: Limit = { free: 5, pauses: [], forgetMs: 60 * MINUTE }
