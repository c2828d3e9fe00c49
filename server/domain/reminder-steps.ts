import { addDays, type CivilDate, endOfMonth, monthOf, monthsBetween } from './civil-date.ts'

/** When operators are reminded of a month's list, and when their county's officer hears of it. */
export interface ReminderPlan {
  /** the day of the following month by which a month's list is due, 1 to 28: every month has it */
  dueDay: number
  /** days before and after that day on which operators are reminded: negative ones are before */
  steps: readonly number[]
  /** so many days after that day it goes to the county officer */
  escalateAfter: number
}

/** As it is until an administrator says otherwise. */
export const DEFAULT_PLAN: ReminderPlan = { dueDay: 5, steps: [-14, -7, -1, 1], escalateAfter: 3 }

/** What a day asks for: to remind of a month, or to take it to the county's officer. */
export interface DueStep {
  /** `YYYY-MM`, whose list is missing */
  month: string
  kind: 'remind' | 'escalate'
  /** days from the day on which the list is due */
  offset: number
  on: CivilDate
}

/** The day by which a month's list is due: in the month after it. */
export function dueDateOf(month: string, { dueDay }: Pick<ReminderPlan, 'dueDay'>): CivilDate {
  const following = monthOf(addDays(endOfMonth(month), 1))
  return `${following}-${String(dueDay).padStart(2, '0')}`
}

/** The day on which a month's list goes to the county's officer. */
export const escalationDayOf = (
  month: string,
  plan: Pick<ReminderPlan, 'dueDay' | 'escalateAfter'>,
): CivilDate => addDays(dueDateOf(month, plan), plan.escalateAfter)

/** The steps of a month, in order of days. */
export function stepsOf(month: string, plan: ReminderPlan): DueStep[] {
  const due = dueDateOf(month, plan)
  const step = (kind: DueStep['kind'], offset: number): DueStep => ({
    ...{ month, kind, offset },
    on: addDays(due, offset),
  })
  return [...plan.steps.map((offset) => step('remind', offset)), step('escalate', plan.escalateAfter)].sort(
    (a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0),
  )
}

/**
 * What falls due from one day to another, both included: of each month the latest reminder only, and its escalation.
 * After downtime nobody is sent at once what would have come on several days.
 */
export function stepsWithin(plan: ReminderPlan, from: CivilDate, to: CivilDate): DueStep[] {
  if (to < from) return []
  const reach = Math.max(plan.escalateAfter, ...plan.steps, 0)
  const ahead = Math.min(0, ...plan.steps)
  // Lists are due in the month after theirs, and steps lie around that day.
  const months = monthsBetween(addDays(from, -reach - 62), addDays(to, -ahead))
  return months.flatMap((month) => {
    const within = stepsOf(month, plan).filter(({ on }) => on >= from && on <= to)
    const reminder = within.findLast(({ kind }) => kind === 'remind')
    const escalation = within.find(({ kind }) => kind === 'escalate')
    return [...(reminder ? [reminder] : []), ...(escalation ? [escalation] : [])]
  })
}

/** The next step of a month after a day; null when there is none. */
export const nextStep = (month: string, plan: ReminderPlan, after: CivilDate): DueStep | null =>
  stepsOf(month, plan).find(({ on }) => on > after) ?? null
