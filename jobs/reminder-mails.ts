import type { Connection } from 'mongoose'
import { addDays, civilDateAt } from '../server/domain/civil-date.ts'
import { escalationKey, mailKeysOf, mailStates } from '../server/reporting/mail-states.ts'
import { isOpenMonth } from '../server/reporting/month.ts'
import type { NilLinks } from '../server/reporting/nil-links.ts'
import type { ReminderMailing } from '../server/reporting/reminder-mailing.ts'
import {
  type Addressed,
  ESCALATION_MAIL,
  type EscalationDoc,
  escalationPeriod,
  REMINDER_MAIL,
  type ReminderDoc,
  reminderPeriod,
} from '../server/reporting/reminder-model.ts'
import type { ReminderPlans } from '../server/reporting/reminder-settings.ts'
import type { Reminders } from '../server/reporting/reminders.ts'
import { isUnusable } from './each.ts'
import { describeError, type JobLog } from './job.ts'
import { renderEscalationMail, renderReminderMail } from './mail/reminder-mail.ts'
import { placeholder } from './outbox/new-mail.ts'
import type { Outbox } from './outbox/outbox.ts'
import { Sweep } from './sweep.ts'
import type { Troubles } from './trouble.ts'

/** What the mails of reminders are made from. */
export interface ReminderMailParts {
  reminders: Pick<Reminders, 'doneFor'>
  mailing: ReminderMailing
  plans: ReminderPlans
  nilLinks: Pick<NilLinks, 'token'>
  outbox: Pick<Outbox, 'enqueue' | 'withdraw'>
  connection: Connection
  /** where people reach the service; empty before it knows: until then no mail is queued */
  address: () => string
  timeZone: string
  /** tells of a reminder of which no mail can be made */
  trouble?: Pick<Troubles, 'tell'> | undefined
  log: JobLog
}

/** By what the link for a nil report is known in the mail. */
const NIL = 'nil'
/** So many reminders are looked at in a round whose mails may still be on their way; the next round goes on behind. */
const OPEN = 500
/** Of what officers are told there is little. */
const ESCALATIONS = 5_000
/** Why a mail is taken back, for people to read on its page. */
const REPORTED = 'the operator has reported meanwhile'
const UNDER_WAY: readonly (string | undefined)[] = ['queued', 'sending']
const isUnderWay = (key: string, known: Awaited<ReturnType<typeof mailStates>>): boolean =>
  UNDER_WAY.includes(known.get(key)?.status)

/**
 * Puts reminders into mails, and takes back what is not sent yet the moment an operator reports. A reminder is marked
 * after its mails are queued, and the outbox takes a mail once: a crash in between changes nothing.
 */
export class ReminderMails {
  private readonly parts: ReminderMailParts
  private readonly reminding: Sweep<ReminderDoc>
  private readonly escalating: Sweep<EscalationDoc>
  private round: Promise<number> = Promise.resolve(0)
  /** who has reported, as this round knows it */
  private done: Done
  /** the last reminder of which it was looked whether its mails are sent */
  private seen = ''

  constructor(parts: ReminderMailParts) {
    this.parts = parts
    this.done = this.remembered()
    const { mailing, trouble, log } = parts
    this.reminding = new Sweep<ReminderDoc>({
      name: 'reminders',
      due: (limit) => mailing.due(limit),
      key: ({ _id }) => _id,
      queue: (reminder, now) => this.remind(reminder, now),
      done: ({ _id }) => mailing.queued(_id),
      ...{ trouble, log },
    })
    this.escalating = new Sweep<EscalationDoc>({
      name: 'escalations',
      due: (limit) => mailing.escalationsDue(limit),
      key: ({ _id }) => _id,
      queue: (escalation, now) => this.escalate(escalation, now),
      done: ({ _id }) => mailing.escalationQueued(_id),
      ...{ trouble, log },
    })
  }

  /** Takes back what is needed no more, and queues what is due. @returns how many mails were queued */
  sweep(now: Date): Promise<number> {
    this.round = this.round
      .catch(() => 0)
      .then(async () => {
        await this.takeBack(now)
        return this.parts.address() === '' ? 0 : this.queueAll(now)
      })
    return this.round
  }

  /** @throws what either could not put into mails, when the other is done too */
  private async queueAll(now: Date): Promise<number> {
    this.done = this.remembered()
    const swept = await Promise.allSettled([this.reminding.run(now), this.escalating.run(now)])
    return swept.reduce((queued, one) => {
      if (one.status === 'rejected') throw one.reason
      return queued + one.value
    }, 0)
  }

  /** Who has reported for a month, read once a round. */
  private remembered(): Done {
    const known = new Map<string, ReturnType<Reminders['doneFor']>>()
    return (month: string) => {
      const found = known.get(month) ?? this.parts.reminders.doneFor(month)
      known.set(month, found)
      return found
    }
  }

