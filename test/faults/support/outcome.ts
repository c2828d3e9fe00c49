import { expect } from 'vitest'
import { type AttachmentDoc, attachmentModel } from '../../../server/attachments/model.ts'
import { changeModel } from '../../../server/changes/model.ts'
import { connectMongoose } from '../../../server/database/connect.ts'
import { startDatabase } from '../../../server/database/start.ts'
import type { ImportView } from '../../../server/imports/schema.ts'
import { vehicleModel } from '../../../server/vehicles/model.ts'
import { rebuildVehicles } from '../../../server/vehicles/rebuild.ts'
import type { Client } from '../../harness/client.ts'
import type { ServiceProcess } from '../../harness/process.ts'
import { view } from './run.ts'

const CATEGORIES = ['bus', 'cruising-taxi', 'ride-hailing', 'truck', 'sanitation']

/** Everything that must not depend on what happened on the way. */
export interface Outcome {
  upload: Pick<ImportView, 'status' | 'counts' | 'codes' | 'recorded' | 'effects'>
  rules: Awaited<ReturnType<Client['figures']>>
  evidence: Record<string, number>
  vehicles: Record<string, { total: number; active: number }>
  ledger: string[]
  /** at how many instants entries of the list were recorded, and entries withdrawn */
  instants: { recorded: number; voided: number }
  /** the counting entries that documents go with, one by one */
  documents: string[]
  /** what a rebuild from the ledger finds wrong */
  differences: string[]
}

/** Whether anything counts. */
export const hasAny = (figures: Outcome['rules']): boolean =>
  Object.values(figures).some((f) => f.numerator !== 0 || (f.denominator ?? 0) !== 0)

/** What has come out of a list that has come to its end. Stops the service. */
export async function outcomeOf(running: ServiceProcess, id: string): Promise<Outcome> {
  const client = await running.client()
  const { status, counts, codes, recorded, effects } = await view(client, id)
  const rules = await client.figures()
  const evidence: Record<string, number> = {}
  for (const rule of Object.keys(rules)) {
    const { body } = await client.get<{ total: number }>(`/compliance/${rule}/evidence/count`)
    evidence[rule] = body.total
  }
  const vehicles: Outcome['vehicles'] = {}
  for (const category of CATEGORIES) {
    const count = async (more: string) =>
      (await client.get<{ total: number }>(`/vehicles/count?category=${category}${more}`)).body.total
    vehicles[category] = { total: await count(''), active: await count('&status=active') }
  }
  await running.stop()
  const upload = { status, counts, codes, recorded, effects }
  return { upload, rules, evidence, vehicles, ...(await ledgerOf(running, id)) }
}

/** The ledger in a stopped service's folder, without what is another in each run, and what a rebuild finds. */
async function ledgerOf(
  { dataDir }: ServiceProcess,
  id: string,
): Promise<Pick<Outcome, 'ledger' | 'instants' | 'documents' | 'differences'>> {
  const database = await startDatabase({ dataDir })
  const connection = await connectMongoose(database.uri)
  try {
    const changes = changeModel(connection)
    const entries = await changes.collection.find().toArray()
    const instants = { recorded: new Set<number>(), voided: new Set<number>() }
    const said = new Map(entries.map((e) => [e._id.toHexString(), `${e.key} ${e.vehicle.energy}`]))
    const ledger = entries.map((entry) => {
      const { _id, source, recordedAt, reportedAt: _sent, recordedBy: _by, voidedAt, ...rest } = entry
      if (source?.import.toHexString() === id) instants.recorded.add(recordedAt.getTime())
      if (voidedAt) instants.voided.add(voidedAt.getTime())
      const { corrects, voidedBy, voidedFor } = rest
      return JSON.stringify({
        ...{ ...rest, row: source?.row, voidedBy: voidedBy?.name },
        ...(corrects ? { corrects: said.get(corrects.toHexString()) } : {}),
        ...(voidedFor ? { voidedFor: voidedFor.seq } : {}),
      })
    })
    const files = await attachmentModel(connection).collection.find<AttachmentDoc>({}).toArray()
    const counting = new Set(entries.filter((e) => !e.voided).map((e) => e._id.toHexString()))
    const documents = files
      .flatMap((file) => file.changes.map((id) => id.toHexString()).filter((id) => counting.has(id)))
      .map((id) => said.get(id) ?? '')
    const { differences } = await rebuildVehicles(changes, vehicleModel(connection))
    return {
      ledger: ledger.sort(),
      instants: { recorded: instants.recorded.size, voided: instants.voided.size },
      documents: documents.sort(),
      differences,
    }
  } finally {
    await connection.close()
    await database.stop()
  }
}

/** Compares without printing twenty thousand lines when they differ. */
export function expectSame(outcome: Outcome, undisturbed: Outcome): void {
  const { ledger, ...rest } = outcome
  const { ledger: expected, ...figures } = undisturbed
  expect(rest).toEqual(figures)
  const known = new Set(expected)
  expect(ledger.filter((entry) => !known.has(entry)).slice(0, 3)).toEqual([])
  const found = new Set(ledger)
  expect(expected.filter((entry) => !found.has(entry)).slice(0, 3)).toEqual([])
  expect(ledger.length).toBe(expected.length)
}
