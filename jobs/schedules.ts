import { type Connection, Schema } from 'mongoose'
import { Problem } from '../server/http/problem.ts'
import { cronFault, tidyCron } from './crons.ts'
import { isDuplicate } from './database.ts'
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

/** Edits of the schedules of jobs. Nothing is overwritten: what was owed under a former version stays owed. */
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
    return this.timelineOf(job, await this.versions(job.name))
  }

  timelineOf(job: Job, versions: readonly ScheduleVersion[]): Timeline {
    const [beginning] = unedited(scheduleOf(job.cron, this.timeZone))
    const edited = versions.map(({ cron, from }) => ({
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
    const versions = await this.versions(job.name)
    const last = versions.at(-1)
    if ((last?.cron ?? null) === cron) return
    // Clocks of several machines differ: no version begins before the one that it follows.
    const from = new Date(Math.max(now.getTime(), last?.from.getTime() ?? 0))
    const version: ScheduleVersion = { cron, from, by: edit.by, reason: edit.reason ?? null }
    await this.append(job.name, versions.length, version)
  }

  /** @returns the cron as it is kept @throws Problem 422 */
  checked(cron: string): string {
    const fault = cronFault(cron, this.timeZone)
    if (fault) throw new Problem(422, fault, cron)
    return tidyCron(cron)
  }

  /** @throws Problem 409 when the schedule has more versions by now */
  private async append(job: string, count: number, version: ScheduleVersion): Promise<void> {
    const isAppended = await this.model.collection
      .updateOne(
        { _id: job as never, versions: { $size: count } },
        { $push: { versions: version as never } },
        // Beside another's first version this one's key is a duplicate.
        { upsert: count === 0 },
      )
      .then(
        ({ matchedCount, upsertedCount }) => matchedCount + upsertedCount === 1,
        (error) => {
          if (isDuplicate(error)) return false
          throw error
        },
      )
    if (!isAppended) throw new Problem(409, 'job.schedule-changed', job)
  }
}
