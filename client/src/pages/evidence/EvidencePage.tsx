import { useQuery } from '@tanstack/react-query'
import { Button, Table, type TableColumnsType } from 'antd'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router-dom'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { address } from '../../api/client.ts'
import { type EvidenceItem, queries } from '../../api/queries.ts'
import { changeColumns } from '../../components/changeColumns.tsx'
import { CountyChoice, DayChoice, OperatorChoice, useCountyName } from '../../components/choices.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { useMe } from '../../app/session.tsx'
import { signed } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { Proof } from './Proof.tsx'
import './evidence.css'

const FILTERS = ['asOf', 'knownAt', 'county', 'operator', 'undetermined'] as const

/** The very changes that a number is made of, with their sum beside the number. */
export default function EvidencePage() {
  const { rule: id = '' } = useParams()
  const text = useText()
  const { t, pick } = text
  const me = useMe()
  const { values, set } = useAddress(FILTERS)
  const undetermined = values.undetermined === 'true'
  const { asOf, knownAt, county, operator } = values
  const figures = useQuery(queries.compliance({ asOf, knownAt, county, operator }))
  const rule = figures.data?.rules.find((r) => r.id === id)
  const list = useList(queries.evidence(id, values))
  const name = rule ? pick(rule.title) : ''
  const title = undetermined ? t('evidence.undeterminedTitle') : rule ? t('evidence.of', { title: name }) : t('evidence.title')
  return (
    <Page
      title={title}
      back={{ to: address('/', { asOf, knownAt, county, operator }), text: t('evidence.backTo') }}
      lead={undetermined ? `${name} · ${t('evidence.undeterminedHint')}` : rule?.kind === 'rising-share' ? t('evidence.fleetHint') : undefined}
    >
      <div className="filters">
        <DayChoice label={t('common.asOf')} value={asOf} onChange={(asOf) => set({ asOf })} />
        {me.county === null && me.operator === null && <CountyChoice value={county} onChange={(county) => set({ county })} />}
        {me.operator === null && <OperatorChoice value={operator} onChange={(operator) => set({ operator })} />}
      </div>
      {rule && figures.data && (
        <Proof
          figures={figures.data}
          rule={rule}
          items={list.items}
          total={list.total}
          complete={list.query.data !== undefined && !list.more.hasNext && !list.stale}
          undetermined={undetermined}
          toggle={<Toggle rule={rule} undetermined={undetermined} onChange={(on) => set({ undetermined: on ? 'true' : '' })} />}
        />
      )}
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: <Panel testId="empty" title={t('state.empty')} hint={t('evidence.empty')} actions={<Link to="/uploads">{t('nav.uploads')}</Link>} />,
        }}
      >
        {(items) => <EvidenceTable items={items} rule={rule} list={list} undetermined={undetermined} text={text} />}
      </Resource>
    </Page>
  )
}

function EvidenceTable(props: {
  items: EvidenceItem[]
  rule: RuleFigure | undefined
  list: Pick<ReturnType<typeof useList>, 'total' | 'more'>
  undetermined: boolean
  text: Text
}) {
  const { items, rule, list, undetermined, text } = props
  const countyName = useCountyName()
  const columns = useMemo(() => columnsOf(rule, undetermined, text, countyName), [rule, undetermined, text, countyName])
  const width = columns.reduce((sum, column) => sum + Number(column.width ?? 0), 0)
  return (
    <div className="card card-flush">
      <Table<EvidenceItem>
        virtual
        size="middle"
        columns={columns}
        dataSource={items}
        rowKey="id"
        pagination={false}
        scroll={{ x: width, y: Math.min(640, 60 + items.length * 48) }}
        data-testid="evidence-table"
      />
      <ListMore shown={items.length} total={list.total} {...list.more} />
    </div>
  )
}

function columnsOf(
  rule: RuleFigure | undefined,
  undetermined: boolean,
  text: Text,
  countyName: (code: string) => string,
): TableColumnsType<EvidenceItem> {
  const { t } = text
  const ofShare = rule !== undefined && rule.kind !== 'count'
  const columns = changeColumns<EvidenceItem>(text, countyName)
  const plate = columns.findIndex((column) => column.key === 'plate')
  const adds: TableColumnsType<EvidenceItem> = undetermined
    ? []
    : [
        {
          key: 'numerator',
          title: t(ofShare ? 'evidence.numerator' : 'evidence.counted'),
          width: 96,
          className: 'number adds',
          render: (_, item) => signed(item.numerator),
        },
        ...(ofShare
          ? [
              {
                key: 'denominator',
                title: t('evidence.denominator'),
                width: 104,
                className: 'number adds',
                render: (_: unknown, item: EvidenceItem) => signed(item.denominator),
              },
            ]
          : []),
      ]
  const retired: TableColumnsType<EvidenceItem> =
    rule?.id === 'old-diesel-trucks-retired'
      ? [
          {
            key: 'retires',
            title: t('evidence.retired'),
            width: 150,
            render: (_, item) => (
              <span className="retires">
                {item.retires.map((old) => (
                  <VehicleLink key={old.vin} vin={old.vin} plate={old.plate} newEnergy={isNewEnergy(old.energy)} />
                ))}
              </span>
            ),
          },
        ]
      : []
  return [...columns.slice(0, plate + 1), ...adds, ...columns.slice(plate + 1, -1), ...retired, ...columns.slice(-1)]
}

/** Between what counts and what cannot be told. */
function Toggle({ rule, undetermined, onChange }: { rule: RuleFigure; undetermined: boolean; onChange: (on: boolean) => void }) {
  const { t } = useText()
  if (!undetermined && rule.undetermined === 0) return null
  return (
    <Button type="link" onClick={() => onChange(!undetermined)} data-testid="toggle-undetermined">
      {undetermined ? t('evidence.showCounted') : t('evidence.showUndetermined', { n: rule.undetermined, count: rule.undetermined })}
    </Button>
  )
}
