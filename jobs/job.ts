/** What a scheduled job is, and what it needs from outside. */

/** What one run is told. */
export interface RunCall {
  /** the instant at which it was due; for a run by hand, the instant at which it was asked for */
  slot: Date
  manual: boolean
  /** the slots that it stands for, oldest first; the last is its own */
  covers: Date[]
  now: Date
}

/** What a run did, in counts. */
export type RunResult = Record<string, number>

/** A job: a name, when it is due, and work that may be repeated after a crash without doing anything twice. */
export interface Job {
  name: string
  cron: string
  /**
   * What a new installation owes: the slot before its first start (`latest`: run at once, so that there is
   * something to see), or nothing that lies before it (`none`: no report on a week in which nobody used it).
   */
  owedAtFirst: 'latest' | 'none'
  run(call: RunCall): Promise<RunResult>
}

/** Something that a job did, for the audit log. */
export interface Deed {
  at: Date
  action: 'job.finished' | 'ledger.seal' | 'figures.mend'
  outcome: 'done' | 'failed'
  target: { kind: string; id: string; label: string | null }
  detail: Record<string, unknown>
}
export type RecordDeed = (deed: Deed) => Promise<void>

/** Where jobs write what they do; a pino logger serves. */
export interface JobLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** An error in one line, as people get to see it. */
export const describeError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim().slice(0, 500)