  private async remind(reminder: ReminderDoc, now: Date): Promise<number> {
    const { mailing, outbox, log } = this.parts
    const { _id, operator, month, to } = reminder
    const reported = (await this.done(month)).get(operator)
    if (reported) {
      await mailing.settled(_id, { at: now, reported })
      return 0
    }
    let queued = 0
    for (const addressed of to) {
      const mail = await this.reminderMail(reminder, addressed, now)
      try {
        if (mail && (await outbox.enqueue(mail, now))) queued += 1
      } catch (error) {
        // An address that no mail can have must not keep the others from theirs.
        if (!isUnusable(error)) throw error
        log.warn({ account: addressed.account, error: describeError(error) }, 'recipient left out')
      }
    }
    return queued
  }

  private async reminderMail(reminder: ReminderDoc, addressed: Addressed, now: Date) {
    const { mailing, plans, nilLinks, address, timeZone } = this.parts
    const operator = await mailing.operator(reminder.operator)
    if (!operator) return null
    const { account, name, email, language } = addressed
    const { month, dueOn } = reminder
    const base = address()
    const nil = new URL('/nil', base)
    // Behind the #: it reaches no log on the way.
    nil.hash = `token=${nilLinks.token(reminder, account)}`
    const open = isOpenMonth(month, now, timeZone)
    const values: Record<string, string> = open ? { [NIL]: nil.href } : {}
    const content = {
      ...{ operator: operator.name, month, dueOn, toContact: reminder.reach === 'contacts' },
      escalatesOn: addDays(dueOn, (await plans.get()).escalateAfter),
      today: civilDateAt(now, timeZone),
      helpers: await mailing.helpers(operator),
      // Whoever reads the mail in the outbox must not have the link.
      links: { upload: new URL('/uploads/send', base).href, nil: open ? placeholder(NIL) : null },
    }
    return {
      ...{ kind: REMINDER_MAIL, period: reminderPeriod(reminder), account, language },
      ...{ to: { name, address: email }, values },
      ...renderReminderMail(content, language),
    }
  }

  private async escalate(escalation: EscalationDoc, now: Date): Promise<boolean> {
    const { mailing, outbox, address, timeZone } = this.parts
    const { _id, account, month, why, dueOn } = escalation
    const left = await this.stillMissing(escalation, this.done)
    const officer = left.size > 0 ? await mailing.officer(account) : null
    if (!officer) {
      await mailing.escalationSettled(_id)
      return false
    }
    const operators = await mailing.missing(escalation, left)
    const link = new URL(`/reporting?month=${month}&missing=1`, address()).href
    const { language, name, email } = officer
    const mail = {
      ...{ kind: ESCALATION_MAIL, period: escalationPeriod(escalation), account, language },
      to: { name, address: email },
      ...renderEscalationMail({ month, why, dueOn, total: left.size, operators, timeZone, link }, language),
    }
    return outbox.enqueue(mail, now)
  }

  private async stillMissing({ month, operators }: EscalationDoc, done: Done): Promise<Set<string>> {
    const reported = await done(month)
    return new Set(operators.filter((operator) => !reported.has(operator)))
  }

  /** Takes back the queued mails of operators that have reported; looks no more at those that are sent. */
  private async takeBack(now: Date): Promise<void> {
    const { mailing, connection } = this.parts
    const done = this.remembered()
    for (const month of await mailing.openMonths()) {
      const reported = [...(await done(month)).keys()]
      for (const reminder of await mailing.openOf(month, reported))
        await this.takeBackReminder(reminder, done, now)
    }
    await this.settleSent()
    const escalations = await mailing.escalationsOpen(ESCALATIONS)
    if (escalations.length === 0) return
    const known = await mailStates(escalations.map(escalationKey), connection)
    for (const escalation of escalations)
      if (isUnderWay(escalationKey(escalation), known)) await this.takeBackEscalation(escalation, done)
      else await mailing.escalationSettled(escalation._id)
  }

  /** Goes a part further through what may still be on its way: without a mail server that is all of it. */
  private async settleSent(): Promise<void> {
    const { mailing, connection } = this.parts
    const open = await mailing.openAfter(this.seen, OPEN)
    this.seen = open.length < OPEN ? '' : (open.at(-1)?._id ?? '')
    const known = await mailStates(open.flatMap(mailKeysOf), connection)
    for (const reminder of open)
      if (!mailKeysOf(reminder).some((key) => isUnderWay(key, known))) await mailing.settled(reminder._id)
  }

  private async takeBackReminder(reminder: ReminderDoc, done: Done, now: Date): Promise<void> {
    const reported = (await done(reminder.month)).get(reminder.operator)
    if (!reported) return
    const accounts = reminder.to.map((to) => to.account)
    const which = { kind: REMINDER_MAIL, period: reminderPeriod(reminder), accounts }
    const taken = await this.parts.outbox.withdraw(which, REPORTED)
    await this.parts.mailing.settled(reminder._id, taken > 0 ? { at: now, reported } : null)
  }

  private async takeBackEscalation(escalation: EscalationDoc, done: Done): Promise<void> {
    if ((await this.stillMissing(escalation, done)).size > 0) return
    const accounts = [escalation.account]
    const which = { kind: ESCALATION_MAIL, period: escalationPeriod(escalation), accounts }
    await this.parts.outbox.withdraw(which, REPORTED)
    await this.parts.mailing.escalationSettled(escalation._id)
  }
}

type Done = (month: string) => ReturnType<Reminders['doneFor']>
