import { Table, type TableColumnsType } from 'antd'
import { useMemo } from 'react'
import type { ImportRowView, ImportView } from '../../../../server/imports/schema.ts'
import { queries } from '../../api/queries.ts'
import { ListMore } from '../../components/ListMore.tsx'
import { Resource } from '../../components/Resource.tsx'
import { OutcomeTag } from '../../components/Tag.tsx'
import { useList } from '../../components/useList.ts'
import { type Text, useText } from '../../i18n/index.ts'
import type { RowFilter } from './Counts.tsx'

const WIDE: Record<string, number> = { vin: 178, operator: 220, replaces: 150, certificate: 150, note: 180 }

/** The list row by row: what came out, the faulty cells marked, and the reason in words. */
export function RowGrid({ view, filter }: { view: ImportView; filter: RowFilter }) {
  const text = useText()
  const { t } = text
  const list = useList(queries.importRows(view.id, { outcome: filter.outcome, code: filter.code }))
  const columns = useMemo(() => columnsOf(view, text), [view, text])
  const width = columns.reduce((sum, column) => sum + Number(column.width ?? 0), 0)
  return (
    <section className="card card-flush rows" aria-labelledby="rows-title">
      <h2 id="rows-title">{t('import.rows')}</h2>
      <Resource query={list.query}>
        {(rows) => (
          <>
            <Table<ImportRowView>
              virtual
              size="small"
              columns={columns}
              dataSource={rows}
              rowKey="row"
              pagination={false}
              scroll={{ x: width, y: Math.min(560, 120 + rows.length * 44) }}
              locale={{ emptyText: t('import.noRows') }}
              onRow={(row) => ({ 'data-testid': `row-${row.row}`, className: `row-${row.outcome}` }) as object}
              data-testid="rows-table"
            />
            <ListMore shown={rows.length} {...list.more} />
          </>
        )}
      </Resource>
    </section>
  )
}

function columnsOf(view: ImportView, text: Text): TableColumnsType<ImportRowView> {
  const { t, label } = text
  const fields = view.columns.flatMap((c) => (c.field === null ? [] : [{ field: c.field, header: c.header }]))
  const seen = new Set<string>()
  const own = fields.filter(({ field }) => !seen.has(field) && seen.add(field))
  return [
    { key: 'row', title: t('import.row'), dataIndex: 'row', width: 64, fixed: 'left', className: 'number' },
    { key: 'outcome', title: t('import.result'), width: 118, fixed: 'left', render: (_, row) => <OutcomeTag outcome={row.outcome} /> },
    { key: 'problems', title: t('import.problems'), width: 360, render: (_, row) => <Problems row={row} text={text} /> },
    ...own.map(({ field, header }) => ({
      key: field,
      title: header || label('field', field),
      width: WIDE[field] ?? 124,
      onCell: (row: ImportRowView) => {
        const issue = row.issues.find((i) => i.field === field)
        return issue ? { className: `cell-${issue.severity}`, title: text.issue(issue.code, issue.params, issue.field) } : {}
      },
      render: (_: unknown, row: ImportRowView) => row.values[field] ?? '',
    })),
  ]
}

function Problems({ row, text }: { row: ImportRowView; text: Text }) {
  if (row.issues.length === 0) return null
  return (
    <ul className="problems">
      {row.issues.map((issue) => (
        <li key={`${issue.code} ${issue.field}`} className={`problem-${issue.severity}`}>
          {text.issue(issue.code, issue.params, issue.field)}
        </li>
      ))}
    </ul>
  )
}
