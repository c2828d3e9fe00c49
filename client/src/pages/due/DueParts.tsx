import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { Link } from 'react-router-dom'
import { CATEGORIES } from '../../../../server/domain/vocabulary.ts'
import type { Due } from '../../../../server/due/schema.ts'
import { address, type Query } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ExportButton } from '../../components/ExportButton.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Resource } from '../../components/Resource.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { count } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { stepsOf } from './steps.ts'

const BY = ['month', 'county', 'operator'] as const
type By = (typeof BY)[number]
const WORDS = { month: 'due.byMonth', county: 'due.byCounty', operator: 'due.byOperator' } as const
/** Lines shown at first, and added at a time. */
const LINES = 15

interface Line {
  key: string
  name: string
  total: number
  /** null where the line is by month: one of the lines holds all of them */
  overdue: number | null
  undetermined: number | null
  categories: { category: string; total: number }[]
  /** what the list below is narrowed to */
  to: Query
}

/** The due vehicles by month, county or operator; every number leads to its vehicles. */
export function DueParts(props: { months: Due; place: Query }) {
  const { months, place } = props
  const text = useText()
  const { t } = text
  const { values, set } = useAddress(['by'])
  const by: By = BY.find((one) => one === values.by) ?? 'month'
  const query = useQuery({ ...queries.due({ ...place, by }), placeholderData: keepPreviousData })
  const [most, setMost] = useState(LINES)
  const data = by === 'month' ? months : query.data?.by === by ? query.data : undefined
  const lines = useMemo(() => (data ? linesOf(data, text) : undefined), [data, text])
  const columns = useMemo(() => columnsOf(by, months, place, text), [by, months, place, text])
  return (
    <section aria-labelledby="due-parts-title">
      <div className="section-head">
        <h2 id="due-parts-title">{t('due.table')}</h2>
        <div className="due-controls">
          <Segmented<By>
            value={by}
            onChange={(chosen) => {
              setMost(LINES)
              set({ by: chosen === 'month' ? '' : chosen })
            }}
            options={BY.map((value) => ({ value, label: t(WORDS[value]) }))}
            data-testid="due-by"
          />
          <ExportButton path="/due" query={{ ...place, by }} />
        </div>
      </div>
      <Resource query={{ ...query, data: lines }}>
        {(lines) => (
          <div className="card card-flush due-parts">
            <DataList
              columns={columns}
              rows={lines.slice(0, most)}
              rowKey={(line) => line.key}
              testId="due-parts"
            />
            {lines.length > LINES && (
              <ListMore
                shown={Math.min(most, lines.length)}
                total={lines.length}
                hasNext={most < lines.length}
                loading={false}
                onMore={() => setMost(most + 5 * LINES)}
              />
            )}
          </div>
        )}
      </Resource>
    </section>
  )
}

function linesOf(due: Due, { t, pick }: Text): Line[] {
  if (due.by === 'month')
    return stepsOf(due)
      .filter(({ total }) => total > 0)
      .map(({ month, total, categories }) => ({
        ...{ key: month ?? '', total, categories, overdue: null, undetermined: null },
        name:
          month === null
            ? t('due.chartOverdue')
            : month === due.today.slice(0, 7)
              ? t('due.rest', { month })
              : month,
        to: month === null ? { overdue: 'true' } : { month, overdue: 'false' },
      }))
  return due.items
    .filter(({ total, undetermined }) => total > 0 || undetermined > 0)
    .map(({ key, label, total, overdue, undetermined, categories }) => ({
      ...{ key, name: pick(label), total, overdue, undetermined, categories },
      to: { [due.by]: key },
    }))
}

function columnsOf(by: By, due: Due, place: Query, text: Text): Column<Line>[] {
  const { t, label } = text
  const head = by === 'month' ? t('due.month') : t(`common.${by}`)
  const link = (line: Line, n: number | null, more: Query = {}) =>
    n === null || n === 0 ? (
      <span className="none">{n === null ? '' : 0}</span>
    ) : (
      <Link
        to={`${address('/due', { ...place, ...(by === 'month' ? {} : { by }), ...line.to, ...more })}#list`}
        aria-label={t('due.show', { name: line.name, n: count(n) })}
      >
        {count(n)}
      </Link>
    )
  const number = (key: string, title: string, of: (line: Line) => number | null, more: Query = {}) => ({
    ...{
      key,
      title,
      width: 118,
      align: 'right' as const,
      render: (line: Line) => link(line, of(line), more),
    },
  })
  return [
    {
      key: 'name',
      title: head,
      width: 230,
      fixed: 'left',
      card: 'head',
      render: (line) => <b>{line.name}</b>,
    },
    number('total', t('due.total'), (line) => line.total),
    ...(by === 'month'
      ? []
      : [
          number('overdue', t('due.ofWhich'), (line) => line.overdue, { overdue: 'true' }),
          number('undetermined', t('due.undetermined'), (line) => line.undetermined, {
            undetermined: 'true',
          }),
        ]),
    ...CATEGORIES.filter((category) => due.categories.some((c) => c.category === category)).map((category) =>
      number(
        category,
        label('category', category),
        (line) => line.categories.find((c) => c.category === category)?.total ?? 0,
        { category },
      ),
    ),
  ]
}
