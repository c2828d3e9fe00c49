import type { Caller } from '../http/route.ts'
import { actionsFor } from './actions.ts'
import type { ImportDoc, ImportRowDoc } from './model.ts'
import type { ImportRowView, ImportView } from './schema.ts'

export type Names = ReadonlyMap<string, string>
/** Words an issue for a person. */
export type WordIssue = (code: string, params: Record<string, string>, field: string | null) => string

const refOf = (id: string, names: Names) => ({ id, name: names.get(id) ?? id })

/** A list as the API shows it to a caller. */
export function importView(doc: ImportDoc, caller: Caller, names: Names): ImportView {
  const { filename, size, format, encoding, status, mode, modeFound, asOf, progress, counts } = doc
  const { scope } = caller
  const whole = scope.county === undefined && scope.operator === undefined
  const { sheets, columns, values, defaults, notes, recorded, openDisputes, sentBy, decidedBy, error } = doc
  const { automatic, rejectReason, withdrawn } = doc
  const first = sheets.find((s) => s.chosen)
  return {
    id: doc._id.toHexString(),
    ...{ filename, size, format, encoding, status, mode, modeFound, asOf, progress, counts },
    effects: whole ? doc.effectsCity : seesAsSender(doc, caller) ? doc.effects : [],
    operator: doc.operator === null ? null : refOf(doc.operator, names),
    codes: Object.fromEntries(doc.codes.map((c) => [c.code, c.rows])),
    ...{ sheets, columns, values, defaults, notes },
    sheet: first?.name ?? null,
    headerRow: first?.headerRow ?? 0,
    touches: doc.touches.map(({ id, rows }) => ({ ...refOf(id, names), rows })),
    ...{ recorded, openDisputes, sentBy, decidedBy, automatic, rejectReason, error },
    sentAt: doc.sentAt.toISOString(),
    submittedAt: doc.submittedAt?.toISOString() ?? null,
    decidedAt: doc.decidedAt?.toISOString() ?? null,
    appliedAt: doc.appliedAt?.toISOString() ?? null,
    expired: doc.expired !== undefined,
    withdrawn: withdrawn && { ...withdrawn, at: withdrawn.at.toISOString() },
    may: actionsFor(doc, caller),
  }
}

/** Whether the figures that the sender sees are the caller's, too. */
const seesAsSender = (doc: ImportDoc, { scope }: Caller): boolean =>
  doc.scope?.operator === scope.operator && doc.scope?.county === scope.county

/** A row as the API shows it. */
export function rowView(row: ImportRowDoc, doc: ImportDoc, names: Names, word: WordIssue): ImportRowView {
  const header = (field: string | null) =>
    doc.columns.find((c) => c.sheet === row.sheet && c.field === field && field !== null)?.header ?? null
  const several = doc.sheets.filter((s) => s.chosen).length > 1
  return {
    seq: row.seq,
    row: row.row,
    sheet: (several && row.row > 0 && doc.sheets.find((s) => s.index === row.sheet)?.name) || null,
    outcome: row.outcome,
    values: row.cells,
    mended: row.mended ?? {},
    differences: row.differences ?? [],
    touches: (row.touches ?? []).map((id) => refOf(id, names)),
    dispute: row.dispute ? { id: row.dispute.id.toHexString(), status: row.dispute.status } : null,
    issues: row.issues.map(({ code, severity, field, params }) => ({
      ...{ code, severity, field, params },
      column: header(field),
      message: word(code, params, field),
    })),
  }
}
