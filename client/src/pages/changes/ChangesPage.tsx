import { Button, Checkbox, DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { KINDS } from '../../../../server/domain/vocabulary.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { changeColumns } from '../../components/changeColumns.tsx'
import { CountyChoice, OperatorChoice, useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import './changes.css'

const FILTERS = ['kind', 'from', 'to', 'county', 'operator', 'includeVoided', 'import'] as const

/** The ledger itself: every entry, voided ones on request. */
export default function ChangesPage() {
  const { t } = useText()
  const navigate = useNavigate()
  const { values, active } = useAddress(FILTERS)
  const list = useList(queries.changes(values))
  return (
    <Page title={t('changes.title')} lead={t('changes.lead')}>
      <Filters />
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: active ? (
            <Panel
              testId="empty"
              title={t('state.noMatch')}
              actions={<Button onClick={() => navigate('/changes')}>{t('common.clear')}</Button>}
            />
          ) : (
            <Panel
              testId="empty"
              title={t('state.empty')}
              hint={t('changes.empty')}
              actions={<Link to="/uploads">{t('nav.uploads')}</Link>}
            />
          ),
        }}
      >
        {(items) => (
          <>
            {list.total !== undefined && (
              <div className="list-head" data-testid="changes-total">
                {t('common.total', { n: count(list.total) })}
              </div>
            )}
            <div className={list.stale ? 'card card-flush stale' : 'card card-flush'}>
              <ChangeTable items={items} />
              <ListMore shown={items.length} total={list.total} {...list.more} />
            </div>
          </>
        )}
      </Resource>
    </Page>
  )
}

function Filters() {
  const { t, label } = useText()
  const me = useMe()
  const navigate = useNavigate()
  const { values, set, active } = useAddress(FILTERS)
  const day = (value: string) => (value === '' ? null : dayjs(value))
  return (
    <div className="filters">
      <Select
        mode="multiple"
        allowClear
        maxTagCount="responsive"
        value={values.kind === '' ? [] : values.kind.split(',')}
        onChange={(chosen) => set({ kind: chosen.join(',') })}
        placeholder={t('changes.kind')}
        aria-label={t('changes.kind')}
        options={KINDS.map((value) => ({ value, label: label('kind', value) }))}
        data-testid="filter-kind"
      />
      <DatePicker.RangePicker
        className="filter-wide"
        allowEmpty={[true, true]}
        value={[day(values.from), day(values.to)]}
        onChange={(range) =>
          set({ from: range?.[0]?.format('YYYY-MM-DD'), to: range?.[1]?.format('YYYY-MM-DD') })
        }
        aria-label={t('changes.period')}
      />
      {me.county === null && me.operator === null && (
        <CountyChoice value={values.county} onChange={(county) => set({ county })} />
      )}
      {me.operator === null && (
        <OperatorChoice value={values.operator} onChange={(operator) => set({ operator })} />
      )}
      <Checkbox
        className="filter-auto filter-check"
        checked={values.includeVoided === 'true'}
        onChange={(event) => set({ includeVoided: event.target.checked ? 'true' : '' })}
        data-testid="include-voided"
      >
        {t('changes.includeVoided')}
      </Checkbox>
      {active && (
        <Button type="text" className="filter-auto" onClick={() => navigate('/changes')}>
          {t('common.clear')}
        </Button>
      )}
    </div>
  )
}

function ChangeTable({ items }: { items: ChangeView[] }) {
  const text = useText()
  const { t } = text
  const countyName = useCountyName()
  const columns = useMemo((): Column<ChangeView>[] => {
    const recorded: Column<ChangeView> = {
      key: 'recorded',
      title: t('changes.recordedAt'),
      width: 144,
      render: (c) => (c.voidedAt ? <Tag tone="bad">{t('vehicle.voided')}</Tag> : instant(c.recordedAt)),
    }
    return [...changeColumns<ChangeView>(text, countyName), recorded]
  }, [text, t, countyName])
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(c) => c.id}
      rowClass={(c) => (c.voidedAt ? 'voided' : '')}
      testId="changes-table"
    />
  )
}
