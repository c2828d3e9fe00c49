import { ObjectId } from 'mongodb'
import type { AccountDoc, AccountModel } from '../accounts/model.ts'
import type { People } from '../accounts/people.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Operators } from '../operators/service.ts'
import { mailKeysOf, mailStates } from './mail-states.ts'
import type {
  Addressed,
  EscalationDoc,
  EscalationModel,
  ReminderDoc,
  ReminderModel,
} from './reminder-model.ts'

/** Somebody whom an operator can ask. */
export interface Helper {
  name: string
  email: string
}

/** What an officer is told of an operator whose list is missing. */
export interface MissingOperator {
  id: string
  name: string
  county: string | null
  contacts: { name: string; phone?: string | undefined; email?: string | undefined }[]
  /** when it was reminded of the month by a mail that arrived, the first first */
  reached: Date[]
  /** there was a reminder with nobody to send it to */
  nobody: boolean
}

export interface ReminderMailingParts {
  reminders: ReminderModel
  escalations: EscalationModel
  accounts: AccountModel
  people: People
  operators: Operators
}

const HELPERS = 3
/** So many operators are named in a mail to an officer; the rest are counted. */
const NAMED = 50

const isToNobody = ({ reach }: ReminderDoc): boolean => reach === 'nobody'

/** What of reminders still has to be put into mails or taken back, and what their mails say. */
export class ReminderMailing {
  private readonly parts: ReminderMailingParts

  constructor(parts: ReminderMailingParts) {
    this.parts = parts
  }

  /** Reminders whose mails still have to be queued. */
  due(limit: number): Promise<ReminderDoc[]> {
    return this.reminders.find<ReminderDoc>({ mail: 'due' }).limit(limit).toArray()
  }

  /** The months of reminders of which a mail may still be on its way. */
  async openMonths(): Promise<string[]> {
    return (await this.reminders.distinct('month', { open: true })).map(String)
  }

  /** Those of a month to some operators. */
  openOf(month: string, operators: readonly string[]): Promise<ReminderDoc[]> {
    const which = { open: true, month, operator: { $in: [...operators] }, mail: 'done' as const }
    return this.reminders.find<ReminderDoc>(which).toArray()
  }

  /** Those behind one, by id. */
  openAfter(id: string, limit: number): Promise<ReminderDoc[]> {
    return this.reminders
      .find<ReminderDoc>({ open: true, _id: { $gt: id as never }, mail: 'done' })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
  }

  async queued(id: string): Promise<void> {
    await this.reminders.updateOne({ _id: id as never }, { $set: { mail: 'done' } })
  }

  /** Says that no mail of a reminder is on its way any more; perhaps as the operator has reported. */
  async settled(id: string, stopped: ReminderDoc['stopped'] = null): Promise<void> {
    const set = { mail: 'done', open: false, ...(stopped ? { stopped } : {}) }
    await this.reminders.updateOne({ _id: id as never }, { $set: set })
  }

  escalationsDue(limit: number): Promise<EscalationDoc[]> {
    return this.escalations.find<EscalationDoc>({ mail: 'due' }).limit(limit).toArray()
  }

  escalationsOpen(limit: number): Promise<EscalationDoc[]> {
    return this.escalations.find<EscalationDoc>({ open: true, mail: 'done' }).limit(limit).toArray()
  }

  async escalationQueued(id: string): Promise<void> {
    await this.escalations.updateOne({ _id: id as never }, { $set: { mail: 'done' } })
  }

  async escalationSettled(id: string): Promise<void> {
    await this.escalations.updateOne({ _id: id as never }, { $set: { mail: 'done', open: false } })
  }

  /** Whom an operator is told to ask: the officers in charge. */
  async helpers(operator: Pick<OperatorDoc, 'county'>): Promise<Helper[]> {
    const ids = (await this.parts.people.inCharge(operator.county, [])).slice(0, HELPERS)
    const found = await this.people(ids)
    return found.map(({ name, email }) => ({ name, email }))
  }

  /** Where an officer is told of what is missing; null when the account is closed. */
  async officer(account: string): Promise<Addressed | null> {
    const [doc] = await this.people([account])
    if (!doc) return null
    const { email, name, language } = doc
    return { account, email, name, language }
  }

  private people(ids: readonly string[]): Promise<AccountDoc[]> {
    const _id = { $in: ids.map((id) => new ObjectId(id)) }
    return this.parts.accounts.collection
      .find<AccountDoc>({ _id, active: true } as never)
      .sort({ _id: 1 })
      .toArray()
  }

  operator(id: string): Promise<OperatorDoc | null> {
    return this.parts.operators.find(id)
  }

  /**
   * The first operators of an escalation, with whom to call there and which reminders reached them.
   * @param only those that are still missing
   */
  async missing({ operators, month }: EscalationDoc, only: ReadonlySet<string>): Promise<MissingOperator[]> {
    const wanted = operators.filter((id) => only.has(id)).slice(0, NAMED)
    const [docs, sent] = await Promise.all([
      this.parts.operators.some(wanted),
      this.reminders
        .find<ReminderDoc>({ month, operator: { $in: wanted } })
        .sort({ at: 1 })
        .toArray(),
    ])
    const mails = await mailStates(sent.flatMap(mailKeysOf), this.parts.reminders.db)
    const arrived = (reminder: ReminderDoc) =>
      mailKeysOf(reminder).some((key) => mails.get(key)?.status === 'sent')
    return wanted.flatMap((id) => {
      const doc = docs.get(id)
      const own = sent.filter((reminder) => reminder.operator === id)
      return doc
        ? [
            {
              ...{ id, name: doc.name, county: doc.county, contacts: doc.contacts ?? [] },
              ...{ reached: own.filter(arrived).map(({ at }) => at), nobody: own.some(isToNobody) },
            },
          ]
        : []
    })
  }

  private get reminders() {
    return this.parts.reminders.collection
  }

  private get escalations() {
    return this.parts.escalations.collection
  }
}
