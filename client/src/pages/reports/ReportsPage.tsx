import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { Link } from 'react-router-dom'
import { REPORT_KINDS } from '../../../../server/domain/report-period.ts'
import type { ReportItem, ReportKind } from '../../../../server/reports/schema.ts'
import { queries } from '../../api/queries.ts'
import { reportQueries } from '../../api/reports.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { OrderReport } from './OrderReport.tsx'
import { jobOf, usePeriodName } from './period.ts'
import { States } from './States.tsx'
import './reports.css'

/** The reports that were made, and one on a past period that has none. */
export default function ReportsPage() {
  const { t } = useText()
  const can = useCan()
  const { values, set } = useAddress(['kind'] as const)
  const kind = REPORT_KINDS.find((one) => one === values.kind)
  const list = useList(reportQueries.list(kind ?? ''))
  const columns = useColumns()
  const order = can('job.run') && <OrderReport {...(kind ? { kind } : {})} />
  return (
    <Page title={t('reports.title')} lead={t('reports.lead')} actions={order}>
      <div className="filters">
        <Segmented
          value={kind ?? ''}
          onChange={(value) => set({ kind: String(value) })}
          aria-label={t('reports.kinds')}
          data-testid="report-kinds"
          options={[
            { value: '', label: t('reports.all') },
            ...REPORT_KINDS.map((value) => ({ value, label: t(`reports.kind.${value}`) })),
          ]}
        />
      </div>
      <Resource
        query={list.query}
        empty={{ when: (items) => items.length === 0, show: <Empty kind={kind} /> }}
      >
        {(items) => (
          <ListCard list={list}>
            <DataList columns={columns} rows={items} rowKey={(report) => report.id} testId="reports-table" />
          </ListCard>
        )}
      </Resource>
    </Page>
  )
}

function useColumns(): Column<ReportItem>[] {
  const { t } = useText()
  const can = useCan()
  const me = useMe()
  const columns: Column<ReportItem>[] = [
    {
      ...{ key: 'report', title: t('reports.report'), width: 250, fixed: 'left', card: 'head' },
      render: (report) => <Name report={report} />,
    },
    { key: 'asOf', title: t('reports.asOf'), width: 116, render: ({ asOf }) => asOf },
    {
      ...{ key: 'states', title: t('reports.states'), width: 270 },
      render: ({ rules }) => <States rules={rules} />,
    },
    {
      ...{ key: 'complete', title: t('reports.complete'), width: 200 },
      render: (report) => <Complete report={report} />,
    },
    { key: 'made', title: t('reports.madeAt'), width: 150, render: ({ createdAt }) => instant(createdAt) },
  ]
  if (me.operator !== null) return columns.filter(({ key }) => key !== 'complete')
  if (!can('mail.read')) return columns
  return [
    ...columns,
    {
      ...{ key: 'told', title: t('reports.told'), width: 100 },
      render: (report) => <Told report={report} />,
    },
  ]
}

function Name({ report }: { report: ReportItem }) {
  const { t } = useText()
  const periodName = usePeriodName()
  const others = report.standsFor.slice(0, -1)
  return (
    <>
      <Link to={`/reports/${report.id}`} className="report-name" data-testid={`report-${report.shortNumber}`}>
        {periodName(report.period)} {t(`reports.kind.${report.kind}`)}
      </Link>
      <small className="report-number">{report.number}</small>
      {others.length > 0 && (
        <small className="report-number">
          {t('reports.standsFor', { periods: others.map(periodName).join(' · ') })}
        </small>
      )}
      {report.occasion === 'on-demand' && <small className="report-number">{t('reports.onDemand')}</small>}
    </>
  )
}

function Complete({ report: { completeness, exceptions } }: { report: ReportItem }) {
  const { t } = useText()
  const { completeTo, months, lacking } = completeness
  const sum = (of: 'expected' | 'pending') => months.reduce((total, month) => total + (month[of] ?? 0), 0)
  const nobody = completeTo === null && sum('expected') === 0
  const isOpen = lacking > 0 || sum('pending') > 0
  const said = [
    lacking > 0 ? t('reports.missing', { n: lacking, count: lacking }) : '',
    sum('pending') > 0 ? t('reports.pending', { n: sum('pending') }) : '',
    isOpen || nobody ? '' : t('reports.noneMissing'),
    exceptions > 0 ? t('reports.exceptions', { n: exceptions }) : '',
  ]
  return (
    <>
      <div>
        {nobody
          ? t('reports.nobody')
          : completeTo
            ? t('reports.completeTo', { day: completeTo })
            : t('reports.completeNever')}
      </div>
      <small className={lacking > 0 ? 'report-missing' : 'report-number'}>
        {said.filter((text) => text !== '').join(' · ')}
      </small>
    </>
  )
}

/** How many people got it by mail. */
function Told({ report: { kind, period } }: { report: ReportItem }) {
  const { t } = useText()
  const { data } = useQuery(reportQueries.mailCount(kind, period))
  const total = data?.total
  if (total === undefined) return null
  return (
    <>{total === 0 ? t('reports.toldNone') : t('reports.toldCount', { n: count(total), count: total })}</>
  )
}

/** When the first one comes, and how one on the past is made. */
function Empty({ kind }: { kind: ReportKind | undefined }) {
  const { t, language } = useText()
  const can = useCan()
  const me = useMe()
  const limited = me.county !== null || me.operator !== null
  const jobs = useQuery({ ...queries.jobs(), enabled: !limited })
  const names = (kind ? [kind] : REPORT_KINDS).map(jobOf)
  const next = jobs.data?.items
    .filter(({ name, nextRunAt }) => names.includes(name) && nextRunAt !== null)
    .sort((a, b) => String(a.nextRunAt).localeCompare(String(b.nextRunAt)))[0]
  const first = REPORT_KINDS.find((one) => jobOf(one) === next?.name)
  const said = [
    next?.nextRunAt && first
      ? t('reports.first', { kind: t(`reports.kind.${first}`), at: instant(next.nextRunAt) })
      : t('reports.emptyHint'),
    can('job.run') ? t('reports.emptyOrder') : '',
  ]
  return (
    <Panel
      testId="empty"
      title={kind ? t('reports.emptyKind', { kind: t(`reports.kind.${kind}`) }) : t('reports.empty')}
      hint={said.join(language === 'en' ? ' ' : '').trim()}
    />
  )
}
