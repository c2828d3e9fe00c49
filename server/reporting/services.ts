import type { Connection } from 'mongoose'
import type { Keys } from '../accounts/keys.ts'
import type { AccountModel } from '../accounts/model.ts'
import type { People } from '../accounts/people.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { ImportModel } from '../imports/model.ts'
import type { NoticeService } from '../notices/service.ts'
import type { Operators } from '../operators/service.ts'
import type { NilReportModel } from './model.ts'
import { NilLinks } from './nil-links.ts'
import { ReminderMailing } from './reminder-mailing.ts'
import { escalationModel, reminderModel } from './reminder-model.ts'
import { ReminderPlans } from './reminder-settings.ts'
import { Reminders } from './reminders.ts'
import { ReportingService } from './service.ts'

/** Monthly reporting and its reminders. */
export function reportingServices(parts: {
  connection: Connection
  nilReports: NilReportModel
  imports: ImportModel
  changes: ChangeModel
  operators: Operators
  accounts: AccountModel
  people: People
  notices: NoticeService
  keys: Keys
  timeZone: string
  /** says that an operator has reported */
  soon: () => void
}) {
  const { connection } = parts
  const reminderPlans = new ReminderPlans(connection)
  const reporting = new ReportingService({ ...parts, plans: reminderPlans })
  const models = { reminders: reminderModel(connection), escalations: escalationModel(connection) }
  const reminderParts = { ...parts, ...models, plans: reminderPlans }
  return {
    reporting,
    reminderPlans,
    reminderParts,
    reminders: new Reminders(reminderParts),
    reminderMailing: new ReminderMailing(reminderParts),
    nilLinks: new NilLinks({ ...reminderParts, reporting }),
  }
}
