import type { Job, JobLog, RecordDeed, RunResult } from './job.ts'
import { SCHEDULE } from './schedule.ts'

/** So many differences are told one by one. */
const TOLD = 20

/** What adds the figures up again from the ledger, and puts right what is kept. */
export interface TallyChecker {
  check(now: Date): Promise<{ months: number; sums: number; differences: readonly object[] }>
}

/**
 * The check of the figures: every night all of them are added up again from the ledger's entries. A difference is put
 * right at once, and told in the log and the audit log: figures that went out since the last check may have been wrong.
 */
export const createTallyCheck = (parts: {
  tallies: TallyChecker
  record?: RecordDeed | undefined
  log: JobLog
}): Job => ({
  name: 'tally-check',
  cron: SCHEDULE.tallyCheck,
  owedAtFirst: 'latest',
  async run({ now }): Promise<RunResult> {
    const { months, sums, differences } = await parts.tallies.check(now)
    for (const difference of differences.slice(0, TOLD)) parts.log.error({ difference }, 'figure put right')
    if (differences.length > 0)
      await parts.record?.({
        ...{ at: now, action: 'figures.mend', outcome: 'done' },
        target: { kind: 'job', id: 'tally-check', label: null },
        detail: { differences: differences.length, first: differences.slice(0, TOLD) },
      })
    return { months, sums, differences: differences.length }
  },
})
