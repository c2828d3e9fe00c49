import { LeftOutlined, RightOutlined, SettingOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { Link } from 'react-router-dom'
import type { MonthlyReporting, ReportingItem } from '../../../../server/reporting/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { today, useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { monthAfter, monthOf } from '../../components/month.ts'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { count, instant, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Reminded } from './Reminded.tsx'
import { ReminderSettings } from './ReminderSettings.tsx'
import { useMonthName } from './useMonthName.ts'
import { useNil } from './useNil.ts'
import { useReminders, useRemindNow } from './useReminders.ts'

/** Who has reported for a month, how and when; who is missing. */
export function MonthTable() {
  const { t } = useText()
  const { values, set } = useAddress(['month', 'missing'] as const)
  const asOf = useQuery(queries.compliance({})).data?.asOf ?? today()
  const month = /^\d{4}-\d\d$/.test(values.month) ? values.month : monthOf(asOf)
  const query = useQuery({ ...queries.reporting(month), placeholderData: keepPreviousData })
  const go = (next: string) => set({ month: next === monthOf(asOf) ? undefined : next })
  return (
    <>
      <search className="filters month-filters">
        <div className="month-switch">
          <Button
            icon={<LeftOutlined />}
            aria-label={t('reporting.previous')}
            title={t('reporting.previous')}
            onClick={() => go(monthAfter(month, -1))}
            data-testid="month-previous"
          />
          <DatePicker
            picker="month"
            allowClear={false}
            value={dayjs(`${month}-01`)}
            maxDate={dayjs(asOf)}
            aria-label={t('reporting.month')}
            onChange={(day) => day && go(day.format('YYYY-MM'))}
            data-testid="month"
          />
          <Button
            icon={<RightOutlined />}
            aria-label={t('reporting.next')}
            title={t('reporting.next')}
            disabled={month >= monthOf(asOf)}
            onClick={() => go(monthAfter(month, 1))}
            data-testid="month-next"
          />
        </div>
        <SettingsButton month={month} />
        <Checkbox
          checked={values.missing !== ''}
          onChange={({ target }) => set({ missing: target.checked ? '1' : undefined })}
          data-testid="missing-only"
        >
          {t('reporting.missingOnly')}
        </Checkbox>
      </search>
      <Resource
        query={query}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Panel testId="empty" title={t('reporting.empty')} hint={t('reporting.emptyHint')} />,
        }}
      >
        {(data) => <Month data={data} missingOnly={values.missing !== ''} />}
      </Resource>
    </>
  )
}

/** Opens the settings, for who may change them. */
function SettingsButton({ month }: { month: string }) {
  const { t } = useText()
  const can = useCan()
  const [open, setOpen] = useState(false)
  if (!can('reporting.manage')) return null
  return (
    <>
      <Button icon={<SettingOutlined />} onClick={() => setOpen(true)} data-testid="reminder-settings">
        {t('remind.settings')}
      </Button>
      <ReminderSettings month={month} open={open} onClose={() => setOpen(false)} />
    </>
  )
}

function Month({ data, missingOnly }: { data: MonthlyReporting; missingOnly: boolean }) {
  const { t } = useText()
  const can = useCan()
  const countyName = useCountyName()
  const { report, takeBack } = useNil()
  const remind = useRemindNow()
  const monthName = useMonthName()
  const { month, open, items, reported, missing, dueOn } = data
  const reminders = useReminders(month)
  const isMissing = (item: ReportingItem) => item.expected && item.reported === null
  const remindNow = (item: ReportingItem) => {
    const state = reminders?.get(item.operator.id)
    if (!open || !state || !isMissing(item) || state.reach === 'nobody') return null
    return (
      <Button
        size="small"
        disabled={state.today}
        loading={remind.isPending && remind.variables.operator === item.operator.id}
        onClick={() => remind.mutate({ month, operator: item.operator.id, name: item.operator.name })}
        data-testid="remind-now"
      >
        {t(state.today ? 'remind.today' : 'remind.now')}
      </Button>
    )
  }
  const nilFor = (item: ReportingItem) => {
    if (!open || !can('report.nil')) return null
    const whose = { month, operator: item.operator.id }
    if (item.reported === null)
      return (
        <Button
          size="small"
          loading={report.isPending && report.variables.operator === item.operator.id}
          onClick={() => report.mutate(whose)}
          data-testid="nil"
        >
          {t('reporting.nilBehalf')}
        </Button>
      )
    return (
      item.reported === 'nil' && (
        <Button
          size="small"
          type="text"
          loading={takeBack.isPending && takeBack.variables.operator === item.operator.id}
          onClick={() => takeBack.mutate(whose)}
          data-testid="nil-undo"
        >
          {t('reporting.nilUndo')}
        </Button>
      )
    )
  }
  const columns: Column<ReportingItem>[] = [
    {
      key: 'operator',
      title: t('reporting.operator'),
      width: 220,
      card: 'head',
      render: (i) => <b>{i.operator.name}</b>,
    },
    {
      key: 'state',
      title: t('reporting.state'),
      width: 110,
      card: 'head',
      render: (i) => (
        <Tag tone={i.reported ? 'good' : i.expected ? 'bad' : 'plain'}>
          {t(`reporting.${i.reported ?? 'none'}`)}
        </Tag>
      ),
    },
    {
      key: 'county',
      title: t('reporting.county'),
      width: 120,
      render: (i) => (i.operator.county ? countyName(i.operator.county) : NONE),
    },
    {
      key: 'lists',
      title: t('reporting.listsSent'),
      width: 110,
      render: (i) =>
        i.imports.length === 0
          ? NONE
          : i.imports.map((id, index) => (
              <Link key={id} to={`/uploads/${id}`} className="month-list">
                {t('reporting.lists', { n: index + 1 })}
              </Link>
            )),
    },
    {
      key: 'by',
      title: t('reporting.by'),
      width: 160,
      render: (i) =>
        i.by === null ? (
          NONE
        ) : (
          <>
            {i.by.name}
            <div className="hint">{instant(i.at)}</div>
          </>
        ),
    },
    ...(reminders
      ? [
          {
            key: 'reminded',
            title: t('remind.column'),
            width: 240,
            render: (i: ReportingItem) => {
              const state = reminders.get(i.operator.id)
              return state ? <Reminded state={state} missing={isMissing(i)} /> : null
            },
          },
        ]
      : []),
    {
      key: 'nil',
      title: <span className="visually-hidden">{t('reporting.doNil')}</span>,
      width: 150,
      align: 'right',
      render: (i) => (
        <div className="month-row-actions">
          {remindNow(i)}
          {nilFor(i)}
        </div>
      ),
    },
  ]
  const rows = missingOnly ? items.filter(isMissing) : items
  const n = reported + missing
  return (
    <>
      <div className="list-head" aria-live="polite" data-testid="reporting-summary">
        {t('reporting.summary', { n: count(n), reported: count(reported), missing: count(missing) })}
        <span className="list-note" data-testid="due-on">
          {t('remind.dueLine', { month: monthName(month), on: dueOn })}
        </span>
      </div>
      <div className="card card-flush">
        <DataList
          columns={columns}
          rows={rows}
          rowKey={(i) => i.operator.id}
          rowTestId={(i) => `reporting-${i.operator.name}`}
          emptyText={t(missing === 0 ? 'reporting.allIn' : 'state.noMatch')}
          testId="reporting-table"
        />
      </div>
    </>
  )
}
