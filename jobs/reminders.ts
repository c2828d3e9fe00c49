import { civilDateAt } from '../server/domain/civil-date.ts'
import { type DueStep, stepsWithin } from '../server/domain/reminder-steps.ts'
import type { RemindedDays } from '../server/reporting/reminder-days.ts'
import type { ReminderPlans } from '../server/reporting/reminder-settings.ts'
import type { Made } from '../server/reporting/reminders.ts'
import type { Job, RunResult } from './job.ts'
import { SCHEDULE } from './schedule.ts'

/** What reminds operators. */
export interface Reminding {
  plans: Pick<ReminderPlans, 'get'>
  reminders: {
    days: Pick<RemindedDays, 'from' | 'dealtWith'>
    make(steps: readonly DueStep[], now: Date, signal?: AbortSignal): Promise<Made>
  }
  /** puts reminders into mails; returns how many */
  mails: { sweep(now: Date): Promise<number> }
}

/**
 * The reminders of a day, and of those since the last run, to operators whose list for a month is missing. Of several
 * days the latest of what came on them is sent.
 */
export const createReminders = (
  parts: Reminding & { timeZone: string; onQueued?: (() => void) | undefined },
): Job => ({
  name: 'reminders',
  cron: SCHEDULE.reminders,
  owedAtFirst: 'none',
  async run({ slot, covers, now, signal }): Promise<RunResult> {
    const { plans, reminders, mails, timeZone, onQueued } = parts
    const [first, to] = [civilDateAt(covers[0] ?? slot, timeZone), civilDateAt(slot, timeZone)]
    const steps = stepsWithin(await plans.get(), await reminders.days.from(first), to)
    const made = await reminders.make(steps, now, signal)
    // Not before all is written down: whoever repeats an interrupted run finds the same days.
    await reminders.days.dealtWith(to)
    const queued = await mails.sweep(now)
    if (queued > 0) onQueued?.()
    return { steps: steps.length, ...made }
  },
})
