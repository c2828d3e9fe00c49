import { useEffect, useMemo } from 'react'
import { useLocation } from 'react-router-dom'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { ListHead, useListTotal } from '../../components/ListHead.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useList } from '../../components/useList.ts'
import { useText } from '../../i18n/index.ts'
import { dueColumns } from './columns.tsx'
import type { DueValues } from './filters.tsx'

const PLACE = 'list'

/** Brings the list into sight, for those who have chosen a part of it further up. */
export function toList(): void {
  document.getElementById(PLACE)?.scrollIntoView({ block: 'start' })
}

/** The vehicles that must go, the earliest first. */
export function DueList(props: { values: DueValues; active: boolean; clear: () => void }) {
  const { values, active, clear } = props
  const text = useText()
  const { t } = text
  const can = useCan()
  const countyName = useCountyName()
  const { hash, key } = useLocation()
  const enters = can('change.write')
  const list = useList(queries.dueVehicles(values))
  const { total } = useListTotal('/due/vehicles', values, list)
  const columns = useMemo(() => dueColumns(text, countyName, enters), [text, countyName, enters])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each following of a link has a key of its own
  useEffect(() => {
    if (hash === `#${PLACE}`) toList()
  }, [hash, key])
  return (
    <section id={PLACE} className="due-list" aria-labelledby="due-list-title">
      <div className="section-head">
        <h2 id="due-list-title">{t('due.list')}</h2>
        <span className="hint">
          {t(values.undetermined === 'true' ? 'due.listUndetermined' : 'due.listHint')}
        </span>
      </div>
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Nothing filtered={active} onClear={clear}>
              <Panel testId="empty-list" title={t('due.none')} />
            </Nothing>
          ),
        }}
      >
        {(items) => (
          <>
            <ListHead
              path="/due/vehicles"
              query={values}
              total={total}
              unit="vehicles.total"
              testId="due-listed"
            />
            <ListCard list={list} total={total}>
              <DataList columns={columns} rows={items} rowKey={(v) => v.id} testId="due-table" />
            </ListCard>
          </>
        )}
      </Resource>
    </section>
  )
}
