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
import { ImportFiles } from './imports/files.ts'
import { importModel, importRowModel } from './imports/model.ts'
import { ImportService } from './imports/service.ts'
import { ImportWorker } from './imports/worker.ts'
import { Operators } from './operators/service.ts'
import { nilReportModel } from './reporting/model.ts'
import { ReportingService } from './reporting/service.ts'
import { vehicleModel } from './vehicles/model.ts'
import { VehicleService } from './vehicles/service.ts'
import { createWording } from './wording/index.ts'

/** Everything the service can do, wired on one database connection. Nothing runs yet. */
export function createServices(parts: { connection: Connection; config: Config; clock: Clock; log: Logger }) {
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
  const worker = new ImportWorker({
    ...{
      connection,
      imports,
      rows,
      files,
      changes,
      vehicles,
      operators,
      compliance,
      ledgerClock,
      lock,
      clock,
      log,
    },
    timeZone,
    rowLimit: config.uploadLimitRows,
  })
  const wording = createWording('zh-CN')
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
    imports: new ImportService({ imports, rows, files, worker, wordIssue: wording.issue }),
    importWorker: worker,
  }
}

export type Services = ReturnType<typeof createServices>
