import { adminZh } from './admin.ts'
import { commonZh } from './common.ts'
import { dashboardZh } from './dashboard.ts'
import { flowZh } from './flow.ts'
import { ledgerZh } from './ledger.ts'
import { previewZh } from './preview.ts'
import { uploadsZh } from './uploads.ts'

/** The texts of the pages. */
export const pagesZh = {
  ...commonZh,
  ...dashboardZh,
  ...ledgerZh,
  ...uploadsZh,
  ...previewZh,
  ...flowZh,
  ...adminZh,
}
