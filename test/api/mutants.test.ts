import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeModel } from '../../server/changes/model.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { startDatabase } from '../../server/database/start.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import { vehicleModel } from '../../server/vehicles/model.ts'
import { rebuildVehicles } from '../../server/vehicles/rebuild.ts'
import type { Client } from '../harness/client.ts'
import { MemoryWatch, residentMb } from '../harness/memory.ts'
import { ServiceProcess } from '../harness/process.ts'
import { type Mutant, mutants } from '../lists/mutate.ts'

/**
 * Damaged lists through the service in a process of its own, several at a time. `MUTANTS` says how many (200), and
 * `MUTANTS_SEED` which.
 */
const COUNT = Number(process.env.MUTANTS ?? 200)
const SEED = Number(process.env.MUTANTS_SEED ?? 5)
const AT_ONCE = 4
/** Of those that can be approved, each of so many is. */
const APPROVED = 10
const PATIENCE_MS = 180_000
/** The thread's objects may take 320 MB; beside them stand the files in hand and the service itself. */
const MOST_MB = 900

let service: ServiceProcess
let client: Client
let memory: MemoryWatch | undefined
let idleMb = 0

beforeAll(async () => {
  service = await ServiceProcess.create()
  await service.start()
  client = await service.client()
  idleMb = residentMb(service.pid ?? 0)
  memory = new MemoryWatch(service.pid ?? 0)
})
afterAll(async () => {
  memory?.stop()
  await service.remove()
})

const fates = { refused: 0, failed: 0, checked: 0, applied: 0 }
/** why lists were not taken, with how many were not */
const problems: Record<string, number> = {}
const note = (code: string | undefined) => {
  problems[code ?? ''] = (problems[code ?? ''] ?? 0) + 1
}

/** Waits until nothing happens to a list by itself any more. */
async function settled(id: string, name: string): Promise<ImportView> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await new Promise((r) => setTimeout(r, 50))) {
    const { status, body } = await client.get<ImportView>(`/imports/${id}`)
    expect(status, `${name}: ${JSON.stringify(body)}`).toBe(200)
    if (body.status !== 'parsing' && body.status !== 'applying') return body
    if (Date.now() > deadline) throw new Error(`${name} is stuck: ${JSON.stringify(body)}`)
  }
}

/** Sends, and when that was too much in a minute, sends again as late as the answer asks for. */
async function patiently<A extends { status: number; headers: Headers }>(ask: () => Promise<A>): Promise<A> {
  for (;;) {
    const answer = await ask()
    if (answer.status !== 429) return answer
    const seconds = Number(answer.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    await new Promise((done) => setTimeout(done, seconds * 1000))
  }
}

async function send({ name, filename, bytes }: Mutant, number: number): Promise<void> {
  const { status, body, headers } = await patiently(() => client.upload(filename, bytes))
  if (status !== 202) {
    expect(status, `${name}: ${JSON.stringify(body)}`).toBeGreaterThanOrEqual(400)
    expect(status, `${name}: ${JSON.stringify(body)}`).toBeLessThan(500)
    expect(headers.get('content-type'), name).toContain('application/problem+json')
    expect(body.code, name).toMatch(/^import\./)
    fates.refused++
    note(body.code)
    return
  }
  const view = await settled(body.id, name)
  if (view.status === 'failed') {
    expect(view.error?.code, name).toMatch(/^import\./)
    fates.failed++
    note(view.error?.code)
    return
  }
  expect(view.status, name).toBe('checked')
  fates.checked++
  if (view.counts.toRecord > 0 && number % APPROVED === 0) await record(view, name)
}

/** All of a list is recorded, as far as no other has changed the register meanwhile. */
async function record({ id, mode }: ImportView, name: string): Promise<void> {
  const { status, body } = await patiently(() => client.post(`/imports/${id}/approve`))
  expect(status, `${name}: ${JSON.stringify(body)}`).toBe(202)
  const applied = await settled(id, name)
  expect(applied, name).toMatchObject({ status: 'applied', error: null })
  const { body: entries } = await client.get<{ total: number }>(
    `/changes/count?import=${id}&includeVoided=true`,
  )
  expect(entries.total, name).toBe(applied.recorded)
  if (mode === 'changes') expect(applied.recorded, name).toBe(applied.counts.toRecord)
  fates.applied++
}

describe(`${COUNT} damaged lists of seed ${SEED}`, () => {
  it('are each refused, or read to an end; those approved are recorded whole', {
    timeout: 60_000 + COUNT * 3_000,
  }, async () => {
    const queue = mutants(SEED, COUNT)
    let number = 0
    const sender = async () => {
      for (let next = queue.next(); !next.done; next = queue.next()) await send(next.value, number++)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, sender))
    const peak = memory?.stop() ?? Number.NaN
    console.log(
      `${COUNT} damaged lists of seed ${SEED}: ${JSON.stringify(fates)}, ${JSON.stringify(problems)}; ` +
        `memory ${idleMb.toFixed(0)} MB idle, ${peak.toFixed(0)} MB at most`,
    )
    expect(fates.refused + fates.failed + fates.checked).toBe(COUNT)
    expect(fates.applied).toBeGreaterThan(0)
    expect(peak).toBeLessThan(MOST_MB)
  })

  it('leave the service as it was: the same process, and a register that follows from its ledger', {
    timeout: 120_000,
  }, async () => {
    expect((await client.get('//healthz')).status).toBe(200)
    expect(service.printed).not.toMatch(/"level":(50|60)/)
    await service.stop()
    const database = await startDatabase({ dataDir: service.dataDir })
    const connection = await connectMongoose(database.uri)
    try {
      const { checked, differences } = await rebuildVehicles(
        changeModel(connection),
        vehicleModel(connection),
      )
      expect(checked).toBeGreaterThan(0)
      expect(differences).toEqual([])
    } finally {
      await connection.close()
      await database.stop()
    }
  })
})
