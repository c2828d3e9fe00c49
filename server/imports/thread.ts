import os from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { ObjectId } from 'mongodb'
import { pino } from 'pino'
import { attachmentModel } from '../attachments/model.ts'
import { Attachments } from '../attachments/service.ts'
import { LedgerClock } from '../changes/ledger-clock.ts'
import { changeModel } from '../changes/model.ts'
import { WriterLock } from '../changes/writer-lock.ts'
import type { Clock } from '../clock.ts'
import { Closings } from '../compliance/closings.ts'
import { ComplianceService } from '../compliance/service.ts'
import { LedgerViews } from '../compliance/views.ts'
import { connectMongoose } from '../database/connect.ts'
import { Problem } from '../http/problem.ts'
import { Operators } from '../operators/service.ts'
import { policyModel } from '../policies/model.ts'
import { Policies } from '../policies/service.ts'
import { vehicleModel } from '../vehicles/model.ts'
import { ImportFiles } from './files.ts'
import { importModel, importRowModel, mendModel } from './model.ts'
import { ListProblem } from './reading/problem.ts'
import type { Asked, Peek, Reply, Request, ThreadCalls, ThreadSettings } from './thread-messages.ts'
import { ImportWork } from './work.ts'
import { templateParams, Workbooks } from './writing/workbooks.ts'

/**
 * The thread that reads, checks and records lists and writes workbooks: none of it holds up the requests that the
 * service answers meanwhile, and a file that is too much for it ends the thread, not the service.
 */
const ALIVE_MS = 2_000
const settings = workerData as ThreadSettings
const port = parentPort
if (!port) throw new Error('this runs as a thread only')
const say = (reply: Reply) => port.postMessage(reply)

try {
  // On Linux this is the thread's own: the service goes first.
  os.setPriority(0, os.constants.priority.PRIORITY_BELOW_NORMAL)
} catch {
  // Where it may not, it does without.
}

const log = pino({ level: settings.logLevel }, pino.destination(2))
const clock: Clock = { now: () => new Date(Date.now() + settings.clockOffsetMs) }

async function start() {
  const connection = await connectMongoose(settings.mongodbUri)
  const changes = changeModel(connection)
  const vehicles = vehicleModel(connection)
  const imports = importModel(connection)
  const rows = importRowModel(connection)
  const operators = new Operators(connection)
  const ledgerClock = new LedgerClock(connection)
  const { timeZone, rowLimit, folder } = settings
  const policies = new Policies(policyModel(connection))
  await policies.start()
  const closings = new Closings(connection, timeZone)
  const views = new LedgerViews({ changes, policies, closings, clock: ledgerClock })
  const compliance = new ComplianceService({ views, clock: ledgerClock, policies, timeZone })
  const files = new ImportFiles(connection)
  const lock = new WriterLock(connection)
  const attachments = new Attachments(connection, { attachments: attachmentModel(connection), changes, lock })
  const work = new ImportWork({
    ...{ connection, imports, rows, mends: mendModel(connection), files, changes, vehicles, operators },
    ...{ compliance, ledgerClock, lock, attachments, clock, timeZone, rowLimit, folder, log },
    onChanged: (list) => say({ event: 'changed', list }),
    onIdle: () => say({ event: 'idle' }),
  })
  const workbooks = new Workbooks({ imports, rows, vehicles, operators, cache: work.cache, folder })
  return { connection, work, workbooks }
}

const started = start()

const calls: {
  [K in keyof ThreadCalls]: (args: ThreadCalls[K]['args']) => Promise<ThreadCalls[K]['answer']>
} = {
  async peek({ file, filename }): Promise<Peek> {
    const { work } = await started
    const { openListFile } = await import('./reading/index.ts')
    const list = await openListFile(await work.cache.pathOf(new ObjectId(file)), filename)
    const { format, encoding, sheets, notes } = list
    await list.close()
    return { format, encoding, sheets, notes }
  },
  async errorsFile({ id, language }) {
    return (await started).workbooks.errorsFile(id, language)
  },
  async countMoves({ id }) {
    await (await started).work.countMoves(id)
    return null
  },
  async templateFile(params) {
    return (await started).workbooks.templateFile(templateParams.parse(params))
  },
}

function refusal(
  error: unknown,
): { status: number; code: string; params: Record<string, string> } | undefined {
  if (error instanceof ListProblem) return { status: 422, code: error.code, params: { ...error.params } }
  if (error instanceof Problem) return { status: error.status, code: error.code, params: {} }
  return undefined
}

let ending = false

async function answer(request: Asked): Promise<void> {
  const { id } = request
  try {
    const call = calls[request.call] as (args: unknown) => Promise<unknown>
    say({ id, answer: await call(request.args) })
  } catch (error) {
    // Whoever asked is told when the thread has ended, and asks the next one.
    if (ending) return
    const problem = refusal(error)
    if (!problem) log.error({ err: error, call: request.call }, 'the thread for lists failed to answer')
    say(problem ? { id, problem } : { id, fault: error instanceof Error ? error.message : String(error) })
  }
}

async function stop(): Promise<void> {
  ending = true
  const { work, connection } = await started
  await work.stop()
  await connection.close()
  say({ event: 'stopped' })
  port?.close()
}

port.on('message', (request: Request) => {
  if (request.call === 'stop') void stop()
  else if (request.call === 'kick') started.then(({ work }) => work.kick()).catch(() => undefined)
  else if (!ending) void answer(request)
})

// Whoever hears nothing for long knows that a file has caught the thread for ever.
setInterval(() => say({ event: 'alive' }), ALIVE_MS).unref()

started.then(
  ({ work }) => say({ event: 'ready', owner: work.owner }),
  (error) => {
    log.fatal({ err: error }, 'the thread for lists did not start')
    process.exit(1)
  },
)
