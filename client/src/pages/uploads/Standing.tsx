import { Alert, Progress } from 'antd'
import { Link } from 'react-router-dom'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { useCan } from '../../app/session.tsx'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** Where a list stands, and what to do next. */
export function Standing({ view }: { view: ImportView }) {
  const { t, label } = useText()
  const can = useCan()
  const decided = { name: view.decidedBy?.name ?? '—', at: instant(view.decidedAt) }
  switch (view.status) {
    case 'parsing':
    case 'applying':
      return <Working view={view} />
    case 'failed':
      return (
        <Alert
          type="error"
          showIcon
          title={t('import.failedTitle')}
          description={label('problem', view.error?.code ?? 'internal')}
          data-testid="import-failed"
          action={<Link to="/uploads/send">{t('send.again')}</Link>}
        />
      )
    case 'rejected':
      return (
        <Alert
          className="standing"
          type="warning"
          showIcon
          title={t('import.rejectedTitle')}
          description={
            <>
              <div>{view.rejectReason}</div>
              <div className="hint">{t('import.rejectedBy', decided)}</div>
            </>
          }
          data-testid="import-rejected"
        />
      )
    case 'applied':
      return <Applied view={view} decided={decided} />
    default:
      if (view.counts.new === 0)
        return (
          <Alert
            className="standing"
            type={view.counts.error > 0 ? 'error' : 'info'}
            showIcon
            title={t(view.counts.error > 0 ? 'import.nothing' : 'import.nothingClean')}
            data-testid="import-nothing"
          />
        )
      return can('import.decide') ? null : (
        <Alert className="standing" type="info" showIcon title={t('import.noRight')} />
      )
  }
}

function Working({ view }: { view: ImportView }) {
  const { t } = useText()
  const { done, total } = view.progress
  const percent = total > 0 ? Math.floor((done * 100) / total) : 0
  return (
    <div className="card working" aria-live="polite" data-testid="import-progress">
      <h2>{t(view.status === 'parsing' ? 'import.parsing' : 'import.applying')}</h2>
      <Progress percent={percent} status="active" aria-label={t('import.progress', { done, total })} />
      {total > 0 && (
        <span className="hint">{t('import.progress', { done: count(done), total: count(total) })}</span>
      )}
    </div>
  )
}

function Applied({ view, decided }: { view: ImportView; decided: { name: string; at: string } }) {
  const { t } = useText()
  const { error, unchanged } = view.counts
  return (
    <Alert
      className="standing"
      type="success"
      showIcon
      title={t('import.appliedTitle', { n: count(view.recorded), count: view.recorded })}
      data-testid="import-applied"
      description={
        <>
          {error > 0 && <div>{t('import.appliedErrors', { n: count(error), count: error })}</div>}
          {unchanged > 0 && (
            <div>{t('import.appliedUnchanged', { n: count(unchanged), count: unchanged })}</div>
          )}
          <div className="hint">{t('import.appliedBy', decided)}</div>
          <div className="standing-links">
            <Link to={`/changes?import=${view.id}`}>{t('import.seeChanges')}</Link>
            <Link to="/">{t('import.seeDashboard')}</Link>
          </div>
        </>
      }
    />
  )
}
