import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { App, Input, type InputRef } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { Link, useParams } from 'react-router-dom'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { kindText, Stacked } from '../../components/changeColumns.tsx'
import { CountyChoice, OperatorChoice, useCountyName, useOperatorName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ExportButton } from '../../components/ExportButton.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { count, figure, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Completing } from './Completing.tsx'
import { asksEmission, type Pending, pendingOf } from './pending.ts'
import { Recent } from './Recent.tsx'
import type { Completed } from './useComplete.ts'
import './undetermined.css'

/** The vehicles that a figure cannot count as nobody said their emission standard, to be completed right here. */
export default function UndeterminedPage() {
  const { rule: id = '' } = useParams()
  const { t, pick } = useText()
  const me = useMe()
  const { values, set } = useAddress(['county', 'operator'] as const)
  const { county, operator } = values
  const figures = useQuery({ ...queries.compliance({ county, operator }), placeholderData: keepPreviousData })
  const rule = figures.data?.rules.find((one) => one.id === id)
  const query = { county, operator, undetermined: 'true' }
  return (
    <Page
      title={rule ? t('completing.of', { title: pick(rule.title) }) : t('completing.title')}
      lead={
        <>
          {t('completing.lead')}{' '}
          <Link to={address('/quality/missing', { fact: 'emission', county, operator })}>
            {t('completing.inService')}
          </Link>
        </>
      }
      back={{ to: address('/', { county, operator }), text: t('breakdown.back') }}
      actions={<ExportButton path={`/compliance/${encodeURIComponent(id)}/evidence`} query={query} />}
    >
      <div className="filters">
        {me.county === null && me.operator === null && (
          <CountyChoice value={county} onChange={(chosen) => set({ county: chosen })} />
        )}
        {me.operator === null && (
          <OperatorChoice value={operator} onChange={(chosen) => set({ operator: chosen })} />
        )}
      </div>
      {rule && <Standing rule={rule} />}
      <Vehicles key={id} id={id} place={values} />
    </Page>
  )
}

/** What the figure is, and what it could be at most. */
function Standing({ rule }: { rule: RuleFigure }) {
  const { t } = useText()
  const unit = t(`unit.${rule.unit}`)
  const tiles = [
    { key: 'figure', text: t('completing.figure'), value: figure(rule.value, rule.unit) },
    { key: 'pending', text: t('completing.pending'), value: count(rule.undetermined) },
    { key: 'most', text: t('completing.most'), value: count(rule.numerator + rule.undetermined) },
  ]
  return (
    <dl className="card standing">
      {tiles.map(({ key, text, value }) => (
        <div key={key}>
          <dt>{text}</dt>
          <dd data-testid={`standing-${key}`}>
            <b>{value}</b> {unit}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Vehicles({ id, place }: { id: string; place: { county: string; operator: string } }) {
  const { t } = useText()
  const can = useCan()('change.write')
  const { message } = App.useApp()
  const policy = useQuery(queries.policy())
  const rule = policy.data?.rules.find((one) => one.id === id)
  const list = useList(queries.evidence(id, { ...place, undetermined: 'true', limit: 50 }))
  const [done, setDone] = useState<Completed[]>([])
  const [why, setWhy] = useState(t('completing.reasonDefault'))
  const whyField = useRef<InputRef>(null)
  const pending = useMemo(
    () => (rule && list.query.data ? list.items.flatMap((item) => pendingOf(rule, item, place)) : undefined),
    [rule, list.query.data, list.items, place],
  )
  const columns = useColumns()
  const reason = () => {
    if (why.trim() !== '') return why.trim()
    message.warning(t('completing.reasonMissing'))
    whyField.current?.focus()
    return undefined
  }
  const filling: Column<Pending> = {
    ...{ key: 'standard', title: t('completing.standard'), width: 260 },
    render: (one) => (
      <Completing
        pending={one}
        rule={id}
        reason={reason}
        onDone={(made) => {
          setDone((before) => [made, ...before])
          focusAfter(one, pending ?? [])
        }}
      />
    ),
  }
  if (rule && !asksEmission(rule)) return <Panel testId="empty" title={t('completing.rule')} />
  return (
    <>
      <Recent
        done={done}
        onUndone={(key) => {
          const plate = done.find((one) => one.pending.key === key)?.pending.vehicle.plate ?? ''
          message.info(t('completing.undone', { plate }))
          setDone((before) => before.filter((one) => one.pending.key !== key))
        }}
      />
      <Resource
        query={{ ...list.query, data: pending, isPending: list.query.isPending || policy.isPending }}
        empty={{
          when: (all) => all.length === 0 && !list.more.hasNext,
          show: <Panel testId="empty" title={t('completing.none')} hint={t('completing.noneHint')} />,
        }}
      >
        {(all) => (
          <>
            {can ? (
              <label className="completing-reason" htmlFor="completing-reason">
                <span>{t('completing.reason')}</span>
                <Input
                  id="completing-reason"
                  ref={whyField}
                  value={why}
                  maxLength={500}
                  status={why.trim() === '' ? 'error' : ''}
                  onChange={(event) => setWhy(event.target.value)}
                  data-testid="complete-reason"
                />
              </label>
            ) : (
              <p className="hint completing-reason">{t('completing.readOnly')}</p>
            )}
            <div className="card card-flush">
              <DataList
                columns={can ? [...columns, filling] : columns}
                rows={all}
                rowKey={(one) => one.key}
                testId="undetermined-table"
              />
              <ListMore shown={all.length} {...list.more} />
            </div>
          </>
        )}
      </Resource>
    </>
  )
}

/** Leads on to the next vehicle, so that one goes down the list by keyboard. */
function focusAfter(one: Pending, all: readonly Pending[]): void {
  const at = all.findIndex(({ key }) => key === one.key)
  const next = all[at + 1] ?? all[at - 1]
  if (!next) return
  // Somebody who has gone on to another line already stays there.
  const here = document.activeElement
  const left = document.querySelector(`[data-testid="complete-${CSS.escape(one.vehicle.vin)}"]`)
  if (here && here !== document.body && !left?.contains(here)) return
  const line = document.querySelector(`[data-testid="complete-${CSS.escape(next.vehicle.vin)}"]`)
  line?.querySelector('input')?.focus()
}

function useColumns(): Column<Pending>[] {
  const text = useText()
  const countyName = useCountyName()
  const operatorName = useOperatorName()
  return useMemo(() => {
    const { t } = text
    return [
      {
        ...{ key: 'plate', title: t('field.plate'), width: 170, card: 'head' },
        render: ({ vehicle }) => (
          <span className="plate-and-vin">
            <VehicleLink vin={vehicle.vin} plate={vehicle.plate} newEnergy={isNewEnergy(vehicle.energy)} />
            <span className="mono">{vehicle.vin}</span>
          </span>
        ),
      },
      {
        ...{ key: 'left', title: t('field.kind'), width: 170 },
        render: ({ change }) => (
          <Stacked first={kindText(change, text)} second={t('completing.left', { on: change.on })} />
        ),
      },
      {
        ...{ key: 'registered', title: t('field.registeredOn'), width: 120 },
        render: ({ vehicle }) => vehicle.registeredOn ?? NONE,
      },
      {
        ...{ key: 'operator', title: t('field.operator'), width: 200 },
        render: ({ vehicle, change }) => (
          <Stacked
            first={
              vehicle.operator === change.vehicle.operator
                ? change.operatorName
                : operatorName(vehicle.operator)
            }
            second={countyName(vehicle.county)}
          />
        ),
      },
    ]
  }, [text, countyName, operatorName])
}
