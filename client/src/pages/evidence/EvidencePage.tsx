import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useParams } from 'react-router-dom'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import { address } from '../../api/client.ts'
import { type EvidenceItem, queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { changeColumns } from '../../components/changeColumns.tsx'
import { CountyChoice, OperatorChoice, useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ExportButton } from '../../components/ExportButton.tsx'
import { FilterBar } from '../../components/FilterBar.tsx'
import { useListTotal } from '../../components/ListHead.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Nothing, NothingRecorded } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { usePast } from '../../components/usePast.ts'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { signed } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { breakdownOf, useCell, useCellChips } from './cell.ts'
import { Proof } from './Proof.tsx'
import './evidence.css'

/** What narrows the changes to those of one cell of a breakdown, beside the place. */
const CELL = ['category', 'energy', 'month'] as const
const FILTERS = ['county', 'operator', ...CELL, 'undetermined'] as const

/** The very changes that a number is made of, with their sum beside the number. */
export default function EvidencePage() {
  const { rule: id = '' } = useParams()
  const text = useText()
  const { t, pick } = text
  const me = useMe()
  const { asOf, knownAt } = usePast()
  const { values, set, clear, active } = useAddress(FILTERS)
  const { by } = useAddress(['by'] as const).values
  const undetermined = values.undetermined === 'true'
  const { county, operator } = values
  const query = { asOf, knownAt, ...values }
  const figures = useQuery(queries.compliance({ asOf, knownAt, county, operator }))
  const isCell = CELL.some((name) => values[name] !== '')
  const rule = useCell(
    id,
    query,
    isCell,
    figures.data?.rules.find((r) => r.id === id),
  )
  const chips = useCellChips(values, set)
  const list = useList(queries.evidence(id, query))
  const path = `/compliance/${encodeURIComponent(id)}/evidence`
  const { total } = useListTotal(path, query, list)
  const name = rule ? pick(rule.title) : ''
  const title = undetermined
    ? t('evidence.undeterminedTitle')
    : rule
      ? t('evidence.of', { title: name })
      : t('evidence.title')
  return (
    <Page
      title={title}
      past
      actions={<ExportButton path={path} query={query} />}
      back={
        by === ''
          ? { to: address('/', { asOf, knownAt, county, operator }), text: t('evidence.backTo') }
          : { to: breakdownOf(id, by, query), text: t('evidence.backToParts') }
      }
      lead={
        undetermined
          ? `${name} · ${t('evidence.undeterminedHint')}`
          : rule?.kind === 'rising-share'
            ? t('evidence.fleetHint')
            : undefined
      }
    >
      <FilterBar chips={chips} onClear={() => set({ category: '', energy: '', month: '' })}>
        {me.county === null && me.operator === null && (
          <CountyChoice value={county} onChange={(county) => set({ county })} />
        )}
        {me.operator === null && (
          <OperatorChoice value={operator} onChange={(operator) => set({ operator })} />
        )}
      </FilterBar>
      {rule && figures.data && (
        <Proof
          figures={figures.data}
          rule={rule}
          items={list.items}
          total={total}
          complete={list.query.data !== undefined && !list.more.hasNext && !list.stale}
          undetermined={undetermined}
          part={isCell}
          toggle={
            <Toggle
              rule={rule}
              undetermined={undetermined}
              onChange={(on) => set({ undetermined: on ? 'true' : '' })}
            />
          }
        />
      )}
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Nothing filtered={active} onClear={clear} past={t('past.emptyEvidence')}>
              <NothingRecorded hint={t('evidence.empty')} />
            </Nothing>
          ),
        }}
      >
        {(items) => (
          <EvidenceTable
            items={items}
            rule={rule}
            total={total}
            more={list.more}
            undetermined={undetermined}
            text={text}
          />
        )}
      </Resource>
    </Page>
  )
}

function EvidenceTable(props: {
  items: EvidenceItem[]
  rule: RuleFigure | undefined
  total: number | undefined
  more: ReturnType<typeof useList>['more']
  undetermined: boolean
  text: Text
}) {
  const { items, rule, total, more, undetermined, text } = props
  const countyName = useCountyName()
  const columns = useMemo(
    () => columnsOf(rule, undetermined, text, countyName),
    [rule, undetermined, text, countyName],
  )
  return (
    <div className="card card-flush">
      <DataList
        columns={columns}
        rows={items}
        rowKey={(item) => item.id}
        virtualHeight={Math.min(640, 60 + items.length * 68)}
        testId="evidence-table"
      />
      <ListMore shown={items.length} total={total} {...more} />
    </div>
  )
}

function columnsOf(
  rule: RuleFigure | undefined,
  undetermined: boolean,
  text: Text,
  countyName: (code: string) => string,
): Column<EvidenceItem>[] {
  const { t } = text
  const ofShare = rule !== undefined && rule.kind !== 'count'
  const columns = changeColumns<EvidenceItem>(text, countyName)
  const plate = columns.findIndex((column) => column.key === 'plate')
  const adds = (key: 'numerator' | 'denominator', title: string): Column<EvidenceItem> => ({
    key,
    title,
    width: 88,
    align: 'right',
    className: 'adds',
    render: (item) => <b>{signed(item[key])}</b>,
  })
  const added = undetermined
    ? []
    : ofShare
      ? [adds('numerator', t('evidence.numerator')), adds('denominator', t('evidence.denominator'))]
      : [adds('numerator', t('evidence.counted'))]
  const retired: Column<EvidenceItem> = {
    key: 'retires',
    title: t('evidence.retired'),
    width: 140,
    render: (item) =>
      item.retires.length === 0 ? null : (
        <span className="retires">
          {item.retires.map((old) => (
            <VehicleLink key={old.vin} vin={old.vin} plate={old.plate} newEnergy={isNewEnergy(old.energy)} />
          ))}
        </span>
      ),
  }
  // What is counted of a replacement may be the vehicle that it retires.
  const counted = rule?.kind === 'count' && rule.id.endsWith('retired') ? [retired] : []
  return [
    ...columns.slice(0, plate + 1),
    ...added,
    ...columns.slice(plate + 1, -1),
    ...counted,
    ...columns.slice(-1),
  ]
}

/** Between what counts and what cannot be told. */
function Toggle({
  rule,
  undetermined,
  onChange,
}: {
  rule: RuleFigure
  undetermined: boolean
  onChange: (on: boolean) => void
}) {
  const { t } = useText()
  if (!undetermined && rule.undetermined === 0) return null
  return (
    <Button type="link" onClick={() => onChange(!undetermined)} data-testid="toggle-undetermined">
      {undetermined
        ? t('evidence.showCounted')
        : t('evidence.showUndetermined', { n: rule.undetermined, count: rule.undetermined })}
    </Button>
  )
}
