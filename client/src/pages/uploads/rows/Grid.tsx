// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot draw only the rows in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and the keys, and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the same
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import { useText } from '../../../i18n/index.ts'
import { CellBar } from './CellBar.tsx'
import { cellId, type FieldColumn } from './columns.ts'
import { GridRow, type RowEvents } from './GridRow.tsx'
import type { RowActions } from './RowProblems.tsx'
import { useGridPlace } from './useGridPlace.ts'
import type { Mending } from './useMending.ts'

const ROW_WIDTH = 74
const OUTCOME_WIDTH = 106
const PROBLEMS_WIDTH = 340
const ROW_HEIGHT = 45
/** So many rows before the end of what has been read, the next page is asked for. */
const AHEAD = 60

/** The rows as a spreadsheet: only those in sight are drawn, and more are read as one scrolls. */
export function Grid(props: {
  rows: readonly ImportRowView[]
  columns: readonly FieldColumn[]
  total: number | undefined
  mending: Mending
  actions: RowActions
  more: { hasNext: boolean; loading: boolean; onMore: () => void }
}) {
  const { rows, columns, mending, actions, more, total } = props
  const { t } = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const grid = useGridPlace({ rows, columns, may: mending.may, undo: mending.undo })
  const { place } = grid
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.seq ?? index,
    overscan: 10,
    useFlushSync: false,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { hasNext, loading, onMore } = more
  useEffect(() => {
    if (hasNext && !loading && last >= rows.length - AHEAD) onMore()
  }, [hasNext, loading, last, rows.length, onMore])

  const index = place ? grid.indexOf.get(place.seq) : undefined
  useEffect(() => {
    if (!place || index === undefined) return
    const cell = () => document.getElementById(cellId(place.seq, place.field))
    const show = () => {
      // What newer browsers return of it is no clean-up.
      void cell()?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    }
    if (cell()) {
      show()
      return
    }
    virtual.scrollToIndex(index)
    const frame = requestAnimationFrame(show)
    return () => cancelAnimationFrame(frame)
  }, [place, index, virtual])

  const template = `${ROW_WIDTH}px ${OUTCOME_WIDTH}px minmax(${PROBLEMS_WIDTH}px, 1fr) ${columns
    .map((c) => `${c.width}px`)
    .join(' ')}`
  const width = columns.reduce((sum, c) => sum + c.width, ROW_WIDTH + OUTCOME_WIDTH + PROBLEMS_WIDTH)
  const on = useRowEvents({
    pick: (row, field) => {
      if (place?.seq === row.seq && place.field === field) return grid.edit(false)
      grid.setPlace({ seq: row.seq, field })
    },
    commit: (row, field, text, move) => {
      grid.stop()
      mending.mend(row, { [field]: text })
      // A cell that lost the focus to something else leaves it there.
      if (move !== 'stay') focus()
      grid.go(move)
    },
    cancel: () => {
      grid.stop()
      focus()
    },
  })
  const focus = () => scroller.current?.focus({ preventScroll: true })
  return (
    <>
      <CellBar
        row={index === undefined ? undefined : rows[index]}
        column={columns.find((c) => c.field === place?.field)}
        mending={mending}
        actions={actions}
        onEdit={() => {
          focus()
          grid.edit(false)
        }}
      />
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        className="grid"
        aria-label={t('grid.title')}
        aria-rowcount={total ?? -1}
        aria-colcount={columns.length + 3}
        aria-activedescendant={place && index !== undefined ? cellId(place.seq, place.field) : undefined}
        onKeyDown={grid.onKeyDown}
        data-testid="rows-table"
      >
        <div className="grid-head" role="row" style={{ gridTemplateColumns: template, minWidth: width }}>
          <div role="columnheader" className="cell cell-row">
            {t('grid.row')}
          </div>
          <div role="columnheader" className="cell cell-outcome">
            {t('grid.result')}
          </div>
          <div role="columnheader" className="cell">
            {t('grid.problems')}
          </div>
          {columns.map((c) => (
            <div key={c.field} role="columnheader" className="cell" title={c.title}>
              {c.title}
            </div>
          ))}
        </div>
        <div className="grid-body" style={{ height: virtual.getTotalSize(), minWidth: width }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <GridRow
                key={item.key}
                ref={virtual.measureElement}
                index={item.index}
                row={row}
                columns={columns}
                template={template}
                start={item.start}
                active={place?.seq === row.seq ? place.field : null}
                editing={place?.seq === row.seq ? grid.editing : null}
                mending={mending}
                actions={actions}
                on={on}
              />
            )
          })}
        </div>
        {loading && <div className="grid-loading">{t('grid.loadingMore')}</div>}
      </div>
    </>
  )
}

/** Events that stay the same from one rendering to the next, so that rows are drawn anew only when they change. */
function useRowEvents(events: RowEvents): RowEvents {
  const latest = useRef(events)
  latest.current = events
  return useMemo(
    () => ({
      pick: (...of) => latest.current.pick(...of),
      commit: (...of) => latest.current.commit(...of),
      cancel: () => latest.current.cancel(),
    }),
    [],
  )
}
