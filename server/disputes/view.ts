import type { Caller } from '../http/route.ts'
import type { WordIssue } from '../imports/view.ts'
import type { DisputeDoc } from './model.ts'
import type { DisputeView } from './schema.ts'
import { mayDecide } from './visible.ts'

/** A dispute as the API shows it to a caller. */
export function disputeView(
  doc: DisputeDoc,
  caller: Caller,
  names: ReadonlyMap<string, string>,
  word: WordIssue,
): DisputeView {
  const { filename, seq, row, sheet, operator, claim, wish, status, by, change } = doc
  const { name, type, size } = doc.document
  const verdict = status === 'open' ? null : doc.verdict
  // Figures are shown to those whose they are.
  const { scope } = caller
  const whole = scope.county === undefined && scope.operator === undefined
  const effects = verdict && (whole || verdict.by.id === caller.id) ? verdict.effects : []
  return {
    id: doc._id.toHexString(),
    import: doc.import.toHexString(),
    ...{ filename, seq, row, sheet, claim, wish, status, by, effects },
    operator: operator === null ? null : { id: operator, name: names.get(operator) ?? operator },
    values: doc.cells,
    issues: doc.issues.map(({ code, severity, field, params }) => ({
      ...{ code, severity, field, params, column: null },
      message: word(code, params, field),
    })),
    rules: verdict?.decision === 'upheld' ? verdict.rules : doc.rules,
    document: { name, type, size },
    at: doc.at.toISOString(),
    decidedBy: verdict?.by ?? null,
    decidedAt: verdict?.at.toISOString() ?? null,
    answer: verdict?.answer ?? null,
    change: change?.toHexString() ?? null,
    may: mayDecide(doc, caller) ? ['decide'] : [],
  }
}
