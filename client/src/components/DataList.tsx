import { Table, type TableProps } from 'antd'
import type { ReactNode } from 'react'
import { CARDS_WIDTH, useNarrow } from './useNarrow.ts'
import './data-list.css'

/** A column of a list: a table's column where there is room, a line of a card where there is not. */
export interface Column<T> {
  key: string
  title: ReactNode
  width?: number
  align?: 'right'
  fixed?: 'left'
  className?: string
  /** where it stands on a card: in its head, not at all, or (unless told) as a line */
  card?: 'head' | 'hide'
  onCell?: (row: T) => { className?: string; title?: string }
  render: (row: T) => ReactNode
}

/**
 * A list of records: a table on a wide screen, which scrolls within itself when it must, and cards on a narrow one.
 * Long lists draw only the rows in sight.
 */
export function DataList<T extends object>(props: {
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  testId: string
  /** draw only the rows in sight, within so many pixels */
  virtualHeight?: number
  rowClass?: (row: T) => string
  rowTestId?: (row: T) => string
  emptyText?: string
}) {
  const { columns, rows, rowKey, rowClass, rowTestId, testId, virtualHeight, emptyText } = props
  const narrow = useNarrow(CARDS_WIDTH)
  if (narrow) return <Cards {...props} />
  const width = columns.reduce((sum, column) => sum + (column.width ?? 160), 0)
  const tableColumns: TableProps<T>['columns'] = columns.map(({ render, card: _, onCell, ...column }) => ({
    ...column,
    ...(onCell ? { onCell } : {}),
    render: (_value: unknown, row: T) => render(row),
  }))
  return (
    <Table<T>
      columns={tableColumns}
      dataSource={rows as T[]}
      rowKey={rowKey}
      size="middle"
      pagination={false}
      virtual={virtualHeight !== undefined}
      scroll={virtualHeight === undefined ? { x: width } : { x: width, y: virtualHeight }}
      rowClassName={(row) => rowClass?.(row) ?? ''}
      onRow={(row) => (rowTestId ? ({ 'data-testid': rowTestId(row) } as object) : {})}
      {...(emptyText ? { locale: { emptyText } } : {})}
      data-testid={testId}
    />
  )
}

function Cards<T extends object>(props: Parameters<typeof DataList<T>>[0]) {
  const { columns, rows, rowKey, rowClass, rowTestId, testId, emptyText } = props
  const head = columns.filter((column) => column.card === 'head')
  const lines = columns.filter((column) => column.card === undefined)
  if (rows.length === 0) return <p className="cards-empty">{emptyText}</p>
  return (
    <ul className="cards" data-testid={testId}>
      {rows.map((row) => (
        <li key={rowKey(row)} className={rowClass?.(row) ?? ''} data-testid={rowTestId?.(row)}>
          <div className="cards-head">
            {head.map((column) => (
              <span key={column.key}>{column.render(row)}</span>
            ))}
          </div>
          <dl>
            {lines.map((column) => {
              const value = column.render(row)
              if (value === null || value === '') return null
              const cell = column.onCell?.(row)
              return (
                <div key={column.key} className={cell?.className ?? ''}>
                  <dt>{column.title}</dt>
                  <dd>{value}</dd>
                </div>
              )
            })}
          </dl>
        </li>
      ))}
    </ul>
  )
}
