import { civilDateAt } from '../server/domain/civil-date.ts'
import type { Assessments } from './assessments.ts'
import { type Figures, frozenFigures } from './figures.ts'
import type { Job, RunResult } from './job.ts'
import { dayReported } from './periods.ts'
import { SCHEDULE } from './schedule.ts'

/**
 * The daily check: freezes the figures of the last complete day, as known when it runs. One started by hand gives
 * the figures as of its own day, as somebody who asks now means now. Days on which the service was away are not made
 * up for one by one: the ledger gives the figures of any past day whenever they are asked for.
 */
export const createDailyCheck = (parts: {
  figures: Figures
  assessments: Assessments
  timeZone: string
}): Job => ({
  name: 'daily-check',
  cron: SCHEDULE.dailyCheck,
  owedAtFirst: 'latest',
  async run({ slot, manual, covers, now, signal }): Promise<RunResult> {
    const missed = Math.max(0, covers.length - 1)
    if (await parts.assessments.has(slot)) return { assessments: 0, missed }
    const asOf = manual ? civilDateAt(slot, parts.timeZone) : dayReported(slot, parts.timeZone)
    const figures = await frozenFigures(parts.figures, { asOf, now })
    signal.throwIfAborted()
    const kept = await parts.assessments.keep(slot, manual, figures)
    const needAttention = figures.rules.filter((r) =>
      ['at-risk', 'behind', 'breached', 'missed'].includes(r.status),
    ).length
    return { assessments: kept ? 1 : 0, rules: figures.rules.length, needAttention, missed }
  },
})
