import { EditOutlined, UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import { useText } from '../../../i18n/index.ts'
import { useShownValue } from '../fields.ts'
import { cellOf, type FieldColumn } from './columns.ts'
import type { RowActions } from './RowProblems.tsx'
import type { Mending } from './useMending.ts'

/** Above the grid, as a spreadsheet's bar: the active cell, what it said before, and what the keys do. */
export function CellBar({
  row,
  column,
  mending,
  actions,
  onEdit,
}: {
  row: ImportRowView | undefined
  column: FieldColumn | undefined
  mending: Mending
  actions: RowActions
  onEdit: () => void
}) {
  const { t, label, issue } = useText()
  const shown = useShownValue()
  const undo = mending.undo && (
    <Button size="small" type="text" icon={<UndoOutlined />} onClick={mending.undo} data-testid="undo-mend">
      {t('grid.undo')}
    </Button>
  )
  if (!row || !column)
    return (
      <div className="cell-bar hint" data-testid="cell-bar">
        <span>{t(mending.may ? 'grid.hint' : 'grid.hintRead')}</span>
        <span className="cell-bar-end">{undo}</span>
      </div>
    )
  const { field } = column
  const cell = cellOf(row, field)
  const name = label('field', field)
  return (
    <div className="cell-bar" aria-live="polite" data-testid="cell-bar">
      <b>
        {row.row === 0
          ? t('grid.placeMissing', { plate: row.values.plate ?? '', field: name })
          : t('grid.place', { row: row.row, field: name })}
      </b>
      <span>{shown(field, cell.text) || <span className="hint">{t('grid.empty')}</span>}</span>
      {cell.difference && (
        <span className="hint">
          {t('grid.difference', {
            before: shown(field, cell.difference.before ?? '', true) || t('grid.empty'),
            after: shown(field, cell.difference.after ?? '', true) || t('grid.empty'),
          })}
        </span>
      )}
      {cell.was !== undefined && (
        <span className="cell-was">
          {t('grid.was', { value: cell.was || t('grid.empty') })}
          <Button
            size="small"
            type="link"
            onClick={() => mending.mend(row, { [field]: null })}
            data-testid="restore-cell"
          >
            {t('grid.restore')}
          </Button>
        </span>
      )}
      {cell.issue && (
        <span className={`problem-${cell.issue.severity}`}>
          {issue(cell.issue.code, cell.issue.params, cell.issue.field)}
        </span>
      )}
      <span className="cell-bar-end">
        {actions.mayDispute(row) && (
          <Button
            size="small"
            type="text"
            onClick={() => actions.open({ kind: 'dispute', row })}
            data-testid="dispute-row"
          >
            {t('disputes.raise')}
          </Button>
        )}
        {mending.may && (
          <Button size="small" icon={<EditOutlined />} onClick={onEdit} data-testid="edit-cell">
            {t('grid.edit')}
          </Button>
        )}
        {undo}
      </span>
    </div>
  )
}
