import { ObjectId } from 'mongodb'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import type { Movers } from '../domain/alert.ts'
import { liesIn } from '../domain/regions.ts'
import type { Operators } from '../operators/service.ts'
import type { AlertChange } from './schema.ts'

/** Whose names an alert may tell: a county hears of its own vehicles only. */
const isTold = ({ vehicle }: ChangeDoc, county: string | undefined): boolean =>
  county === undefined || liesIn(vehicle.county, county)

/** The entries behind an alert, as they stood at an instant, in the order in which they were written. */
export async function changesBehind(
  { ids, total }: Movers,
  county: string | undefined,
  knownAt: Date,
  { changes, operators }: { changes: ChangeModel; operators: Operators },
): Promise<{ items: AlertChange[]; total: number }> {
  if (ids.length === 0) return { items: [], total }
  const _id = { $in: ids.map((id) => new ObjectId(id)) }
  const docs = await changes.collection.find<ChangeDoc>({ _id } as never).toArray()
  const byId = new Map(docs.map((doc) => [doc._id.toHexString(), doc]))
  const names = await operators.namesOf(docs.map((doc) => doc.vehicle.operator))
  const items = [...new Set(ids)].flatMap((id) => {
    const doc = byId.get(id)
    return doc && isTold(doc, county) ? [changeOf(doc, knownAt, names)] : []
  })
  return { items, total }
}

function changeOf(doc: ChangeDoc, knownAt: Date, names: ReadonlyMap<string, string>): AlertChange {
  const voided = doc.voidedAt !== null && doc.voidedAt <= knownAt
  const { vehicle } = doc
  return {
    ...{ id: doc._id.toHexString(), kind: doc.kind, on: doc.on, plate: vehicle.plate, vin: vehicle.vin },
    operator: { id: vehicle.operator, name: names.get(vehicle.operator) ?? vehicle.operator },
    county: vehicle.county,
    by: (voided ? doc.voidedBy?.name : undefined) ?? doc.recordedBy.name,
    reason: (voided ? doc.voidReason : doc.breachReason) ?? null,
    voided,
    import: doc.source?.import.toHexString() ?? null,
  }
}
