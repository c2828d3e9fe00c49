import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router-dom'
import { alertQueries } from '../../api/alerts.ts'
import { useMe } from '../../app/session.tsx'
import { ago, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Course } from './Course.tsx'

/** The latest alerts of the reader's part of the city, above the figures; nothing while there are none. */
export function LatestAlerts() {
  const { t, pick } = useText()
  const me = useMe()
  const place = me.county === null ? { county: 'city' } : {}
  const { data } = useQuery({ ...alertQueries.latest(place), enabled: me.operator === null })
  if (!data || data.items.length === 0) return null
  return (
    <section className="latest-alerts" aria-label={t('alerts.latest')} data-testid="latest-alerts">
      <div className="latest-head">
        <h2>{t('alerts.latest')}</h2>
        <Link to="/alerts">{t('alerts.all')}</Link>
      </div>
      <ul>
        {data.items.map((alert) => (
          <li key={alert.id}>
            <Link to={`/alerts?id=${alert.id}`}>{pick(alert.title)}</Link>
            <Course alert={alert} />
            <span className="hint" title={instant(alert.at)}>
              {ago(alert.at, new Date(), t)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
