import type { AccountModel } from '../accounts/model.ts'
import type { People } from '../accounts/people.ts'
import type { Actor, ChangeModel } from '../changes/model.ts'
import { isInserted } from '../changes/writer-lock.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { liesIn } from '../domain/regions.ts'
import { type DueStep, dueDateOf, escalationDayOf } from '../domain/reminder-steps.ts'
import { invalidField, Problem } from '../http/problem.ts'
import type { ImportModel } from '../imports/model.ts'
import type { NewNotice, NoticeService } from '../notices/service.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Operators } from '../operators/service.ts'
import type { NilReportModel } from './model.ts'
import { isOpenMonth } from './month.ts'
import { type Reachable, reachableAt } from './reachable.ts'
import { RemindedDays } from './reminder-days.ts'
import {
  type EscalationDoc,
  type EscalationModel,
  escalationPeriod,
  type ReminderDoc,
  type ReminderModel,
  reminderPeriod,
} from './reminder-model.ts'
import type { ReminderSettings } from './reminder-schema.ts'
import type { ReminderPlans } from './reminder-settings.ts'
import { doneFor } from './reported.ts'

export interface ReminderParts {
  reminders: ReminderModel
  escalations: EscalationModel
  plans: ReminderPlans
  accounts: AccountModel
  people: People
  operators: Operators
  notices: NoticeService
  nilReports: NilReportModel
  imports: ImportModel
  changes: ChangeModel
  timeZone: string
}

/** What was made, in numbers. */
export interface Made {
  reminded: number
  /** operators at which nobody can be told */
  unreachable: number
  /** officers who were told which operators are missing */
  escalated: number
  /** mails that all of this comes to */
  mails: number
}

/**
 * Reminds operators whose list for a month is missing, and tells their county's officers. Each reminder is a document
 * before anything is sent, one an operator, month and step: whatever is repeated, nobody is reminded twice.
 */
export class Reminders {
  readonly days: RemindedDays
  private readonly parts: ReminderParts

  constructor(parts: ReminderParts) {
    this.parts = parts
    this.days = new RemindedDays(parts.reminders.db)
  }

  /** Makes what some steps ask for. Safe to repeat; stops between two operators when the signal says so. */
  async make(steps: readonly DueStep[], now: Date, signal?: AbortSignal): Promise<Made> {
    const made: Made = { reminded: 0, unreachable: 0, escalated: 0, mails: 0 }
    const plan = await this.parts.plans.get()
    for (const step of steps) {
      const missing = await this.missing(step.month, plan)
      if (step.kind === 'escalate')
        made.escalated += await this.escalate(step.month, 'late', missing, plan, now)
      else if (this.isToRemind(step.month, plan, now))
        await this.remindAll(step, missing, { plan, now, made }, signal)
    }
    return { ...made, mails: made.mails + made.escalated }
  }

  /** As long as nil reports are taken for a month; where its last steps come later than that, until the officer is told. */
  private isToRemind(month: string, plan: ReminderSettings, now: Date): boolean {
    const { timeZone } = this.parts
    return isOpenMonth(month, now, timeZone) || civilDateAt(now, timeZone) < escalationDayOf(month, plan)
  }

  /** The operators that must report a month, have not, and are not left in peace. */
  private async missing(month: string, { paused }: ReminderSettings): Promise<OperatorDoc[]> {
    const [all, done] = [await this.parts.operators.all(), await doneFor(month, this.parts)]
    return all.filter((o) => (o.reportsMonthly ?? true) && !done.has(o._id) && !isPaused(o, paused))
  }

  private async remindAll(
    { month, offset }: DueStep,
    missing: readonly OperatorDoc[],
    { plan, now, made }: { plan: ReminderSettings; now: Date; made: Made },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const reachable = await reachableAt(missing, this.parts.accounts)
    const unreachable: OperatorDoc[] = []
    for (const operator of missing) {
      signal?.throwIfAborted()
      const whom = reachable.get(operator._id) ?? { reach: 'nobody', to: [] }
      if (whom.reach === 'nobody') unreachable.push(operator)
      const doc = this.reminderOf({ operator, month, step: offset, by: null }, whom, plan, now)
      if (!(await this.keep(doc))) continue
      made[whom.reach === 'nobody' ? 'unreachable' : 'reminded'] += 1
      made.mails += whom.to.length
    }
    made.escalated += await this.escalate(month, 'unreachable', unreachable, plan, now)
  }

  /** Keeps a reminder and tells its accounts of it. @returns false when there is such a one */
  private async keep(doc: ReminderDoc): Promise<boolean> {
    const isNew = await isInserted(this.parts.reminders.collection.insertOne(doc as never))
    if (doc.reach === 'accounts')
      await this.parts.notices.tell(
        {
          ...{ kind: 'reminder', period: reminderPeriod(doc), at: doc.at, mail: 'done' },
          ...{ params: { month: doc.month, dueOn: doc.dueOn }, link: '/reporting' },
        },
        doc.to.map((t) => t.account),
      )
    return isNew
  }

