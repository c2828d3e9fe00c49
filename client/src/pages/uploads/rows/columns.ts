import type { ColumnField, ImportRowView, ImportView } from '../../../../../server/imports/schema.ts'
import type { Text } from '../../../i18n/index.ts'
import { FIELD_ORDER } from '../fields.ts'

/** A column of the rows' grid that holds one field. */
export interface FieldColumn {
  field: ColumnField
  title: string
  width: number
}

const WIDE: Partial<Record<ColumnField, number>> = {
  vin: 196,
  operator: 220,
  toOperator: 200,
  category: 128,
  energy: 150,
  replaces: 150,
  certificate: 150,
  note: 180,
  emission: 96,
  packs: 110,
}

/**
 * The fields that the rows are shown by: the list's own columns in its order, then those that it lacks but that a
 * default, a mend, a difference or a fault speaks of, so that they can be filled in.
 */
export function fieldColumns(
  view: ImportView,
  rows: readonly ImportRowView[],
  label: Text['label'],
): FieldColumn[] {
  const headers = new Map<ColumnField, string>()
  for (const { field, header, sheet } of view.columns) {
    const read = view.sheets.length === 0 || view.sheets.some((s) => s.index === sheet && s.chosen)
    if (field && read && !headers.has(field)) headers.set(field, header)
  }
  const spoken = new Set<string>(Object.keys(view.defaults))
  for (const row of rows) {
    for (const issue of row.issues) if (issue.field) spoken.add(issue.field)
    for (const field of Object.keys(row.mended)) spoken.add(field)
    for (const { field } of row.differences) spoken.add(field)
  }
  if (view.counts.missing > 0) for (const field of ['plate', 'vin']) spoken.add(field)
  const lacking = FIELD_ORDER.filter((field) => spoken.has(field) && !headers.has(field))
  return [...headers.keys(), ...lacking].map((field) => ({
    field,
    title: headers.get(field) || label('field', field),
    width: WIDE[field] ?? 132,
  }))
}

/** What a cell holds, and all that is to be said of it. */
export interface CellState {
  text: string
  /** what it said before it was mended; undefined when it was not */
  was: string | undefined
  issue: ImportRowView['issues'][number] | undefined
  difference: ImportRowView['differences'][number] | undefined
}

/** The state of a row's cell. */
export const cellOf = (row: ImportRowView, field: string): CellState => ({
  text: row.values[field] ?? '',
  was: row.mended[field],
  issue: row.issues.find((i) => i.field === field),
  difference: row.differences.find((d) => d.field === field),
})

/** A row's mark for tests and for keys; missing vehicles have no row in the file. */
export const rowTestId = (row: ImportRowView): string =>
  row.row === 0 ? `row-missing-${row.seq}` : `row-${row.row}`

/** The id of a cell's element, for what is active and what is in sight. */
export const cellId = (seq: number, field: string): string => `cell-${seq}-${field}`

const ALARMS: readonly string[] = ['vehicle.returned', 'vehicle.elsewhere']

/** Whether a row is an alarm: a retired vehicle that comes back, or one in service with somebody else. */
export const isAlarm = (row: ImportRowView): boolean => row.issues.some((i) => ALARMS.includes(i.code))

/**
 * Whether a row can be disputed: it was refused, it came back with its list, or it was left out for its warning. One
 * dispute at a time; a denied one may be followed by another.
 */
export function isDisputable(row: ImportRowView, view: ImportView): boolean {
  if (row.row === 0 || row.dispute?.status === 'open' || row.dispute?.status === 'upheld') return false
  if (row.outcome === 'error') return true
  if (row.outcome !== 'new') return false
  const doubtful = row.issues.some((i) => i.severity === 'warning')
  const leftOut = view.status === 'applied' && doubtful && view.recorded < view.counts.toRecord
  return view.status === 'rejected' || leftOut
}
