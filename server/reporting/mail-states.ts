import type { Connection } from 'mongoose'
import {
  ESCALATION_MAIL,
  type EscalationDoc,
  escalationPeriod,
  REMINDER_MAIL,
  type ReminderDoc,
  reminderPeriod,
} from './reminder-model.ts'

/** A mail as the outbox has it. */
export interface MailState {
  id: string
  status: string
}

const OUTBOX = 'outbox'

/** By what a reminder's mail to one of its accounts is found. */
export const mailKey = (reminder: Pick<ReminderDoc, 'month' | 'step' | 'on'>, account: string): string =>
  `${REMINDER_MAIL}|${reminderPeriod(reminder)}|${account}`

export const mailKeysOf = (reminder: ReminderDoc): string[] =>
  reminder.to.map(({ account }) => mailKey(reminder, account))

export const escalationKey = (escalation: EscalationDoc): string =>
  `${ESCALATION_MAIL}|${escalationPeriod(escalation)}|${escalation.account}`

/** How some mails stand, by their keys; those that are not queued yet are missing. */
export async function mailStates(
  keys: readonly string[],
  connection: Connection,
): Promise<ReadonlyMap<string, MailState>> {
  if (keys.length === 0) return new Map()
  const found = await connection
    .collection(OUTBOX)
    .find({ key: { $in: [...keys] } }, { projection: { key: 1, status: 1 } })
    .toArray()
  return new Map(
    found.map(({ _id, key, status }) => [String(key), { id: String(_id), status: String(status) }]),
  )
}
