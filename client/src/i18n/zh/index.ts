import { adminZh } from './admin.ts'
import { alertsZh } from './alerts.ts'
import { auditZh } from './audit.ts'
import { commonZh } from './common.ts'
import { dashboardZh } from './dashboard.ts'
import { dueZh } from './due.ts'
import { entryZh } from './entry.ts'
import { figuresZh } from './figures.ts'
import { flowZh } from './flow.ts'
import { ledgerZh } from './ledger.ts'
import { mailingZh } from './mailing.ts'
import { outboxZh } from './outbox.ts'
import { policyZh } from './policy.ts'
import { previewZh } from './preview.ts'
import { qualityPageZh } from './quality.ts'
import { registerZh } from './register.ts'
import { reportsZh } from './reports.ts'
import { scenariosZh } from './scenarios.ts'
import { securityZh } from './security.ts'
import { timetableZh } from './timetable.ts'
import { uploadsZh } from './uploads.ts'

/** The texts of the pages. */
export const pagesZh = {
  ...commonZh,
  ...dashboardZh,
  ...figuresZh,
  ...ledgerZh,
  ...registerZh,
  ...uploadsZh,
  ...previewZh,
  ...entryZh,
  ...flowZh,
  ...alertsZh,
  ...adminZh,
  ...outboxZh,
  ...securityZh,
  ...auditZh,
  ...policyZh,
  ...qualityPageZh,
  ...dueZh,
  ...scenariosZh,
  ...reportsZh,
  ...mailingZh,
  ...timetableZh,
}
