import { hasError, issue } from '../../domain/issue.ts'
import type { Register } from '../../domain/register.ts'
import type { ReadRow } from '../../domain/row.ts'
import { refusal, type Verdict } from './verdict.ts'

/** What the register knows a change by that a row of the list being checked brings. */
export const ROW = 'row:'

/**
 * The earlier row of the list that says the same change or brings the same vehicle, as it was accepted under
 * `row:…`; undefined when there is none.
 */
export function earlierRow(read: ReadRow, verdict: Verdict, register: Register): string | undefined {
  const labelOf = (change: string | null | undefined) =>
    change?.startsWith(ROW) ? change.slice(ROW.length) : undefined
  if (verdict.outcome !== 'error') return labelOf(verdict.change)
  if (hasError(read.issues)) return undefined
  const { vin, kind } = read.values
  const conflict = verdict.issues.find((i) => i.code === 'change.conflict')?.params.change
  const again = verdict.issues.some((i) => i.code === 'vehicle.already-registered')
  const entry =
    again && vin ? register.life(vin)?.find((e) => e.role === 'subject' && e.kind === kind) : undefined
  return labelOf(conflict) ?? labelOf(entry?.change)
}

/** A row that says what an earlier one said. */
export const repeats = (read: ReadRow, row: string): Verdict =>
  refusal([...read.issues, issue('duplicate.in-file', 'vin', { row })])
