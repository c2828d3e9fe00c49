import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router-dom'
import type { QualityMonth } from '../../../../server/quality/schema.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { Resource } from '../../components/Resource.tsx'
import { count } from '../../format.ts'
import { type TextKey, useText } from '../../i18n/index.ts'
import { useMonthName } from '../reporting/useMonthName.ts'
import type { Asked } from './words.ts'

/** How complete each month is: who has reported, and how much came late. */
export function MonthBars({ from, to, county, operator }: Asked) {
  const { t } = useText()
  const query = useQuery(queries.qualityMonths({ from, to, county, operator }))
  return (
    <section>
      <div className="section-head">
        <h2>{t('qualityPage.byMonth')}</h2>
        {query.data && (
          <span className="hint">{t('qualityPage.byMonthHint', { n: query.data.reportingDays })}</span>
        )}
      </div>
      <Resource query={query}>
        {({ items }) => (
          <ul className="card quality-months" id="months" data-testid="quality-months">
            {items.map((month) => (
              <Month key={month.month} month={month} county={county} operator={operator} />
            ))}
          </ul>
        )}
      </Resource>
    </section>
  )
}

function Month({ month: m, county, operator }: { month: QualityMonth; county: string; operator: string }) {
  const { t } = useText()
  const monthName = useMonthName()
  const of = useMe().operator !== null || operator !== '' ? 'one' : 'many'
  const said =
    m.expected === 0
      ? t('qualityPage.monthNobody')
      : t('qualityPage.monthLine', { done: count(m.list + m.nil), all: count(m.expected) })
  const part = (n: number) => ({ width: `${m.expected === 0 ? 0 : (n * 100) / m.expected}%` })
  return (
    <li data-testid={`month-${m.month}`}>
      <Link to={address('/reporting', { month: m.month })}>{monthName(m.month)}</Link>
      <div className={m.due && m.expected > 0 ? 'month-bar' : 'month-bar month-open'} aria-hidden>
        <span className="month-list-part" style={part(m.list)} />
        <span className="month-nil-part" style={part(m.nil)} />
      </div>
      <div className="month-words">
        <span>{of === 'one' ? t(stateOf(m)) : said}</span>
        {m.nil > 0 && of === 'many' && <small>{t('qualityPage.monthNil', { n: count(m.nil) })}</small>}
        {!m.due && m.missing > 0 && <small>{t('qualityPage.notDue', { on: m.dueOn })}</small>}
        {m.late > 0 && (
          <Link to={address('/quality/late', { county, operator, from: m.month, to: m.month })}>
            {t('qualityPage.monthLate', { n: count(m.late) })}
          </Link>
        )}
      </div>
    </li>
  )
}

/** How one operator's month stands: it counts where reports have to be made, from the first one on. */
function stateOf({ expected, list, nil, due }: QualityMonth): TextKey {
  if (list > 0) return 'qualityPage.monthDone'
  if (nil > 0) return 'qualityPage.monthDoneNil'
  if (expected === 0) return 'qualityPage.monthUncounted'
  return due ? 'qualityPage.monthMissing' : 'qualityPage.monthWaiting'
}
