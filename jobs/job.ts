/** What a scheduled job is, and what it needs from outside. */

/** What one run is told. */
export interface RunCall {
  /** the instant at which it was due; for a run by hand, the instant at which it was asked for */
  slot: Date
  manual: boolean
  /** the slots that it stands for, oldest first; the last is its own */
  covers: Date[]
  now: Date
  /**
   * Aborted when the run has been timed out or taken over, or the service stops: a long job looks at it between
   * batches and throws (`signal.throwIfAborted()`); what it has done by then is found again by the next run.
   */
  signal: AbortSignal
}

/** What a run did, in counts. */
export type RunResult = Record<string, number>

/** How long a run may take unless its job says otherwise. */
export const TIMEOUT_MS = 30 * 60_000

/** A job: a name, when it is due, and work that may be repeated after a crash without doing anything twice. */
export interface Job {
  name: string
  /** when it is due unless an administrator has said otherwise */
  cron: string
  /** how long a run may take before it has failed as timed out, in real time; TIMEOUT_MS unless told */
  timeoutMs?: number
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

/** Something about a job that administrators must hear of. Told once for each key. */
export interface JobTrouble {
  key: string
  kind: 'job-failed' | 'job-late' | 'figures-mended'
  /** job, slot; why it failed (reason); when it last succeeded (lastSuccess) */
  detail: Record<string, string>
}
export type TellTrouble = (trouble: JobTrouble, now: Date) => Promise<unknown>

/** Where jobs write what they do; a pino logger serves. */
export interface JobLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** An error in one line, as people get to see it. */
export const describeError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim().slice(0, 500)
