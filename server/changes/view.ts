import type { Types } from 'mongoose'
import type { AttachmentDoc } from '../attachments/model.ts'
import { ATTACHMENTS } from '../attachments/model.ts'
import { attachmentView } from '../attachments/view.ts'
import { byRecording } from './entries.ts'
import type { ChangeDoc, ChangeModel } from './model.ts'
import type { AttachmentView, ChangeView } from './schema.ts'

/** What belongs to an entry and is kept apart from it, as an entry is never edited. */
interface Links {
  correctedBy: Types.ObjectId | null
  attachments: AttachmentView[]
}

const NONE: Links = { correctedBy: null, attachments: [] }

/** A ledger entry as the API shows it. */
function changeView(
  doc: ChangeDoc,
  names: ReadonlyMap<string, string>,
  { correctedBy, attachments }: Links = NONE,
): ChangeView {
  return {
    id: doc._id.toHexString(),
    kind: doc.kind,
    on: doc.on,
    vehicle: doc.vehicle,
    operatorName: names.get(doc.vehicle.operator) ?? doc.vehicle.operator,
    retires: doc.retires,
    from: doc.from,
    reason: doc.reason,
    certificate: doc.certificate,
    packs: doc.packs,
    batteries: doc.batteries ?? null,
    note: doc.note,
    breachReason: doc.breachReason ?? null,
    exemptFrom: doc.exemptFrom ?? [],
    dispute: doc.dispute?.toHexString() ?? null,
    source: doc.source && {
      import: doc.source.import.toHexString(),
      row: doc.source.row,
      sheet: doc.source.sheet,
      filename: doc.source.filename,
    },
    corrects: doc.corrects?.toHexString() ?? null,
    correctedBy: correctedBy?.toHexString() ?? null,
    attachments,
    reportedAt: doc.reportedAt?.toISOString() ?? null,
    recordedAt: doc.recordedAt.toISOString(),
    recordedBy: doc.recordedBy,
    voidedAt: doc.voidedAt?.toISOString() ?? null,
    voidedBy: doc.voidedBy,
    voidReason: doc.voidReason,
  }
}

/** Entries as the API shows them, each with what belongs to it. */
export async function changeViews(
  docs: readonly ChangeDoc[],
  names: ReadonlyMap<string, string>,
  changes: ChangeModel,
): Promise<ChangeView[]> {
  const linked = await linksOf(docs, changes)
  return docs.map((doc) => changeView(doc, names, linked.get(doc._id.toHexString())))
}

/** What belongs to entries, by their ids. Two look-ups by index, however many entries. */
async function linksOf(
  docs: readonly Pick<ChangeDoc, '_id' | 'voided'>[],
  changes: ChangeModel,
): Promise<Map<string, Links>> {
  const voided = docs.filter((doc) => doc.voided).map((doc) => doc._id)
  const [anew, files] = await Promise.all([
    voided.length === 0
      ? []
      : changes.collection
          .find<Pick<ChangeDoc, '_id' | 'corrects' | 'voided' | 'recordedAt'>>(
            { corrects: { $in: voided } },
            { projection: { corrects: 1, voided: 1, recordedAt: 1 } },
          )
          .toArray(),
    docs.length === 0
      ? []
      : changes.db
          .collection<AttachmentDoc>(ATTACHMENTS)
          .find({ changes: { $in: docs.map((doc) => doc._id) } })
          .sort({ at: 1, _id: 1 })
          .toArray(),
  ])
  const links = new Map(docs.map((doc) => [doc._id.toHexString(), { ...NONE, attachments: [] } as Links]))
  // What was said anew may have been withdrawn and restored: the one that counts, else the latest.
  const ordered = byRecording(anew)
  for (const { _id, corrects } of [...ordered.filter((a) => a.voided), ...ordered.filter((a) => !a.voided)]) {
    const link = links.get(corrects?.toHexString() ?? '')
    if (link) link.correctedBy = _id
  }
  for (const file of files)
    for (const id of file.changes) links.get(id.toHexString())?.attachments.push(attachmentView(file))
  return links
}
