import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import type { Text } from '../../../i18n/index.ts'
import type { ShownValue } from '../fields.ts'
import { type CellState, cellOf } from './columns.ts'

/** What a cell shows: its text, or before → after where the register is put right. */
export function CellText(props: { cell: CellState; field: string; shown: ShownValue }) {
  const { field, shown } = props
  const { difference, text } = props.cell
  if (difference && difference.before !== difference.after)
    return (
      <span className="cell-change">
        <del>{difference.before ? shown(field, difference.before, true) : '—'}</del>
        <span aria-hidden> → </span>
        <ins>{difference.after ? shown(field, difference.after, true) : '—'}</ins>
      </span>
    )
  return <>{shown(field, text)}</>
}

/** The classes that mark a cell: faulty, doubtful, mended. */
export function cellClass(cell: CellState): string {
  const classes = ['cell']
  if (cell.issue) classes.push(`cell-${cell.issue.severity}`)
  if (cell.was !== undefined) classes.push('cell-mended')
  return classes.join(' ')
}

/** What a cell says when pointed at: its fault, and what it said before it was mended. */
export function cellTitle(row: ImportRowView, field: string, { t, issue }: Text): string | undefined {
  const cell = cellOf(row, field)
  const lines: string[] = []
  if (cell.issue) lines.push(issue(cell.issue.code, cell.issue.params, cell.issue.field))
  if (cell.was !== undefined) lines.push(t('grid.was', { value: cell.was || t('grid.empty') }))
  return lines.length > 0 ? lines.join('\n') : undefined
}
