import { type Connection, Schema } from 'mongoose'
import { isDuplicateKey } from '../server/changes/writer-lock.ts'
import { Problem } from '../server/http/problem.ts'
import { cronFault, tidyCron } from './crons.ts'
import type { Job } from './job.ts'
import { scheduleOf } from './schedule.ts'
import { type Timeline, unedited } from './timeline.ts'

/** Who edited a schedule. */
export interface Editor {
  id: string
  name: string
}

/** What a job's schedule was made, and by whom. */
export interface ScheduleVersion {
  /** null: back to the default */
  cron: string | null
  /** the instant after which it is in force */
  from: Date
  by: Editor
  reason: string | null
}

interface SchedulesDoc {
  /** the job's name */
  _id: string
  /** oldest first */
  versions: ScheduleVersion[]
}

const schema = new Schema<SchedulesDoc>(
  { _id: String, versions: { type: [Schema.Types.Mixed], required: true } as never },
  { versionKey: false },
)

/** Clocks that do not agree are so much apart at most, while they are right. */
const SKEW_MS = 86_400_000

/**
 * Edits of the schedules of jobs. Nothing that came into force is overwritten: what was owed under a former version
 * stays owed.
 */
export class Schedules {
  private readonly model
  private readonly timeZone: string

  constructor(connection: Connection, timeZone: string) {
    this.model = connection.model<SchedulesDoc>('JobSchedules', schema, 'job-schedules')
    this.timeZone = timeZone
  }

  /** The versions that a job's schedule has had after its default, oldest first. */
  async versions(job: string): Promise<ScheduleVersion[]> {
    return (await this.model.collection.findOne<SchedulesDoc>({ _id: job as never }))?.versions ?? []
  }

  /** When a job is due, over all edits. Read anew for every judgement: another process may have edited it. */
  async timeline(job: Job): Promise<Timeline> {
    const [beginning] = unedited(scheduleOf(job.cron, this.timeZone))
    const edited = (await this.versions(job.name)).map(({ cron, from }) => ({
      schedule: scheduleOf(cron ?? job.cron, this.timeZone),
      after: from,
    }))
    return [beginning, ...edited]
  }

  /**
   * Makes a job due at other times from now on.
   * @param edit `cron: null` for the default
   * @throws Problem 422 `cron.*` for one that cannot be; 409 `job.schedule-changed` when somebody else was faster
   */
  async edit(job: Job, edit: { cron: string | null; by: Editor; reason?: string | undefined }, now: Date) {
    const cron = edit.cron === null ? null : this.checked(edit.cron)
    const found = await this.versions(job.name)
    // One that a clock far ahead has dated was never in force, and no later one need wait for it.
    const versions = found.filter((version) => version.from.getTime() <= now.getTime() + SKEW_MS)
    const last = versions.at(-1)
    if (found.length === versions.length && (last?.cron ?? null) === cron) return
    // Clocks of several machines differ: no version begins before the one that it follows.
    const from = new Date(Math.max(now.getTime(), last?.from.getTime() ?? 0))
    const version: ScheduleVersion = { cron, from, by: edit.by, reason: edit.reason ?? null }
    await this.keep(job.name, found, [...versions, version])
  }

  /** @returns the cron as it is kept @throws Problem 422 */
  checked(cron: string): string {
    const fault = cronFault(cron, this.timeZone)
    if (fault) throw new Problem(422, fault, cron)
    return tidyCron(cron)
  }

  /** @throws Problem 409 when the schedule has other versions by now than those found */
  private async keep(job: string, found: ScheduleVersion[], versions: ScheduleVersion[]): Promise<void> {
    const isKept = await this.model.collection
      .updateOne(
        { _id: job as never, versions: found.length > 0 ? found : { $size: 0 } } as never,
        { $set: { versions } },
        // Beside another's first version this one's key is a duplicate.
        { upsert: found.length === 0 },
      )
      .then(
        ({ matchedCount, upsertedCount }) => matchedCount + upsertedCount === 1,
        (error) => {
          if (isDuplicateKey(error)) return false
          throw error
        },
      )
    if (!isKept) throw new Problem(409, 'job.schedule-changed', job)
  }
}
