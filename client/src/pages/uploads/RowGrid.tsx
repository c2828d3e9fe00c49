import { useMemo } from 'react'
import type { ImportRowView, ImportView } from '../../../../server/imports/schema.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Resource } from '../../components/Resource.tsx'
import { OutcomeTag } from '../../components/Tag.tsx'
import { useList } from '../../components/useList.ts'
import { type Text, useText } from '../../i18n/index.ts'
import type { RowFilter } from './Counts.tsx'

const WIDE: Record<string, number> = { vin: 196, operator: 220, replaces: 150, certificate: 150, note: 180 }

/** The list row by row: what came out, the faulty cells marked, and the reason in words. */
export function RowGrid({ view, filter }: { view: ImportView; filter: RowFilter }) {
  const text = useText()
  const { t } = text
  const list = useList(queries.importRows(view.id, { outcome: filter.outcome, code: filter.code }))
  const columns = useMemo(() => columnsOf(view, text), [view, text])
  return (
    <section className="card card-flush rows" aria-labelledby="rows-title">
      <h2 id="rows-title">{t('import.rows')}</h2>
      <Resource query={list.query}>
        {(rows) => (
          <>
            <DataList
              columns={columns}
              rows={rows}
              rowKey={(row) => String(row.row)}
              rowClass={(row) => `row-${row.outcome}`}
              rowTestId={(row) => `row-${row.row}`}
              virtualHeight={Math.min(600, 60 + rows.length * 60)}
              emptyText={t('import.noRows')}
              testId="rows-table"
            />
            <ListMore shown={rows.length} {...list.more} />
          </>
        )}
      </Resource>
    </section>
  )
}

function columnsOf(view: ImportView, text: Text): Column<ImportRowView>[] {
  const { t, label } = text
  const seen = new Set<string>()
  const fields = view.columns.flatMap(({ field, header }) => {
    if (field === null || seen.has(field)) return []
    seen.add(field)
    return [{ field, header }]
  })
  return [
    {
      key: 'row',
      title: t('import.row'),
      width: 76,
      fixed: 'left',
      align: 'right',
      card: 'head',
      render: (row) => row.row,
    },
    {
      key: 'outcome',
      title: t('import.result'),
      width: 124,
      fixed: 'left',
      card: 'head',
      render: (row) => <OutcomeTag outcome={row.outcome} />,
    },
    {
      key: 'problems',
      title: t('import.problems'),
      width: 360,
      onCell: () => ({ className: 'wide' }),
      render: (row) => (row.issues.length === 0 ? null : <Problems row={row} text={text} />),
    },
    ...fields.map(
      ({ field, header }): Column<ImportRowView> => ({
        key: field,
        title: header || label('field', field),
        width: WIDE[field] ?? 132,
        onCell: (row) => {
          const issue = row.issues.find((i) => i.field === field)
          return issue
            ? {
                className: `cell-${issue.severity}`,
                title: text.issue(issue.code, issue.params, issue.field),
              }
            : {}
        },
        render: (row) => row.values[field] ?? '',
      }),
    ),
  ]
}

function Problems({ row, text }: { row: ImportRowView; text: Text }) {
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
