import { adminEn } from './admin.ts'
import { commonEn } from './common.ts'
import { dashboardEn } from './dashboard.ts'
import { ledgerEn } from './ledger.ts'
import { uploadsEn } from './uploads.ts'

/** The texts of the pages. */
export const pagesEn = { ...commonEn, ...dashboardEn, ...ledgerEn, ...uploadsEn, ...adminEn }
