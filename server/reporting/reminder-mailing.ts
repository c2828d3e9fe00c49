import { ObjectId } from 'mongodb'
import type { AccountDoc, AccountModel } from '../accounts/model.ts'
import type { People } from '../accounts/people.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Operators } from '../operators/service.ts'
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
  /** what was sent to it for the month, the first first */
  sent: Pick<ReminderDoc, 'at' | 'step' | 'reach'>[]
}

export interface ReminderMailingParts {
  reminders: ReminderModel
  escalations: EscalationModel
  accounts: AccountModel
  people: People
  operators: Operators
}

const HELPERS = 3

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

  /** Reminders of which a mail may still be on its way. */
  open(limit: number): Promise<ReminderDoc[]> {
    return this.reminders.find<ReminderDoc>({ open: true, mail: 'done' }).limit(limit).toArray()
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

  /** The operators of an escalation, with whom to call there and what they were sent. */
  async missing({ operators, month }: EscalationDoc, only: ReadonlySet<string>): Promise<MissingOperator[]> {
    const wanted = operators.filter((id) => only.has(id))
    const sent = await this.reminders
      .find<ReminderDoc>({ month, operator: { $in: wanted } })
      .sort({ at: 1 })
      .toArray()
    const docs = await Promise.all(wanted.map((id) => this.parts.operators.find(id)))
    return docs.flatMap((doc) =>
      doc
        ? [
            {
              ...{ id: doc._id, name: doc.name, county: doc.county, contacts: doc.contacts ?? [] },
              sent: sent
                .filter((s) => s.operator === doc._id)
                .map(({ at, step, reach }) => ({ at, step, reach })),
            },
          ]
        : [],
    )
  }

  private get reminders() {
    return this.parts.reminders.collection
  }

  private get escalations() {
    return this.parts.escalations.collection
  }
}
