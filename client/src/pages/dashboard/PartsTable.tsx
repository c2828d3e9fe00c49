import { useQueries } from '@tanstack/react-query'
import { Input, Segmented, Table, type TableColumnsType } from 'antd'
import { useMemo, useState } from 'react'
import { Link } from 'react-router-dom'
import type { Compliance, Part, RuleFigure } from '../../../../server/compliance/schema.ts'
import { queries } from '../../api/queries.ts'
import { ErrorPanel } from '../../components/states.tsx'
import { count, share } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { type FigureFilters, splitRules } from './useFigures.ts'

type Dimension = 'county' | 'operator'
interface Row {
  key: string
  name: string
  parts: Record<string, Part>
}

/** The figures by county or by operator; every number leads to its changes, and the parts add up to the last row. */
export function PartsTable({
  data,
  filters,
  evidence,
}: {
  data: Compliance
  /** what the figures are narrowed by */
  filters: FigureFilters
  evidence: (rule: string, more?: Record<string, string>) => string
}) {
  const { t, pick } = useText()
  const [dimension, setDimension] = useState<Dimension>('county')
  const [set, setSet] = useState<'targets' | 'fleets'>('targets')
  const [find, setFind] = useState('')
  const { targets, others } = splitRules(data.rules)
  const rules = set === 'targets' ? targets : others
  // Of the very moment that the figures are of, so that the last row is the sum.
  const { asOf, knownAt } = data
  const byOperator = useQueries({
    queries: rules.map((rule) => ({
      ...queries.breakdown(rule.id, { ...filters, asOf, knownAt, by: 'operator' }),
      enabled: dimension === 'operator',
    })),
    combine: (found) => ({
      parts: found.map(({ data }) => data?.items),
      waits: found.some(({ isLoading }) => isLoading),
      failed: found.filter(({ isError }) => isError),
    }),
  })
  const rows = useMemo(() => {
    const parts = dimension === 'county' ? rules.map((rule) => rule.breakdown.county) : byOperator.parts
    return rowsOf(rules, parts, pick, dimension === 'county')
  }, [rules, byOperator.parts, dimension, pick])
  const shown = rows.filter((row) => row.name.toLowerCase().includes(find.trim().toLowerCase()))
  const columns: TableColumnsType<Row> = [
    {
      key: 'name',
      title: t(dimension === 'county' ? 'common.county' : 'common.operator'),
      dataIndex: 'name',
      fixed: 'left',
      width: dimension === 'county' ? 132 : 220,
      render: (name: string) => <span className="part-name">{name}</span>,
    },
    ...rules.map((rule) => ({
      key: rule.id,
      title: pick(rule.title),
      align: 'right' as const,
      width: 150,
      render: (_: unknown, row: Row) => {
        const part = row.parts[rule.id]
        return part ? (
          <Cell rule={rule} part={part} name={row.name} to={evidence(rule.id, { [dimension]: row.key })} />
        ) : (
          <span className="none">—</span>
        )
      },
    })),
  ]
  return (
    <section aria-labelledby="parts-title">
      <div className="section-head">
        <div>
          <h2 id="parts-title">{t('dashboard.table')}</h2>
          <span className="hint">{t('dashboard.tableHint')}</span>
        </div>
        <div className="parts-controls">
          {dimension === 'operator' && (
            <Input
              allowClear
              value={find}
              onChange={(e) => setFind(e.target.value)}
              placeholder={t('dashboard.findPart')}
              aria-label={t('dashboard.findPart')}
            />
          )}
          <Segmented
            value={dimension}
            onChange={setDimension}
            data-testid="parts-dimension"
            options={[
              { value: 'county' as const, label: t('dashboard.byCounty') },
              { value: 'operator' as const, label: t('dashboard.byOperator') },
            ]}
          />
          <Segmented
            value={set}
            onChange={setSet}
            data-testid="parts-set"
            options={[
              { value: 'targets' as const, label: t('dashboard.setTargets') },
              { value: 'fleets' as const, label: t('dashboard.setFleets') },
            ]}
          />
        </div>
      </div>
      {byOperator.failed[0] && (
        <ErrorPanel
          error={byOperator.failed[0].error}
          onRetry={() => void Promise.all(byOperator.failed.map(({ refetch }) => refetch()))}
        />
      )}
      <div className="card card-flush parts-table">
        <Table<Row>
          loading={byOperator.waits}
          columns={columns}
          dataSource={shown}
          size="middle"
          data-testid="parts-table"
          pagination={shown.length > 25 ? { pageSize: 25, showSizeChanger: false } : false}
          scroll={{ x: 220 + rules.length * 150 }}
          locale={{ emptyText: t('dashboard.noRows') }}
          summary={() => (
            <Table.Summary.Row className="totals">
              <Table.Summary.Cell index={0}>{t('common.sum')}</Table.Summary.Cell>
              {rules.map((rule, i) => (
                <Table.Summary.Cell key={rule.id} index={i + 1} align="right">
                  <Cell rule={rule} part={rule} name={t('common.sum')} to={evidence(rule.id)} />
                </Table.Summary.Cell>
              ))}
            </Table.Summary.Row>
          )}
        />
      </div>
    </section>
  )
}

function Cell({
  rule,
  part,
  name,
  to,
}: {
  rule: RuleFigure
  part: Pick<Part, 'value' | 'numerator' | 'denominator'>
  name: string
  to: string
}) {
  const { t, pick } = useText()
  const ofShare = rule.kind !== 'count'
  const shown = ofShare ? share(part.value) : count(part.numerator)
  return (
    <Link
      to={to}
      className="part"
      aria-label={t('dashboard.evidenceOf', { title: `${name} · ${pick(rule.title)}`, value: shown })}
    >
      <b>{shown}</b>
      {ofShare && (
        <small>
          {count(part.numerator)}/{count(part.denominator)}
        </small>
      )}
    </Link>
  )
}

function rowsOf(
  rules: readonly RuleFigure[],
  parts: readonly (readonly Part[] | undefined)[],
  pick: (text: Part['label']) => string,
  byKey: boolean,
): Row[] {
  const rows = new Map<string, Row>()
  for (const [i, rule] of rules.entries()) {
    for (const part of parts[i] ?? []) {
      const row = rows.get(part.key) ?? { key: part.key, name: pick(part.label), parts: {} }
      row.parts[rule.id] = part
      rows.set(part.key, row)
    }
  }
  return [...rows.values()].sort((a, b) =>
    byKey ? (a.key < b.key ? -1 : 1) : a.name.localeCompare(b.name, 'zh-CN'),
  )
}
