import { useMemo } from 'react'
import { Link } from 'react-router-dom'
import type { OldTruckPage } from '../../../../server/due/schema.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { ListHead, useListTotal } from '../../components/ListHead.tsx'
import { Nothing } from '../../components/Nothing.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { dueColumns } from './columns.tsx'
import { PLACE, PlaceChoices } from './filters.tsx'

/** The old trucks that still run, as a work list beside the target that they count for. */
export function OldTrucksView() {
  const text = useText()
  const { t } = text
  const { values, set, clear, active } = useAddress(PLACE)
  const countyName = useCountyName()
  const enters = useCan()('change.write')
  const list = useList(queries.oldTrucks(values))
  const { total } = useListTotal('/due/old-trucks', values, list)
  const columns = useMemo(() => dueColumns(text, countyName, enters), [text, countyName, enters])
  const about = list.first?.about
  return (
    <>
      <div className="filters">
        <PlaceChoices values={values} set={set} />
      </div>
      {about?.rule && <Standing about={about} rule={about.rule} total={total} values={values} />}
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Nothing filtered={active} onClear={clear}>
              <Panel testId="empty" title={t(about?.rule ? 'due.oldNone' : 'due.oldNoRule')} />
            </Nothing>
          ),
        }}
      >
        {(items) => (
          <section aria-labelledby="old-list-title">
            <div className="section-head">
              <h2 id="old-list-title">{t('due.oldList')}</h2>
              <span className="hint">
                {about && about.undated > 0
                  ? t('due.oldUndated', { n: count(about.undated), count: about.undated })
                  : t('due.oldListHint')}
              </span>
            </div>
            <ListHead
              path="/due/old-trucks"
              query={values}
              total={total}
              unit="vehicles.total"
              testId="old-listed"
            />
            <ListCard list={list} total={total}>
              <DataList columns={columns} rows={items} rowKey={(v) => v.id} testId="old-table" />
            </ListCard>
          </section>
        )}
      </Resource>
    </>
  )
}

type About = NonNullable<OldTruckPage['about']>

/** How many there are, how many have gone, and whether the list is enough for what is missing. */
function Standing(props: {
  about: About
  rule: NonNullable<About['rule']>
  total: number | undefined
  values: Record<(typeof PLACE)[number], string>
}) {
  const { about, rule, total, values } = props
  const { t, label, pick } = useText()
  const { missing } = rule
  const short = missing === null || total === undefined ? 0 : Math.max(0, missing - total)
  const outlook =
    missing === 0
      ? t('due.oldReached')
      : short > 0
        ? t('due.oldShort', { n: count(short) })
        : t('due.oldEnough')
  const standard = label('emission', String(rule.emissionAtMost))
  return (
    <>
      <p className="due-say" data-testid="old-rule">
        {t('due.oldLead', { rule: pick(rule.title) })} · {t('due.source', { source: rule.source })}
      </p>
      <div className="due-tiles" data-testid="old-standing">
        <div className="due-tile due-tile-plain">
          <span>{t('due.viewOld')}</span>
          <b>{total === undefined ? '…' : count(total)}</b>
          <small>{t('due.oldCount', { standard })}</small>
        </div>
        <div className="due-tile due-tile-plain">
          <span>{t('due.oldRetired')}</span>
          <b>{count(rule.retired)}</b>
          <small>
            {rule.target === null ? t('due.oldNoTarget') : t('due.oldTarget', { n: count(rule.target) })}
          </small>
        </div>
        {missing !== null && (
          <div className={`due-tile due-tile-plain ${short > 0 ? 'bad' : ''}`}>
            <span>{t('due.oldMissing')}</span>
            <b>{count(missing)}</b>
            <small>{outlook}</small>
          </div>
        )}
        {about.undetermined > 0 && (
          <Link
            className="due-tile"
            to={address('/vehicles', {
              ...{ category: 'truck', energy: 'diesel', emission: 'none', status: 'active' },
              ...values,
            })}
            data-testid="old-undetermined"
          >
            <span>{t('due.oldUndetermined')}</span>
            <b>{count(about.undetermined)}</b>
            <small>{t('due.oldUndeterminedHint')}</small>
          </Link>
        )}
      </div>
    </>
  )
}
