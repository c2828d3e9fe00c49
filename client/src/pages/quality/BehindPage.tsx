import { type ReactNode, useEffect, useRef } from 'react'
import type { Query } from '../../api/client.ts'
import { address } from '../../api/client.ts'
import type { List, Page as PageOf } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { CountyChoice, OperatorChoice } from '../../components/choices.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { ListHead } from '../../components/ListHead.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { RowKeys } from '../../components/RowKeys.tsx'
import { Panel } from '../../components/states.tsx'
import { useList } from '../../components/useList.ts'
import { useText } from '../../i18n/index.ts'
import './quality.css'

/** What narrows every list behind the score. */
interface Place {
  county: string
  operator: string
}

/** A list behind the score: its filters, its export, its rows. */
export function BehindPage<T, P extends PageOf<T>>(props: {
  title: string
  /** what is said of it, once its first page is there */
  lead: (first: P | undefined) => string | undefined
  list: List<P & PageOf<T>>
  /** in the API, without the ending */
  path: string
  query: Query
  values: Place
  set: (values: Partial<Place>) => void
  clear: () => void
  active: boolean
  /** further filters */
  filters?: ReactNode
  unit?: 'vehicles.total' | 'common.total'
  empty: { title: string; hint: string }
  children: (items: T[]) => ReactNode
}) {
  const { title, path, query, values, set, clear, active, unit = 'common.total', empty } = props
  const { t } = useText()
  const me = useMe()
  const list = useList<T, P>(props.list)
  const shown = list.items.length
  const { hasNext, loading } = list.more
  const before = useRef(0)
  const onMore = () => {
    before.current = shown
    list.more.onMore()
  }
  // A page without anything in it, where much had to be looked through: whoever asked for more is still waiting.
  useEffect(() => {
    if (shown === before.current && hasNext && !loading && !list.stale && !list.query.error) onMore()
  })
  const more = { ...list.more, onMore }
  const place = (name: keyof Place) => (value: string | undefined) => set({ [name]: value ?? '' })
  const { county, operator } = values
  return (
    <Page
      title={title}
      lead={props.lead(list.first)}
      back={{ to: address('/quality', { county, operator }), text: t('qualityPage.back') }}
    >
      <RowKeys busy={list.stale} onEnd={hasNext ? onMore : undefined}>
        <search className="filters">
          {props.filters}
          {me.county === null && me.operator === null && (
            <CountyChoice value={county} onChange={place('county')} />
          )}
          {me.operator === null && <OperatorChoice value={operator} onChange={place('operator')} />}
        </search>
        <Resource
          query={list.query}
          empty={{
            when: (items) => items.length === 0 && !hasNext,
            show: (
              <Nothing filtered={active} onClear={clear}>
                <Panel testId="empty" title={empty.title} hint={empty.hint} />
              </Nothing>
            ),
          }}
        >
          {(items) => (
            <>
              <ListHead path={path} query={query} total={list.total} unit={unit} testId="behind-total" />
              <ListCard list={{ ...list, more }}>{props.children(items)}</ListCard>
            </>
          )}
        </Resource>
      </RowKeys>
    </Page>
  )
}
