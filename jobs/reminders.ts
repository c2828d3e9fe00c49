import { civilDateAt } from '../server/domain/civil-date.ts'
import { type DueStep, stepsWithin } from '../server/domain/reminder-steps.ts'
import type { ReminderPlans } from '../server/reporting/reminder-settings.ts'
import type { Made } from '../server/reporting/reminders.ts'
import type { Job, RunResult } from './job.ts'
import { SCHEDULE } from './schedule.ts'

/** What reminds operators. */
export interface Reminding {
  plans: Pick<ReminderPlans, 'get'>
  reminders: { make(steps: readonly DueStep[], now: Date, signal?: AbortSignal): Promise<Made> }
  /** puts reminders into mails; returns how many */
  mails: { sweep(now: Date): Promise<number> }
}

/**
 * The reminders of a day to operators whose list for a month is missing. A run that stands for several days sends the
 * latest of what came on them.
 */
export const createReminders = (
  parts: Reminding & { timeZone: string; onQueued?: (() => void) | undefined },
): Job => ({
  name: 'reminders',
  cron: SCHEDULE.reminders,
  owedAtFirst: 'none',
  async run({ slot, covers, now, signal }): Promise<RunResult> {
    const { plans, reminders, mails, timeZone, onQueued } = parts
    const [from, to] = [covers[0] ?? slot, slot].map((at) => civilDateAt(at, timeZone)) as [string, string]
    const steps = stepsWithin(await plans.get(), from, to)
    const made = await reminders.make(steps, now, signal)
    const queued = await mails.sweep(now)
    if (queued > 0) onQueued?.()
    return { steps: steps.length, ...made }
  },
})
