import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { CATEGORIES, ENERGIES, STATUSES } from '../../../../server/domain/vocabulary.ts'
import type { Vehicle } from '../../../../server/vehicles/schema.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { emissionText } from '../../components/changeColumns.tsx'
import { CountyChoice, OperatorChoice, useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { count } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import './vehicles.css'

const FILTERS = ['q', 'category', 'energy', 'status', 'county', 'operator'] as const

/** The register: every vehicle on the ledger, found as one types. */
export default function VehiclesPage() {
  const text = useText()
  const { t, label } = text
  const me = useMe()
  const navigate = useNavigate()
  const { values, set, active } = useAddress(FILTERS)
  const list = useList(queries.vehicles(values))
  const several = (value: string) => (value === '' ? [] : value.split(','))
  return (
    <Page title={t('vehicles.title')}>
      <search className="filters">
        <Search value={values.q} onChange={(q) => set({ q }, { replace: true })} />
        <Select
          mode="multiple"
          allowClear
          maxTagCount="responsive"
          value={several(values.category)}
          onChange={(chosen) => set({ category: chosen.join(',') })}
          placeholder={t('vehicles.category')}
          aria-label={t('vehicles.category')}
          options={CATEGORIES.map((value) => ({ value, label: label('category', value) }))}
          popupMatchSelectWidth={false}
          data-testid="filter-category"
        />
        <Select
          mode="multiple"
          allowClear
          maxTagCount="responsive"
          value={several(values.energy)}
          onChange={(chosen) => set({ energy: chosen.join(',') })}
          placeholder={t('vehicles.energy')}
          aria-label={t('vehicles.energy')}
          options={ENERGIES.map((value) => ({ value, label: label('energy', value) }))}
          popupMatchSelectWidth={false}
          data-testid="filter-energy"
        />
        <Select
          allowClear
          value={values.status || undefined}
          onChange={(status) => set({ status })}
          placeholder={t('vehicles.status')}
          aria-label={t('vehicles.status')}
          options={STATUSES.map((value) => ({ value, label: label('vehicleStatus', value) }))}
          data-testid="filter-status"
        />
        {me.county === null && me.operator === null && (
          <CountyChoice value={values.county} onChange={(county) => set({ county })} />
        )}
        {me.operator === null && (
          <OperatorChoice value={values.operator} onChange={(operator) => set({ operator })} />
        )}
        {active && (
          <Button type="text" className="filter-auto" onClick={() => navigate('/vehicles')}>
            {t('common.clear')}
          </Button>
        )}
      </search>
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: active ? (
            <Panel
              testId="empty"
              title={t('state.noMatch')}
              actions={<Button onClick={() => navigate('/vehicles')}>{t('common.clear')}</Button>}
            />
          ) : (
            <Panel
              testId="empty"
              title={t('state.empty')}
              hint={t('vehicles.empty')}
              actions={
                <Button type="primary" onClick={() => navigate('/uploads')}>
                  {t('dashboard.goUpload')}
                </Button>
              }
            />
          ),
        }}
      >
        {(items) => (
          <>
            {list.total !== undefined && (
              <div className="list-head" data-testid="vehicles-total" aria-live="polite">
                {t('vehicles.total', { n: count(list.total), count: list.total })}
              </div>
            )}
            <div className={list.stale ? 'card card-flush stale' : 'card card-flush'}>
              <VehicleTable items={items} text={text} />
              <ListMore shown={items.length} total={list.total} {...list.more} />
            </div>
          </>
        )}
      </Resource>
    </Page>
  )
}

/** Asks once typing pauses, not at each letter. */
function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useText()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <div className="filter-wide" data-search>
      <Input
        allowClear
        value={text}
        maxLength={60}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={() => onChange(text.trim())}
        prefix={<SearchOutlined />}
        placeholder={t('vehicles.search')}
        aria-label={t('vehicles.search')}
        data-testid="vehicle-search"
      />
    </div>
  )
}

function VehicleTable({ items, text }: { items: Vehicle[]; text: Text }) {
  const { t, label } = text
  const countyName = useCountyName()
  const columns: Column<Vehicle>[] = [
    {
      key: 'plate',
      title: t('field.plate'),
      width: 136,
      fixed: 'left',
      card: 'head',
      render: (v) => <VehicleLink vin={v.id} plate={v.plate} newEnergy={v.newEnergy} />,
    },
    { key: 'vin', title: t('field.vin'), width: 178, render: (v) => <span className="mono">{v.vin}</span> },
    {
      key: 'category',
      title: t('vehicles.category'),
      width: 104,
      render: (v) => label('category', v.category),
    },
    { key: 'energy', title: t('vehicles.energy'), width: 150, render: (v) => label('energy', v.energy) },
    { key: 'emission', title: t('field.emission'), width: 92, render: (v) => emissionText(v, text) },
    { key: 'operator', title: t('field.operator'), width: 216, render: (v) => v.operatorName },
    { key: 'county', title: t('common.county'), width: 104, render: (v) => countyName(v.county) },
    { key: 'entered', title: t('vehicles.enteredOn'), width: 116, render: (v) => v.enteredOn },
    {
      key: 'status',
      title: t('vehicles.status'),
      width: 104,
      card: 'head',
      render: (v) => (
        <Tag tone={v.status === 'active' ? 'good' : 'plain'}>{label('vehicleStatus', v.status)}</Tag>
      ),
    },
  ]
  return <DataList columns={columns} rows={items} rowKey={(v) => v.id} testId="vehicles-table" />
}
