import { z } from 'zod'
import { isSameSecret, type Keys } from '../accounts/keys.ts'
import type { People } from '../accounts/people.ts'
import { dueDateOf } from '../domain/reminder-steps.ts'
import { Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import { isOpenMonth } from './month.ts'
import type { ReminderDoc, ReminderModel } from './reminder-model.ts'
import type { NilLinkView } from './reminder-schema.ts'
import type { ReminderPlans } from './reminder-settings.ts'
import { doneFor } from './reported.ts'
import type { NilReport } from './schema.ts'
import type { ReportingParts, ReportingService } from './service.ts'

interface NilLinkParts extends ReportingParts {
  keys: Keys
  reminders: ReminderModel
  people: People
  operators: Operators
  plans: ReminderPlans
  reporting: ReportingService
}

/** Which reminder a link belongs to, and to whom this was sent. */
const payload = z.tuple([z.string().max(200), z.string().max(80)])

/**
 * Links in reminders by which whoever was reminded reports, without signing in, that there is nothing to report for
 * that month. Opening one does nothing; a button on its page does, for this operator and month only, and as long as
 * the month is open. It stands in no database.
 */
export class NilLinks {
  private readonly parts: NilLinkParts

  constructor(parts: NilLinkParts) {
    this.parts = parts
  }

  /** The token for one of those who are reminded. */
  token({ _id }: Pick<ReminderDoc, '_id'>, account: string): string {
    const body = Buffer.from(JSON.stringify([_id, account])).toString('base64url')
    return `${body}.${this.parts.keys.mac('nil-report', body)}`
  }

  /** What a link is for. @throws Problem 410 for one that is not genuine or whose time is over */
  async check(token: string, now: Date): Promise<NilLinkView> {
    const { reminder, operatorName } = await this.open(token, now)
    const { operator, month } = reminder
    const done = (await doneFor(month, this.parts, operator)).get(operator)
    return {
      ...{ month, operatorName, dueOn: dueDateOf(month, await this.parts.plans.get()) },
      reported: done === 'nil' || done === 'list' ? done : null,
    }
  }

  /**
   * Reports that there is nothing to report.
   * @throws Problem 410; 409 `report.has-list`
   */
  async redeem(token: string, now: Date): Promise<{ report: NilReport; isNew: boolean; to: string }> {
    const { reminder, addressed } = await this.open(token, now)
    const { account: id, email, name } = addressed
    const scope = { operator: reminder.operator }
    const caller: Caller = { id, email, name, role: 'operator', scope }
    const { report, isNew } = await this.parts.reporting.reportNil({ month: reminder.month }, caller, now)
    return { report, isNew, to: email }
  }

  private async open(token: string, now: Date) {
    const [reminderId, account] = this.read(token)
    const { reminders, operators, people, timeZone } = this.parts
    const reminder = await reminders.collection.findOne<ReminderDoc>({ _id: reminderId as never })
    const addressed = reminder?.to.find((to) => to.account === account)
    const operator = reminder && (await operators.find(reminder.operator))
    if (!reminder || !addressed || !operator || !isOpenMonth(reminder.month, now, timeZone)) throw expired()
    // Whoever has left the company reports nothing for it any more.
    const stays =
      reminder.reach === 'accounts'
        ? (await people.ofOperator(operator._id)).includes(account)
        : (operator.contacts ?? []).some(({ email }) => email?.toLowerCase() === addressed.email)
    if (!stays) throw expired()
    return { reminder, addressed, operatorName: operator.name }
  }

  /** @throws Problem 410 */
  private read(token: string): [reminder: string, account: string] {
    const [body = '', mac = ''] = token.split('.')
    if (!isSameSecret(this.parts.keys.mac('nil-report', body), mac)) throw expired()
    const read = payload.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
    if (!read.success) throw expired()
    return read.data
  }
}

const expired = (): Problem => new Problem(410, 'link.expired')
