import { join } from 'node:path'
import type { Connection } from 'mongoose'
import type { Logger } from 'pino'
import { accountModel } from './accounts/model.ts'
import { People } from './accounts/people.ts'
import { accountServices } from './accounts/services.ts'
import { SetUpToken } from './accounts/setup-token.ts'
import { alertServices } from './alerts/services.ts'
import { attachmentModel } from './attachments/model.ts'
import { Attachments } from './attachments/service.ts'
import { auditModel } from './audit/model.ts'
import { AuditLog } from './audit/service.ts'
import { LedgerClock } from './changes/ledger-clock.ts'
import { ChangeList } from './changes/list.ts'
import { changeModel } from './changes/model.ts'
import { ChangeService } from './changes/service.ts'
import { WriterLock } from './changes/writer-lock.ts'
import { cleaningServices } from './cleaning/services.ts'
import type { Clock } from './clock.ts'
import { BreakdownFiles } from './compliance/breakdown-files.ts'
import { Breakdowns } from './compliance/breakdowns.ts'
import { Closings } from './compliance/closings.ts'
import { EvidenceList } from './compliance/evidence-list.ts'
import { ComplianceService } from './compliance/service.ts'
import { TallyCheck } from './compliance/tally-check.ts'
import { Trends } from './compliance/trends.ts'
import { LedgerViews } from './compliance/views.ts'
import type { Config } from './config.ts'
import { DisputeDecisions } from './disputes/decisions.ts'
import { DisputeDocuments } from './disputes/documents.ts'
import { disputeModel } from './disputes/model.ts'
import { DisputeService } from './disputes/service.ts'
import { DisputeSettling } from './disputes/settling.ts'
import { DueFiles } from './due/files.ts'
import { OldTrucks } from './due/old-trucks.ts'
import { DueOutcomes } from './due/scenarios.ts'
import { DueService } from './due/service.ts'
import { Exports } from './exports/service.ts'
import type { Caller } from './http/route.ts'
import { attentionOf } from './imports/attention.ts'
import { ImportDecisions } from './imports/decisions.ts'
import { Downloads } from './imports/downloads.ts'
import { ImportEditing } from './imports/editing.ts'
import { ImportEvents } from './imports/events.ts'
import { ImportFiles } from './imports/files.ts'
import { importModel, importRowModel, mappingModel, mendModel } from './imports/model.ts'
import { ImportNotices } from './imports/notices.ts'
import { ImportService } from './imports/service.ts'
import { ImportThread } from './imports/thread-host.ts'
import { noticeModel } from './notices/model.ts'
import { NoticeRounds } from './notices/rounds.ts'
import { NoticeService } from './notices/service.ts'
import { OpenDataService } from './open-data/service.ts'
import { Operators } from './operators/service.ts'
import { policyModel } from './policies/model.ts'
import { PolicyPublishing } from './policies/publishing.ts'
import { Policies } from './policies/service.ts'
import { qualityServices } from './quality/services.ts'
import { nilReportModel } from './reporting/model.ts'
import { ReminderPlans } from './reporting/reminder-settings.ts'
import { reportingServices } from './reporting/services.ts'
import { ReportFiles } from './reports/face/files.ts'
import { ReportService } from './reports/service.ts'
import { ScenarioFigures } from './scenarios/figures.ts'
import { scenarioMailModel, scenarioModel } from './scenarios/model.ts'
import { ScenarioSending } from './scenarios/sending.ts'
import { ScenarioService } from './scenarios/service.ts'
import { leafModel, sealModel } from './seals/model.ts'
import { Seals } from './seals/service.ts'
import { listedModel } from './subscriptions/model.ts'
import { MailRecipients } from './subscriptions/recipients.ts'
import { RecipientService } from './subscriptions/service.ts'
import { Unsubscribe } from './subscriptions/unsubscribe.ts'
import { vehicleModel } from './vehicles/model.ts'
import { VehicleService } from './vehicles/service.ts'
import { VehicleSuggestions } from './vehicles/suggest.ts'
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
  const policyVersions = policyModel(connection)
  const policies = new Policies(policyVersions, config.policy)
  const closings = new Closings(connection, timeZone)
  const views = new LedgerViews({ changes, policies, closings, clock: ledgerClock })
  const compliance = new ComplianceService({ views, clock: ledgerClock, policies, timeZone })
  const thread = new ImportThread({
    ...{ connection, imports, clock, timeZone, log, mongodbUri: parts.databaseUri, file: parts.importThread },
    ...{ rowLimit: config.uploadLimitRows, logLevel: config.logLevel },
    folder: join(config.dataDir, 'lists'),
  })
  const wording = createWording('zh-CN')
  const mappings = mappingModel(connection)
  const importService = new ImportService({
    ...{ imports, rows, mappings, files, operators, compliance, thread, timeZone, wordIssue: wording.issue },
  })
  const accounts = accountModel(connection)
  const people = new People(accounts)
  const notices = new NoticeService(noticeModel(connection))
  const disputes = disputeModel(connection)
  const rounds = new NoticeRounds(log)
  const soon = () => rounds.soon()
  const disputeService = new DisputeService({
    ...{ disputes, rows, operators, compliance, wordIssue: wording.issue, settleSoon: soon },
    ...{ documents: new DisputeDocuments(connection), imports: importService },
  })
  const disputeDecisions = new DisputeDecisions({
    ...{ disputes, imports, rows, changes, vehicles, operators, compliance, lock, timeZone },
    ...{ clock: ledgerClock, service: disputeService, settleSoon: soon },
  })
  const settling = new DisputeSettling({
    ...{ disputes, imports, rows, changes, operators, people, notices },
  })
  const importNotices = new ImportNotices({ imports, people, notices, operators })
  const changed = new Set<string>()
  rounds.add(() => settling.listsChanged(changed))
  rounds.add(() => importNotices.sweep())
  rounds.add(() => disputeDecisions.finishAll())
  rounds.add(() => settling.sweep())
  const attachments = new Attachments(connection, { attachments: attachmentModel(connection), changes, lock })
  rounds.add(async () => {
    await attachments.sweep(clock.now())
  })
  thread.onChanged((list) => {
    changed.add(list)
    soon()
  })
  const vehicleService = new VehicleService({ vehicles, changes, clock: ledgerClock, operators, timeZone })
  const changeList = new ChangeList({ changes, clock: ledgerClock, operators, compliance, timeZone })
  const breakdowns = new Breakdowns({ views, clock: ledgerClock, operators, timeZone })
  const trends = new Trends({ views, clock: ledgerClock, policies, timeZone })
  const evidence = new EvidenceList({ changes, clock: ledgerClock, operators, policies, timeZone })
  const exports = new Exports({
    vehicles: vehicleService,
    changes: changeList,
    evidence,
    operators,
    timeZone,
  })
  const nilReports = nilReportModel(connection)
  const due = new DueService({ vehicles, operators, policies, timeZone })
  const oldTrucks = new OldTrucks({ vehicles, operators, policies, views, clock: ledgerClock, timeZone })
  const scenarioFigures = new ScenarioFigures({ views, clock: ledgerClock, operators, vehicles, timeZone })
  const scenarios = new ScenarioService({
    ...{ scenarios: scenarioModel(connection), figures: scenarioFigures, operators },
  })
  const accountParts = accountServices({
    ...{ connection, config, clock, log, accounts, operators },
    product: wording.t('product.name'),
  })
  const { keys } = accountParts
  const address = { current: config.publicUrl ?? '' }
  const listed = listedModel(connection)
  const recipients = new MailRecipients(accounts, listed)
  const quality = qualityServices({
    ...{ connection, changes, vehicles, imports, nilReports, operators, policies, closings, exports },
    ...{ clock: ledgerClock, timeZone },
  })
  const auditEntries = auditModel(connection)
  const audit = new AuditLog({ entries: auditEntries, log, timeZone })
  const reports = new ReportService({
    ...{ connection, compliance, views, trends, policies, changes, operators, imports, nilReports },
    ...{ qualityViews: quality.qualityViews, timeZone, audit: auditEntries },
    note: (deed) => audit.recordOwn(deed),
    dueDay: async () => (await new ReminderPlans(connection).get()).dueDay,
  })
  return {
    connection,
    config,
    clock,
    log,
    models: { changes, vehicles, imports, rows },
    audit,
    seals: new Seals({
      ...{ changes, clock: ledgerClock, timeZone },
      ...{ seals: sealModel(connection), leaves: leafModel(connection) },
    }),
    setUpToken: new SetUpToken(),
    ...accountParts,
    operators,
    policies,
    policyPublishing: new PolicyPublishing({
      ...{ model: policyVersions, policies, compliance, clock: ledgerClock, lock },
    }),
    compliance,
    changes: new ChangeService({
      changes,
      vehicles,
      clock: ledgerClock,
      lock,
      operators,
      compliance,
      attachments,
      timeZone,
    }),
    attachments,
    breakdowns,
    trends,
    tallyCheck: new TallyCheck({ changes, clock: ledgerClock, closings, views, policies }),
    evidence,
    changeList,
    exports,
    due,
    oldTrucks,
    dueOutcomes: new DueOutcomes({
      vehicles,
      changes,
      operators,
      policies,
      views,
      clock: ledgerClock,
      timeZone,
    }),
    breakdownFiles: new BreakdownFiles({ breakdowns, exports, policies }),
    dueFiles: new DueFiles({ due, oldTrucks, exports }),
    ...reportingServices({
      ...{ connection, nilReports, imports, changes, operators, accounts, people, notices, keys },
      ...{ timeZone, soon },
    }),
    ...alertServices({
      ...{ connection, changes, views, clock: ledgerClock, policies, operators, notices, timeZone },
      readers: () => recipients.recipientsOf('alerts'),
    }),
    ...cleaningServices({ connection, imports, rows, files, people, notices, audit, timeZone }),
    ...quality,
    reports,
    reportFiles: new ReportFiles({ reports, operators, exports, address: () => address.current, timeZone }),
    openData: new OpenDataService({ changes, views, clock: ledgerClock, exports, keys, timeZone }),
    vehicles: vehicleService,
    suggestions: new VehicleSuggestions({ vehicles, operators }),
    scenarios,
    scenarioFigures,
    scenarioSending: new ScenarioSending({
      ...{ mails: scenarioMailModel(connection), accounts, service: scenarios, timeZone, soon },
    }),
    people,
    notices,
    rounds,
    /** where people reach the service: PUBLIC_URL, or where it listens once it does */
    address,
    recipients,
    mailList: new RecipientService({ accounts, listed, operators }),
    unsubscribe: new Unsubscribe({ keys, recipients, address: () => address.current }),
    disputes: disputeService,
    disputeDecisions,
    importDecisions: new ImportDecisions({
      ...{ imports, changes, vehicles, operators, service: importService, lock, tell: soon },
      kick: () => thread.kick(),
    }),
    attention: (caller: Caller) => attentionOf(caller, { imports, disputes, notices }),
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