  private reminderOf(
    { operator, month, step, by }: Pick<ReminderDoc, 'month' | 'step' | 'by'> & { operator: OperatorDoc },
    { reach, to }: Reachable,
    plan: ReminderSettings,
    now: Date,
  ): ReminderDoc {
    const on = civilDateAt(now, this.parts.timeZone)
    const key = step === 'by-hand' ? `${operator._id}|${on}|by-hand` : `${operator._id}|${month}|${step}`
    return {
      ...{ _id: key, operator: operator._id, month, step, dueOn: dueDateOf(month, plan), on, at: now, by },
      ...{ reach, to, mail: reach === 'nobody' ? 'done' : 'due', open: reach !== 'nobody', stopped: null },
    }
  }

  /** Tells the officers in charge, each once of an operator, month and reason. @returns how many */
  private async escalate(
    month: string,
    why: EscalationDoc['why'],
    missing: readonly OperatorDoc[],
    plan: ReminderSettings,
    now: Date,
  ): Promise<number> {
    const { people, escalations, notices } = this.parts
    const byAccount = new Map<string, string[]>()
    const inCharge = new Map<string | null, string[]>()
    for (const county of new Set(missing.map((operator) => operator.county)))
      inCharge.set(county, await people.inCharge(county, []))
    for (const operator of missing)
      for (const account of inCharge.get(operator.county) ?? [])
        byAccount.set(account, [...(byAccount.get(account) ?? []), operator._id])
    let told = 0
    for (const [account, all] of byAccount) {
      const before = await escalations.collection.find<EscalationDoc>({ month, why, account }).toArray()
      const known = new Set(before.flatMap(({ operators }) => operators))
      const operators = all.filter((id) => !known.has(id))
      // Once the last step has come, all that are missing are told at once.
      const isMore = why === 'unreachable' && before.length > 0
      if (operators.length > 0 && (isMore || before.length === 0)) {
        const part = isMore ? { part: before.length + 1 } : {}
        const doc: EscalationDoc = {
          ...{ _id: [month, why, account, ...Object.values(part)].join('|'), ...part, month, why, account },
          ...{ at: now, dueOn: dueDateOf(month, plan), operators, mail: 'due', open: true },
        }
        if (await isInserted(escalations.collection.insertOne(doc as never))) told += 1
        before.push(doc)
      }
      for (const doc of before) await notices.tell(noticeOf(doc), [account])
    }
    return told
  }

  /**
   * Reminds one operator of a month because an officer says so; at most once a day.
   * @throws Problem 400 for a month that is not open or an operator that is none; 403 for one outside the scope; 409
   *   `reminder.reported`, `reminder.not-expected`, `reminder.nobody`, `reminder.today`
   */
  async byHand(
    { month, operator: id }: { month: string; operator: string },
    { by, county, now }: { by: Actor; county: string | undefined; now: Date },
  ): Promise<ReminderDoc> {
    const { operators, accounts, reminders, timeZone, plans } = this.parts
    if (!isOpenMonth(month, now, timeZone)) throw invalidField('body.month', 'reminder.month-not-open', month)
    const operator = await operators.find(id)
    if (!operator) throw invalidField('body.operator', 'operator.unknown', id)
    if (county !== undefined && !(operator.county && liesIn(operator.county, county)))
      throw new Problem(403, 'permission.denied')
    if (operator.reportsMonthly === false) throw new Problem(409, 'reminder.not-expected')
    if ((await doneFor(month, this.parts, id)).has(id)) throw new Problem(409, 'reminder.reported')
    const whom = (await reachableAt([operator], accounts)).get(id)
    if (!whom || whom.reach === 'nobody') throw new Problem(409, 'reminder.nobody')
    const doc = this.reminderOf({ operator, month, step: 'by-hand', by }, whom, await plans.get(), now)
    const today = { operator: id, on: doc.on, reach: { $ne: 'nobody' } }
    if (await reminders.collection.findOne(today as never)) throw new Problem(409, 'reminder.today')
    if (!(await this.keep(doc))) throw new Problem(409, 'reminder.today')
    return doc
  }

  /** Which operators have done what a month asks for. @param operator only this one */
  doneFor(month: string, operator?: string) {
    return doneFor(month, this.parts, operator)
  }
}

/** What an officer is told in the application; the same whenever it is told. */
const noticeOf = (doc: EscalationDoc): NewNotice => {
  const { month, why, at, operators } = doc
  return {
    ...{ kind: 'reminder-escalated', period: escalationPeriod(doc), at, mail: 'done' },
    params: { month, count: String(operators.length), decision: why },
    link: `/reporting?month=${month}&missing=1`,
  }
}

/** Whether nobody there is to be reminded. */
export const isPaused = (
  { _id, county }: Pick<OperatorDoc, '_id' | 'county'>,
  { counties, operators }: ReminderSettings['paused'],
): boolean =>
  operators.includes(_id) || (county !== null && counties.some((paused) => liesIn(county, paused)))
