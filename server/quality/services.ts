import type { Connection } from 'mongoose'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { Closings } from '../compliance/closings.ts'
import type { Exports } from '../exports/service.ts'
import type { ImportModel } from '../imports/model.ts'
import type { Operators } from '../operators/service.ts'
import type { Policies } from '../policies/service.ts'
import type { NilReportModel } from '../reporting/model.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { QualityCheck } from './check.ts'
import { FaultyEntries } from './entries.ts'
import { QualityFiles } from './files.ts'
import { KeptMonths } from './kept-months.ts'
import { MissingFacts } from './missing.ts'
import { QualityService } from './service.ts'
import { QualityViews } from './views.ts'

interface Parts {
  connection: Connection
  changes: ChangeModel
  vehicles: VehicleModel
  imports: ImportModel
  nilReports: NilReportModel
  operators: Operators
  policies: Policies
  clock: LedgerClock
  closings: Pick<Closings, 'endsWithin'>
  exports: Exports
  timeZone: string
}

/** Everything that the quality of reporting needs, wired. */
export function qualityServices(parts: Parts) {
  const { connection, changes, closings, exports, timeZone } = parts
  const missing = new MissingFacts(parts)
  const kept = new KeptMonths(connection)
  const qualityViews = new QualityViews({ changes, kept, closings, timeZone })
  const qualityCheck = new QualityCheck({ ...parts, kept, views: qualityViews })
  const entries = new FaultyEntries(parts)
  const quality = new QualityService({ ...parts, views: qualityViews, entries, missing })
  return {
    quality,
    qualityViews,
    qualityCheck,
    missingFacts: missing,
    qualityFiles: new QualityFiles({ quality, missing, exports }),
  }
}
