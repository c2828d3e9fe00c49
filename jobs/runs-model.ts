import { type Connection, Schema, type Types } from 'mongoose'
import type { RunResult } from './job.ts'
import { RUN_STATUSES, type RunFault } from './job-schema.ts'
import type { Lease } from './leases.ts'

/** A run of a job for a slot: the ledger that says what is owed, running and done. */
export interface RunDoc {
  _id: Types.ObjectId
  job: string
  slot: Date
  manual: boolean
  status: (typeof RUN_STATUSES)[number]
  /** the slots that it stands for, its own included, oldest first */
  covers: Date[]
  /** how often it was begun */
  attempts: number
  startedAt: Date
  finishedAt: Date | null
  /** when a failed one is tried again */
  nextTryAt: Date | null
  result: RunResult | null
  error: string | null
  /** why it failed; absent in runs of earlier versions */
  fault?: RunFault | null
  /** every failed attempt, the latest twenty */
  failures: { at: Date; error: string; fault?: RunFault }[]
  lease: Lease | null
}

const schema = new Schema<RunDoc>(
  {
    job: { type: String, required: true },
    slot: { type: Date, required: true },
    manual: { type: Boolean, required: true },
    status: { type: String, enum: RUN_STATUSES, required: true },
    covers: { type: [Date], required: true },
    attempts: { type: Number, required: true },
    startedAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
    nextTryAt: { type: Date, default: null },
    result: { type: Schema.Types.Mixed, default: null },
    error: { type: String, default: null },
    fault: { type: String, default: null },
    failures: { type: [Schema.Types.Mixed], required: true } as never,
    lease: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false, minimize: false },
)

schema.index({ job: 1, slot: -1 }, { unique: true })
/** At most one live run a job, on however many machines. */
schema.index({ job: 1 }, { unique: true, partialFilterExpression: { status: 'running' } })
schema.index({ job: 1, startedAt: -1, _id: -1 })
/** The latest success, and a job's page of runs. */
schema.index({ job: 1, status: 1, finishedAt: -1 })
schema.index({ job: 1, _id: -1 })

/** The runs' model on a connection. */
export const runModel = (connection: Connection) => connection.model<RunDoc>('JobRun', schema, 'job-runs')
export type RunModel = ReturnType<typeof runModel>
