import { type Connection, Schema } from 'mongoose'
import type { Language } from '../accounts/schema.ts'
import type { Actor } from '../changes/model.ts'
import type { ReminderPlan } from '../domain/reminder-steps.ts'
import type { Reach } from './reminder-schema.ts'

export interface Addressed {
  /** the account's id, or `contact-…` for an address of the register */
  account: string
  email: string
  name: string
  language: Language
}

/** That an operator was reminded of a month. One document an operator, month and step. */
export interface ReminderDoc {
  /** operator|month|step */
  _id: string
  operator: string
  month: string
  /** days from the day on which the list is due; `by-hand` for one that an officer sent */
  step: number | 'by-hand'
  dueOn: string
  /** the day on which it was made: by hand at most one a day */
  on: string
  at: Date
  by: Actor | null
  reach: Reach
  to: Addressed[]
  /** whether its mails still have to be queued */
  mail: 'due' | 'done'
  /** a mail of it may still be on its way */
  open: boolean
  /** the operator has reported meanwhile: what was not sent yet is not sent any more */
  stopped: { at: Date; reported: 'list' | 'nil' | 'waiting' } | null
}

/**
 * That officers were told which operators are missing. One document a month, officer and reason; another one where
 * nobody can be told at more operators later in the month.
 */
export interface EscalationDoc {
  /** month|reason|account, and |part from the second on */
  _id: string
  /** the how manieth it is; absent: the first */
  part?: number
  month: string
  /** the last step, or that nobody at the operators could be told */
  why: 'late' | 'unreachable'
  account: string
  at: Date
  dueOn: string
  operators: string[]
  mail: 'due' | 'done'
  open: boolean
}

/** What its mails are kept under in the outbox, beside the account. */
export const REMINDER_MAIL = 'reminder'
export const reminderPeriod = ({ month, step, on }: Pick<ReminderDoc, 'month' | 'step' | 'on'>): string =>
  step === 'by-hand' ? `${month}.by-hand.${on}` : `${month}.${step}`
export const ESCALATION_MAIL = 'reminder-escalation'
export const escalationPeriod = ({
  month,
  why,
  part,
}: Pick<EscalationDoc, 'month' | 'why' | 'part'>): string =>
  part === undefined ? `${month}.${why}` : `${month}.${why}.${part}`

/** How reminders are set. One document. */
export interface ReminderSettingsDoc extends ReminderPlan {
  _id: 'reminders'
  /** nobody there is reminded */
  paused: { counties: string[]; operators: string[] }
  updated: { at: Date; by: Actor }
}

const anyShape = { strict: false, versionKey: false, minimize: false } as const

/** What still has to be queued, and what may have to be taken back, without looking at the rest. */
function onTheirWay(schema: Schema<never>): void {
  schema.index({ mail: 1 }, { partialFilterExpression: { mail: 'due' } })
  schema.index({ open: 1, _id: 1 }, { partialFilterExpression: { open: true } })
}

const reminderSchema = new Schema<ReminderDoc>({ _id: String }, anyShape)
reminderSchema.index({ month: 1, operator: 1 })
reminderSchema.index({ operator: 1, on: 1 })
reminderSchema.index({ open: 1, month: 1, operator: 1 }, { partialFilterExpression: { open: true } })
onTheirWay(reminderSchema as never)

const escalationSchema = new Schema<EscalationDoc>({ _id: String }, anyShape)
escalationSchema.index({ month: 1 })
onTheirWay(escalationSchema as never)

export const reminderModel = (connection: Connection) =>
  connection.model<ReminderDoc>('Reminder', reminderSchema, 'reminders')
export const escalationModel = (connection: Connection) =>
  connection.model<EscalationDoc>('Escalation', escalationSchema, 'escalations')
export type ReminderModel = ReturnType<typeof reminderModel>
export type EscalationModel = ReturnType<typeof escalationModel>

export const settingsOf = (connection: Connection) =>
  connection.collection<ReminderSettingsDoc>('reporting-settings')
