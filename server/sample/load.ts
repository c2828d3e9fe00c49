import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { ObjectId } from 'mongodb'
import { civilDateAt } from '../domain/civil-date.ts'
import { isRegionCode } from '../domain/regions.ts'
import type { Caller } from '../http/route.ts'
import type { ImportStatus, ImportView } from '../imports/schema.ts'
import type { Services } from '../services.ts'
import type { SampleList } from './lists.ts'

const LOOK_MS = 50
const CONNECTED = 1

/** The service has been told to stop: what is left of the loading is given up. */
class Stopped extends Error {}

/**
 * Sends the made-up city's lists in the background, as the administrator who asked for them, and approves them one
 * after the other. Does nothing on a ledger that has entries. Asked again while it runs, it goes on as it does.
 */
export const loadSampleInto = (services: Services) => {
  let running: Promise<void> | undefined
  /** @returns when it is over, whatever became of it */
  return (administrator: Pick<Caller, 'id' | 'name' | 'email'>): Promise<void> => {
    const { id, name, email } = administrator
    const caller: Caller = { id, name, email, role: 'administrator', scope: {} }
    running ??= loadSample(services, caller)
      .catch((error: unknown) => {
        if (!(error instanceof Stopped) && goesOn(services))
          services.log.error({ err: error }, 'loading the sample data failed')
      })
      .finally(() => {
        running = undefined
      })
    return running
  }
}

/** Whether the service is not about to stop. */
const goesOn = ({ connection, importThread }: Services): boolean =>
  connection.readyState === CONNECTED && !importThread.isStopping

async function loadSample(services: Services, caller: Caller): Promise<void> {
  const { models, clock, config, operators, log } = services
  if (await models.changes.collection.findOne({}, { projection: { _id: 1 } })) return
  // Made up only when it is wanted: nobody else needs the code.
  const { sampleLists } = await import('./lists.ts')
  const { SAMPLE_COUNTIES, SAMPLE_OPERATORS } = await import('./city.ts')
  if (!SAMPLE_COUNTIES.every(isRegionCode)) {
    log.warn('the sample data are of another city than the policy')
    return
  }
  await operators.register(SAMPLE_OPERATORS)
  for (const list of sampleLists(civilDateAt(clock.now(), config.timeZone)))
    await send(services, caller, list)
  log.info('the sample data are loaded')
}

/** Sends one list, approves it and waits until it is recorded. */
async function send(services: Services, caller: Caller, { filename, text }: SampleList): Promise<void> {
  const { imports, importFiles, importDecisions, clock, log } = services
  const bytes = Buffer.from(text)
  const file = new ObjectId()
  await pipeline(Readable.from([bytes]), importFiles.open(file, filename))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const kept = { id: file, filename, size: bytes.length, sha256, fields: {} }
  const { id } = await imports.receive(kept, caller, clock.now())
  const checked = await reached(services, caller, id, 'checked')
  if (checked.counts.error > 0)
    log.warn({ filename, codes: checked.codes }, 'rows of the sample were refused')
  if (checked.counts.new === 0) return
  await importDecisions.approve(id, { rows: 'all' }, caller, clock.now())
  await reached(services, caller, id, 'applied')
}

/** Waits until a list is in a state. @throws when it failed or somebody rejected it, Stopped when the service stops */
async function reached(
  services: Services,
  caller: Caller,
  id: string,
  wanted: ImportStatus,
): Promise<ImportView> {
  for (;;) {
    if (!goesOn(services)) throw new Stopped()
    const view = await services.imports.get(id, caller, services.clock.now())
    // Somebody quicker may have approved it by hand.
    if (view.status === wanted || view.status === 'applied') return view
    if (view.status === 'failed' || view.status === 'rejected')
      throw new Error(`the sample list ${view.filename} is ${view.status}: ${view.error?.detail ?? ''}`)
    await pause(LOOK_MS, undefined, { ref: false })
  }
}
