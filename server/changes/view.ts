import type { ChangeDoc } from './model.ts'
import type { ChangeView } from './schema.ts'

/** A ledger entry as the API shows it. */
export function changeView(doc: ChangeDoc, names: ReadonlyMap<string, string>): ChangeView {
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
    note: doc.note,
    exemptFrom: doc.exemptFrom ?? [],
    dispute: doc.dispute?.toHexString() ?? null,
    source: doc.source && {
      import: doc.source.import.toHexString(),
      row: doc.source.row,
      sheet: doc.source.sheet,
      filename: doc.source.filename,
    },
    corrects: doc.corrects?.toHexString() ?? null,
    reportedAt: doc.reportedAt?.toISOString() ?? null,
    recordedAt: doc.recordedAt.toISOString(),
    recordedBy: doc.recordedBy,
    voidedAt: doc.voidedAt?.toISOString() ?? null,
    voidedBy: doc.voidedBy,
    voidReason: doc.voidReason,
  }
}
