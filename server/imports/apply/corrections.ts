import { ObjectId } from 'mongodb'
import type { Attachments } from '../../attachments/service.ts'
import type { Origin } from '../../changes/entries.ts'
import type { ChangeDoc, ChangeModel } from '../../changes/model.ts'
import type { VehicleFacts } from '../../domain/change.ts'
import { deriveVehicles } from '../../vehicles/derive.ts'
import type { VehicleModel } from '../../vehicles/model.ts'
import type { Verdict } from '../check/verdict.ts'
import type { ImportDoc, ImportRowDoc } from '../model.ts'

interface Parts {
  changes: ChangeModel
  vehicles: VehicleModel
  attachments: Attachments
}

interface Corrected {
  row: ImportRowDoc
  verdict: Verdict
}

type SourceOf = (row: ImportRowDoc) => NonNullable<ChangeDoc['source']>

/**
 * Puts facts right: each entry that says otherwise is withdrawn and said anew, at the same instant. The withdrawn
 * entry tells for which row and what is to be said, so that a crash between the two leaves nothing out.
 * @returns the vehicles to be derived anew
 */
export async function correctEntries(
  doc: ImportDoc,
  corrected: readonly Corrected[],
  origin: Origin,
  sourceOf: SourceOf,
  parts: Parts,
): Promise<string[]> {
  if (corrected.length === 0) return []
  const reason = `名单“${doc.filename}”更正登记信息`
  const operations = corrected.flatMap(({ row, verdict: { correction } }) =>
    correction
      ? correction.events.map((event) => ({
          updateOne: {
            filter: { _id: new ObjectId(event.change), voided: false },
            update: {
              $set: {
                ...{
                  voided: true,
                  voidedAt: origin.recordedAt,
                  voidedBy: origin.recordedBy,
                  voidReason: reason,
                },
                voidedFor: { import: doc._id, seq: row.seq, set: correction.set, source: sourceOf(row) },
              },
            },
          },
        }))
      : [],
  )
  await parts.changes.collection.bulkWrite(operations as never, { ordered: false })
  return sayAnew(doc, origin, corrected, parts)
}

/** Says anew what an earlier try had withdrawn for some rows and not yet said, and derives the vehicles. */
export async function finishCorrections(
  doc: ImportDoc,
  rows: readonly ImportRowDoc[],
  origin: Origin,
  parts: Parts,
): Promise<void> {
  const vins = await sayAnew(
    doc,
    origin,
    rows.map((row) => ({ row })),
    parts,
  )
  await deriveVehicles(parts.changes, parts.vehicles, vins)
}

interface Withdrawn extends ChangeDoc {
  voidedFor: NonNullable<ChangeDoc['voidedFor']> & {
    set: Partial<VehicleFacts>
    source: NonNullable<ChangeDoc['source']>
  }
}

async function sayAnew(
  doc: ImportDoc,
  origin: Origin,
  corrected: readonly Pick<Corrected, 'row'>[],
  { changes, attachments }: Parts,
): Promise<string[]> {
  const seqs = corrected.map(({ row }) => row.seq)
  const withdrawn = await changes.collection
    .find<Withdrawn>({
      'voidedFor.import': doc._id,
      'voidedFor.seq': { $in: seqs },
      voidedAt: origin.recordedAt,
    })
    .toArray()
  if (withdrawn.length === 0) return []
  const said = await changes.collection
    .find<Pick<ChangeDoc, '_id' | 'corrects'>>(
      { corrects: { $in: withdrawn.map((w) => w._id) } },
      { projection: { corrects: 1 } },
    )
    .toArray()
  const done = new Set(said.map((s) => s.corrects?.toHexString()))
  const left = withdrawn.filter((w) => !done.has(w._id.toHexString()))
  const entries = left.map(({ voidedFor, ...entry }) => ({
    ...entry,
    _id: new ObjectId(),
    vehicle: { ...entry.vehicle, ...voidedFor.set },
    corrects: entry._id,
    ...{ ...origin, source: voidedFor.source },
    ...{ voided: false, voidedAt: null, voidedBy: null, voidReason: null },
  }))
  if (entries.length > 0) await changes.collection.insertMany(entries as never, { ordered: false })
  // Also of what an earlier try had said, as it may have come no further.
  const anew = [...said, ...entries].flatMap(({ _id, corrects }) =>
    corrects ? [{ of: corrects, by: _id }] : [],
  )
  await attachments.follow(anew)
  return left.flatMap((entry) => entry.vins)
}
