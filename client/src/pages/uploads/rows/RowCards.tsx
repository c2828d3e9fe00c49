import { Button } from 'antd'
import { useState } from 'react'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import { OutcomeTag } from '../../../components/Tag.tsx'
import { useText } from '../../../i18n/index.ts'
import { useShownValue } from '../fields.ts'
import { CellText, cellClass } from './Cell.tsx'
import { CellEditor } from './CellEditor.tsx'
import { cellOf, type FieldColumn, isAlarm, rowTestId } from './columns.ts'
import '../../../components/data-list.css'
import { type RowActions, RowProblems } from './RowProblems.tsx'
import type { Mending } from './useMending.ts'

interface Props {
  rows: readonly ImportRowView[]
  columns: readonly FieldColumn[]
  mending: Mending
  actions: RowActions
}

/** The rows on a narrow screen: a card each, its values to tap and mend. */
export function RowCards({ rows, ...rest }: Props) {
  return (
    <ul className="cards row-cards" data-testid="rows-table">
      {rows.map((row) => (
        <RowCard key={row.seq} row={row} {...rest} />
      ))}
    </ul>
  )
}

function RowCard({ row, columns, mending, actions }: Omit<Props, 'rows'> & { row: ImportRowView }) {
  const { t } = useText()
  const [editing, setEditing] = useState<string | null>(null)
  const [all, setAll] = useState(false)
  // What names the vehicle, and what needs looking at; the rest on demand.
  const first = columns.filter(({ field }) => {
    const { issue, was, difference } = cellOf(row, field)
    return field === 'plate' || field === 'vin' || issue || was !== undefined || difference
  })
  return (
    <li
      className={`row-${row.outcome}${isAlarm(row) ? ' row-alarm' : ''}`}
      data-testid={rowTestId(row)}
      data-outcome={row.outcome}
    >
      <div className="cards-head">
        <span>{row.row === 0 ? t('grid.notInFile') : t('common.row', { row: row.row })}</span>
        <OutcomeTag outcome={row.outcome} />
      </div>
      <RowProblems row={row} mending={mending} actions={actions} />
      <dl>
        {(all ? columns : first).map((column) => (
          <CardCell
            key={column.field}
            row={row}
            column={column}
            mending={mending}
            editing={editing === column.field}
            onEdit={setEditing}
          />
        ))}
      </dl>
      <Button
        type="link"
        size="small"
        className="row-action"
        aria-expanded={all}
        onClick={() => setAll(!all)}
        data-testid="all-fields"
      >
        {t(all ? 'grid.fewerFields' : 'grid.allFields')}
      </Button>
    </li>
  )
}

function CardCell(props: {
  row: ImportRowView
  column: FieldColumn
  mending: Mending
  editing: boolean
  onEdit: (field: string | null) => void
}) {
  const { row, column, mending, editing, onEdit } = props
  const { field, title } = column
  const { t } = useText()
  const shown = useShownValue()
  const cell = cellOf(row, field)
  if (cell.text === '' && !cell.issue && cell.was === undefined && !cell.difference && !editing) return null
  const label = t('grid.editCell', { row: row.row, field: title })
  const value = <CellText cell={cell} field={field} shown={shown} />
  return (
    <div className={cellClass(cell)}>
      <dt>{title}</dt>
      <dd>
        {editing ? (
          <CellEditor
            field={field}
            text={cell.text}
            fresh={false}
            label={label}
            onCommit={(text) => {
              onEdit(null)
              mending.mend(row, { [field]: text })
            }}
            onCancel={() => onEdit(null)}
          />
        ) : mending.may ? (
          <button
            type="button"
            className="cell-tap"
            aria-label={label}
            onClick={() => onEdit(field)}
            data-testid={`cell-${row.row}-${field}`}
          >
            {cell.text === '' && !cell.difference ? t('grid.edit') : value}
          </button>
        ) : (
          value
        )}
        {cell.was !== undefined && (
          <div className="hint">
            {t('grid.was', { value: cell.was || t('grid.empty') })}
            {mending.may && (
              <Button size="small" type="link" onClick={() => mending.mend(row, { [field]: null })}>
                {t('grid.restore')}
              </Button>
            )}
          </div>
        )}
      </dd>
    </div>
  )
}
