/** What goes on beside checks and reports: alerts, reminders, cleaning. */
import type { Connection } from 'mongoose'
import type { Reminders } from '../server/reporting/reminders.ts'
import { type AlertParts, Alerts } from './alerts.ts'
import { type Cleaner, createCleaning } from './cleaning.ts'
import type { Job, JobLog } from './job.ts'
import type { Outbox } from './outbox/outbox.ts'
import { type ReminderMailParts, ReminderMails } from './reminder-mails.ts'
import { createReminders } from './reminders.ts'
import type { Troubles } from './trouble.ts'

/** What they work on; what is absent does not go on. */
export interface DutyParts {
  alerts?: Pick<AlertParts, 'watch' | 'readers' | 'unsubscribe'> | undefined
  reminding?:
    | (Pick<ReminderMailParts, 'mailing' | 'plans' | 'nilLinks'> & { reminders: Reminders })
    | undefined
  cleaner?: Cleaner | undefined
  /** where people reach the service; empty before it knows */
  address?: (() => string) | undefined
}

interface Surroundings {
  connection: Connection
  clock: { now(): Date }
  outbox: Outbox
  timeZone: string
  log: JobLog
  onQueued: () => void
  trouble?: Pick<Troubles, 'tell'> | undefined
}

/** Makes the jobs and ticks of these duties. */
export function createDuties(parts: DutyParts, { clock, ...around }: Surroundings) {
  const { address = () => '' } = parts
  const alerts = parts.alerts && new Alerts({ ...around, ...parts.alerts, address })
  const reminderMails = parts.reminding && new ReminderMails({ ...around, ...parts.reminding, address })
  const jobs: Job[] = [
    ...(parts.reminding && reminderMails
      ? [createReminders({ ...around, ...parts.reminding, mails: reminderMails })]
      : []),
    ...(parts.cleaner ? [createCleaning(parts.cleaner)] : []),
  ]
  const ticks: Record<string, () => Promise<unknown>> = alerts
    ? { alerts: () => alerts.tick(clock.now()) }
    : {}
  return { jobs, ticks, alerts, reminderMails }
}
