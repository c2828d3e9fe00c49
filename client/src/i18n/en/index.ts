import { adminEn } from './admin.ts'
import { alertsEn } from './alerts.ts'
import { auditEn } from './audit.ts'
import { commonEn } from './common.ts'
import { dashboardEn } from './dashboard.ts'
import { dueEn } from './due.ts'
import { entryEn } from './entry.ts'
import { figuresEn } from './figures.ts'
import { flowEn } from './flow.ts'
import { ledgerEn } from './ledger.ts'
import { mailingEn } from './mailing.ts'
import { outboxEn } from './outbox.ts'
import { policyEn } from './policy.ts'
import { previewEn } from './preview.ts'
import { qualityPageEn } from './quality.ts'
import { registerEn } from './register.ts'
import { reportsEn } from './reports.ts'
import { scenariosEn } from './scenarios.ts'
import { securityEn } from './security.ts'
import { timetableEn } from './timetable.ts'
import { uploadsEn } from './uploads.ts'

/** The texts of the pages. */
export const pagesEn = {
  ...commonEn,
  ...dashboardEn,
  ...figuresEn,
  ...ledgerEn,
  ...registerEn,
  ...uploadsEn,
  ...previewEn,
  ...entryEn,
  ...flowEn,
  ...alertsEn,
  ...adminEn,
  ...outboxEn,
  ...securityEn,
  ...auditEn,
  ...policyEn,
  ...qualityPageEn,
  ...dueEn,
  ...scenariosEn,
  ...reportsEn,
  ...mailingEn,
  ...timetableEn,
}
