import { z } from 'zod'
import { paging } from '../server/http/schema.ts'

export const RUN_STATUSES = ['running', 'done', 'failed'] as const
/** How an attempt failed: with an error, by taking too long, or because its process ended. */
export const RUN_FAULTS = ['error', 'timed-out', 'interrupted'] as const
export type RunFault = (typeof RUN_FAULTS)[number]

/** A run of a job. */
export const runView = z.object({
  /** the slot it ran for: the instant at which it was due */
  slot: z.iso.datetime(),
  status: z.enum(RUN_STATUSES),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** what it did, in counts */
  result: z.record(z.string(), z.number()).nullable(),
  error: z.string().nullable(),
  /** how it failed */
  fault: z.enum(RUN_FAULTS).nullable(),
  /** started by hand */
  manual: z.boolean(),
  /** the slots that it stands for, its own included, oldest first: several when the service was away */
  covers: z.array(z.iso.datetime()),
  attempts: z.number().int(),
  /** when a failed one is tried again */
  nextTryAt: z.iso.datetime().nullable(),
})
export type RunView = z.infer<typeof runView>

/** A scheduled job with its last and next runs. */
export const jobView = z.object({
  name: z.string(),
  /** when it is due, as a cron of five fields in `timeZone` */
  cron: z.string(),
  /** when it is due unless an administrator says otherwise */
  defaultCron: z.string(),
  timeZone: z.string(),
  /** the latest edit of the schedule; null when there was none */
  edited: z
    .object({
      at: z.iso.datetime(),
      by: z.string(),
      reason: z.string().nullable(),
      /** back to the default */
      reset: z.boolean(),
    })
    .nullable(),
  nextRunAt: z.iso.datetime().nullable(),
  /** the next five slots */
  nextSlots: z.array(z.iso.datetime()),
  running: z.boolean(),
  lastRun: runView.nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
  failures: z.array(z.object({ slot: z.iso.datetime(), at: z.iso.datetime(), error: z.string() })),
  /** what it owes has been due for a period of its own, or a day: something keeps the job from running */
  late: z.boolean(),
  /** seconds since the oldest slot that is owed */
  lagSeconds: z.number(),
})
export type JobView = z.infer<typeof jobView>

/** A schedule that an administrator gives a job. */
export const scheduleEdit = z.strictObject({
  cron: z.string().trim().min(1).max(100),
  reason: z.string().trim().max(500).optional(),
})

export const schedulePreview = z.object({
  cron: z.string(),
  timeZone: z.string(),
  nextSlots: z.array(z.iso.datetime()),
})
export type SchedulePreview = z.infer<typeof schedulePreview>

/** Whether the figures are being checked at all. */
export const jobsHealth = z.object({
  dailyCheck: z.object({
    lastSuccessAt: z.iso.datetime().nullable(),
    /** the last check is older than a day */
    stale: z.boolean(),
  }),
})
export type JobsHealth = z.infer<typeof jobsHealth>

export const runsQuery = paging
