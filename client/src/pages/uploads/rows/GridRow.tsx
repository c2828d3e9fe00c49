// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot draw only the rows in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and the keys, and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the same
import { memo, type Ref } from 'react'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import { OutcomeTag } from '../../../components/Tag.tsx'
import { useText } from '../../../i18n/index.ts'
import { useShownValue } from '../fields.ts'
import { CellText, cellClass, cellTitle } from './Cell.tsx'
import { CellEditor, type Move } from './CellEditor.tsx'
import { cellId, cellOf, type FieldColumn, isAlarm, rowTestId } from './columns.ts'
import { type RowActions, RowProblems } from './RowProblems.tsx'
import type { Mending } from './useMending.ts'

interface Props {
  ref: Ref<HTMLDivElement>
  index: number
  row: ImportRowView
  columns: readonly FieldColumn[]
  /** the widths of the columns */
  template: string
  /** pixels from the top of the list */
  start: number
  active: string | null
  editing: { fresh: boolean } | null
  mending: Mending
  actions: RowActions
  on: RowEvents
}

/** What happens to a row's cells. */
export interface RowEvents {
  pick: (row: ImportRowView, field: string) => void
  commit: (row: ImportRowView, field: string, text: string, move: Move) => void
  cancel: () => void
}

/** One row of the grid. */
export const GridRow = memo(function GridRow(props: Props) {
  const { row, columns, active, editing, mending, actions, on } = props
  const text = useText()
  const { t } = text
  const shown = useShownValue()
  return (
    <div
      ref={props.ref}
      role="row"
      data-index={props.index}
      aria-rowindex={props.index + 2}
      className={`grid-row row-${row.outcome}${isAlarm(row) ? ' row-alarm' : ''}`}
      style={{ gridTemplateColumns: props.template, transform: `translateY(${props.start}px)` }}
      data-testid={rowTestId(row)}
      data-outcome={row.outcome}
    >
      <div className="cell cell-row" role="gridcell">
        {row.row === 0 ? '—' : row.row}
      </div>
      <div className="cell cell-outcome" role="gridcell">
        <OutcomeTag outcome={row.outcome} />
      </div>
      <div className="cell cell-problems" role="gridcell">
        <RowProblems row={row} mending={mending} actions={actions} />
      </div>
      {columns.map(({ field, title }) => {
        const cell = cellOf(row, field)
        const here = active === field
        return (
          <div
            key={field}
            id={cellId(row.seq, field)}
            role="gridcell"
            className={`${cellClass(cell)}${here ? ' cell-active' : ''}`}
            aria-selected={here}
            title={cellTitle(row, field, text)}
            onClick={() => !(here && editing) && on.pick(row, field)}
            data-testid={`cell-${row.row}-${field}`}
          >
            {here && editing ? (
              <CellEditor
                field={field}
                text={cell.text}
                fresh={editing.fresh}
                label={t('grid.editCell', { row: row.row, field: title })}
                onCommit={(value, move) => on.commit(row, field, value, move)}
                onCancel={on.cancel}
              />
            ) : (
              <CellText cell={cell} field={field} shown={shown} />
            )}
          </div>
        )
      })}
    </div>
  )
})
