import { addDays, type CivilDate, monthOf } from './civil-date.ts'
import { dueDateOf, type ReminderPlan } from './reminder-steps.ts'

/**
 * For which months a list that an operator sends in stands. Once it is on the ledger, it stands for the months of its
 * entries. Beside them it stands for the month whose list was due when it was sent: a list comes in the month after its
 * own, so that October's, sent on 3 November, does not stand for November.
 */
type Due = Pick<ReminderPlan, 'dueDay'>

/** The month whose list was due next on a day: the day on which it is due belongs to it. */
export const monthDueAt = (on: CivilDate, { dueDay }: Due): string => monthOf(addDays(on, -dueDay))

/** The first and the last day on which a list that is sent in counts for a month. */
export function windowOf(month: string, due: Due): { from: CivilDate; to: CivilDate } {
  const before = monthOf(addDays(`${month}-01`, -1))
  return { from: addDays(dueDateOf(before, due), 1), to: dueDateOf(month, due) }
}

/**
 * Whether a list also stands for the month that was due when it was sent.
 * @param latest day of the latest change that it brought to the ledger; undefined for one without dated changes (a whole
 *   fleet, one that waits). A late list, of older changes only, says nothing of the month in which it was sent.
 */
export const standsForDue = (month: string, latest: CivilDate | undefined): boolean =>
  latest === undefined || monthOf(latest) >= month
