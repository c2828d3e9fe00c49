import type { Job, JobLog, RecordDeed, RunResult, TellTrouble } from './job.ts'
import { SCHEDULE } from './schedule.ts'

/** So many differences are told one by one, of each month. */
const TOLD = 20

/** Told of differences before they are put right: a crash in between finds and tells them again, and loses none. */
export type NoteDifferences = (differences: readonly object[]) => Promise<void>

/** What adds the figures up again from the ledger, and puts right what is kept. */
export interface TallyChecker {
  /** @param signal it stops between two months when aborted */
  check(
    now: Date,
    options: { note: NoteDifferences; signal: AbortSignal },
  ): Promise<{ months: number; sums: number; differences: readonly object[] }>
}

/**
 * The check of the figures: every night all of them are added up again from the ledger's entries. A difference is put
 * right at once, and told in the log, the audit log and to the administrators: figures that went out since the last
 * check may have been wrong.
 */
export const createTallyCheck = (parts: {
  tallies: TallyChecker
  record?: RecordDeed | undefined
  log: JobLog
  /** tells administrators of figures that were wrong */
  tell?: TellTrouble | undefined
}): Job => ({
  name: 'tally-check',
  cron: SCHEDULE.tallyCheck,
  owedAtFirst: 'latest',
  async run({ slot, now, signal }): Promise<RunResult> {
    const { record, log, tell, tallies } = parts
    const note: NoteDifferences = async (differences) => {
      for (const difference of differences.slice(0, TOLD)) log.error({ difference }, 'figure put right')
      await record?.({
        ...{ at: now, action: 'figures.mend', outcome: 'done' },
        target: { kind: 'job', id: 'tally-check', label: null },
        detail: { differences: differences.length, first: differences.slice(0, TOLD) },
      })
      const detail = { slot: slot.toISOString() }
      await tell?.({ key: `figures-mended:${detail.slot}`, kind: 'figures-mended', detail }, now)
    }
    const { months, sums, differences } = await tallies.check(now, { note, signal })
    return { months, sums, differences: differences.length }
  },
})
