import { civilDateAt } from '../domain/civil-date.ts'
import { dueDateOf, nextStep } from '../domain/reminder-steps.ts'
import type { Caller } from '../http/route.ts'
import type { OperatorDoc } from '../operators/model.ts'
import { type MailState, mailKey, mailKeysOf, mailStates } from './mail-states.ts'
import { type Reachable, reachableAt } from './reachable.ts'
import type { EscalationDoc, ReminderDoc } from './reminder-model.ts'
import type { MonthReminders, OperatorReminders, ReminderSettings, ReminderView } from './reminder-schema.ts'
import { isPaused, type ReminderParts } from './reminders.ts'

/** What was sent to the operators of a caller's scope for a month, and what comes next. */
export async function remindersOf(
  month: string,
  caller: Caller,
  now: Date,
  parts: ReminderParts,
): Promise<MonthReminders> {
  const { operators, accounts, reminders, escalations, plans, timeZone } = parts
  const [plan, seen] = [await plans.get(), await operators.all(caller.scope.county)]
  const today = civilDateAt(now, timeZone)
  const ids = { $in: seen.map((o) => o._id) }
  const [sent, told, reachable, byHand] = await Promise.all([
    reminders.collection
      .find<ReminderDoc>({ month, operator: ids } as never)
      .sort({ at: 1 })
      .toArray(),
    escalations.collection.find<EscalationDoc>({ month } as never).toArray(),
    reachableAt(seen, accounts),
    reminders.collection.distinct('operator', {
      ...{ operator: ids, on: today, reach: { $ne: 'nobody' } },
    } as never),
  ])
  const mails = await mailStates(sent.flatMap(mailKeysOf), reminders.db)
  const remindedToday = new Set<unknown>(byHand)
  const next = nextStep(month, plan, today)
  const sentTo = new Map<string, ReminderView[]>()
  for (const doc of sent) sentTo.set(doc.operator, [...(sentTo.get(doc.operator) ?? []), viewOf(doc, mails)])
  // The first of each: later ones are passed over.
  const escalated = new Map(told.toReversed().flatMap(({ operators, at }) => operators.map((id) => [id, at])))
  const item = (operator: OperatorDoc): OperatorReminders => ({
    ...stateOf(operator, plan, reachable.get(operator._id)),
    today: remindedToday.has(operator._id),
    sent: sentTo.get(operator._id) ?? [],
    next: next && { on: next.on, offset: next.offset, escalates: next.kind === 'escalate' },
    escalatedAt: escalated.get(operator._id)?.toISOString() ?? null,
  })
  return { month, dueOn: dueDateOf(month, plan), items: seen.map(item) }
}

const stateOf = (operator: OperatorDoc, plan: ReminderSettings, whom: Reachable | undefined) => ({
  operator: operator._id,
  reach: whom?.reach ?? ('nobody' as const),
  paused: isPaused(operator, plan.paused),
})

export function viewOf(doc: ReminderDoc, mails: ReadonlyMap<string, MailState>): ReminderView {
  const { step, at, by, reach, to, stopped } = doc
  return {
    ...{ step, at: at.toISOString(), by: by?.name ?? null, reach, stopped: stopped !== null },
    mails: to.map(({ account, email }) => {
      const state = mails.get(mailKey(doc, account))
      return { id: state?.id ?? null, to: email, status: state?.status ?? null }
    }),
  }
}
