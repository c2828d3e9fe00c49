import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { Link } from 'react-router-dom'
import type { AlertChange, AlertView } from '../../../../server/alerts/schema.ts'
import { alertQueries } from '../../api/alerts.ts'
import { address } from '../../api/client.ts'
import { useCountyName } from '../../components/choices.tsx'
import { Resource } from '../../components/Resource.tsx'
import { testId } from '../../components/testId.ts'
import { count, figure, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Course } from './Course.tsx'

/** One alert: what happened, why, the entries behind it, and what can be done. */
export function AlertDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useText()
  const query = useQuery({ ...alertQueries.one(id), enabled: id !== '' })
  return (
    <Drawer
      open={id !== ''}
      onClose={onClose}
      size={560}
      title={t('alerts.detail')}
      destroyOnHidden
      {...testId('alert-detail')}
    >
      {id !== '' && <Resource query={query}>{(alert) => <Detail alert={alert} />}</Resource>}
    </Drawer>
  )
}

function Detail({ alert }: { alert: AlertView }) {
  const { t, pick } = useText()
  const countyName = useCountyName()
  const { rule, asOf, knownAt, county, changes } = alert
  const facts: [string, string][] = [
    [t('alerts.place'), county === null ? t('alerts.city') : countyName(county)],
    [
      t('alerts.value'),
      t('alerts.arrow', { before: figureOf(alert, 'before'), after: figureOf(alert, 'after') }),
    ],
    [
      t('alerts.because'),
      alert.because.map((cause) => t(`alerts.causes.${cause}`)).join(t('remind.listJoin')),
    ],
    [t('alerts.at'), instant(alert.at)],
  ]
  return (
    <article className="alert-detail">
      <h2>{pick(alert.title)}</h2>
      <Course alert={alert} />
      <dl className="alert-facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Todo alert={alert} />
      <Link to={address(`/evidence/${rule}`, { asOf, knownAt, county })} data-testid="alert-evidence">
        {t('alerts.evidence')}
      </Link>
      <h3>{t('alerts.changes')}</h3>
      {changes.items.length === 0 ? (
        <p className="hint">{t(changes.total > 0 ? 'alerts.elsewhere' : 'alerts.none')}</p>
      ) : (
        <ul className="alert-changes">
          {changes.items.map((change) => (
            <Change key={change.id} change={change} />
          ))}
        </ul>
      )}
      {changes.total > changes.items.length && changes.items.length > 0 && (
        <p className="hint">
          {t('alerts.more', { total: count(changes.total), n: count(changes.items.length) })}
        </p>
      )}
    </article>
  )
}

function figureOf(alert: AlertView, of: 'before' | 'after'): string {
  const { value, numerator, denominator } = alert[of]
  const parts = denominator ? ` (${count(numerator)}/${count(denominator)})` : ''
  return `${figure(value, alert.unit)}${parts}`
}

function Todo({ alert }: { alert: AlertView }) {
  const { t, label } = useText()
  const { after, needed, unit } = alert
  if (after.status === 'breached') return <p>{t('alerts.cannotRegain')}</p>
  if (needed === null || needed === 0) return null
  return (
    <p>
      {unit === 'percent'
        ? t('alerts.needed', { n: count(needed) })
        : t('alerts.missing', { n: count(needed), unit: label('unit', unit) })}
    </p>
  )
}

function Change({ change }: { change: AlertChange }) {
  const { t, label } = useText()
  const { plate, vin, kind, on, operator, by, voided, reason } = change
  return (
    <li data-testid="alert-change">
      <div>
        <Link to={`/vehicles/${encodeURIComponent(vin)}`}>
          <b>{plate || vin}</b>
        </Link>{' '}
        {label('kind', kind)} {on} · {operator.name}
        {voided && ` · ${t('alerts.voided')}`}
      </div>
      <div className="hint">
        {t(voided ? 'alerts.voidedBy' : 'alerts.recordedBy', { name: by })} ·{' '}
        {reason === null ? t('alerts.noReason') : t('alerts.reason', { reason })}
        {change.import && (
          <>
            {' · '}
            <Link to={`/uploads/${change.import}`}>{t('alerts.fromList')}</Link>
          </>
        )}
      </div>
    </li>
  )
}
