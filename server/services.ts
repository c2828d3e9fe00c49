import type { Connection } from 'mongoose'
import type { Logger } from 'pino'
import { accountModel } from './accounts/model.ts'
import { AccountService } from './accounts/service.ts'
import { SetUpToken } from './accounts/setup-token.ts'
import { LedgerClock } from './changes/ledger-clock.ts'
import { changeModel } from './changes/model.ts'
import { ChangeService } from './changes/service.ts'
import { WriterLock } from './changes/writer-lock.ts'
import type { Clock } from './clock.ts'
import { ComplianceService } from './compliance/service.ts'
import type { Config } from './config.ts'
import { nanping2024 } from './domain/policies/nanping-2024.ts'
import { Downloads } from './imports/downloads.ts'
import { ImportEditing } from './imports/editing.ts'
import { ImportEvents } from './imports/events.ts'
import { ImportFiles } from './imports/files.ts'
import { importModel, importRowModel, mappingModel, mendModel } from './imports/model.ts'
import { ImportService } from './imports/service.ts'
import { ImportThread } from './imports/thread-host.ts'
import { Operators } from './operators/service.ts'
import { nilReportModel } from './reporting/model.ts'
import { ReportingService } from './reporting/service.ts'
import { vehicleModel } from './vehicles/model.ts'
import { VehicleService } from './vehicles/service.ts'
import { createWording } from './wording/index.ts'

/** Everything the service can do, wired on one database connection. Nothing runs yet. */
export function createServices(parts: {
  connection: Connection
  /** address of the database, for the thread that works on lists */
  databaseUri: string
  config: Config
  clock: Clock
  log: Logger
  /** program of the thread that works on lists; found by itself unless told */
  importThread?: string | undefined
}) {
  const { connection, config, clock, log } = parts
  const { timeZone } = config
  const changes = changeModel(connection)
  const vehicles = vehicleModel(connection)
  const imports = importModel(connection)
  const rows = importRowModel(connection)
  const operators = new Operators(connection)
  const ledgerClock = new LedgerClock(connection)
  const lock = new WriterLock(connection)
  const files = new ImportFiles(connection)
  const compliance = new ComplianceService({
    changes,
    clock: ledgerClock,
    operators,
    policy: nanping2024,
    timeZone,
  })
  const thread = new ImportThread({
    ...{ connection, imports, clock, timeZone, log, mongodbUri: parts.databaseUri, file: parts.importThread },
    ...{ rowLimit: config.uploadLimitRows, logLevel: config.logLevel },
  })
  const wording = createWording('zh-CN')
  const mappings = mappingModel(connection)
  const importService = new ImportService({
    ...{ imports, rows, mappings, files, operators, compliance, thread, timeZone, wordIssue: wording.issue },
  })
  return {
    connection,
    config,
    clock,
    log,
    models: { changes, vehicles, imports, rows },
    setUpToken: new SetUpToken(),
    accounts: new AccountService(accountModel(connection), operators),
    operators,
    compliance,
    changes: new ChangeService({
      changes,
      vehicles,
      clock: ledgerClock,
      lock,
      operators,
      compliance,
      timeZone,
    }),
    reporting: new ReportingService({
      nilReports: nilReportModel(connection),
      ...{ imports, changes, operators, timeZone },
    }),
    vehicles: new VehicleService({ vehicles, changes, operators }),
    imports: importService,
    importEditing: new ImportEditing({
      ...{ imports, rows, thread, vehicles, operators, compliance, timeZone, service: importService },
      ...{ mends: mendModel(connection), mappings },
    }),
    importEvents: new ImportEvents(importService),
    importFiles: files,
    downloads: new Downloads({ imports: importService, files, operators, thread, timeZone }),
    importThread: thread,
  }
}

export type Services = ReturnType<typeof createServices>
