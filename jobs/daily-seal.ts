import type { Job, RecordDeed, RunResult } from './job.ts'
import { SCHEDULE } from './schedule.ts'

/** A day that was sealed. */
export interface SealedDay {
  /** the civil day */
  _id: string
  recorded: number
  voided: number
  chain: string
}

/** What seals the ledger: every day that is over and not sealed yet. */
export interface Sealer {
  sealDue(now: Date, onSealed?: (day: SealedDay) => Promise<void>, signal?: AbortSignal): Promise<SealedDay[]>
}

/**
 * The daily seal: seals every day that is over, also those on which the service was away. It fails while a write of
 * such a day is still under way, and is tried again.
 * @param record notes each seal's chain value in the audit log too, where who rewrites the seals may overlook it
 */
export const createDailySeal = (parts: { seals: Sealer; record?: RecordDeed | undefined }): Job => ({
  name: 'daily-seal',
  cron: SCHEDULE.dailySeal,
  owedAtFirst: 'latest',
  async run({ now, signal }): Promise<RunResult> {
    const note = async ({ _id, recorded, voided, chain }: SealedDay) => {
      await parts.record?.({
        ...{ at: now, action: 'ledger.seal', outcome: 'done' },
        target: { kind: 'seal', id: _id, label: _id },
        detail: { entries: recorded, voidings: voided, chain },
      })
    }
    const sealed = await parts.seals.sealDue(now, note, signal)
    const sum = (count: (day: SealedDay) => number) => sealed.reduce((total, day) => total + count(day), 0)
    return { days: sealed.length, entries: sum((d) => d.recorded), voidings: sum((d) => d.voided) }
  },
})
