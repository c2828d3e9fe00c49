import { Alert, Progress } from 'antd'
import { Link } from 'react-router-dom'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { isWorking } from './useImport.ts'

/** What came of a list, or keeps anything from coming of it. */
export function Standing({ view }: { view: ImportView }) {
  if (isWorking(view.status)) return <Working view={view} />
  switch (view.status) {
    case 'failed':
      return <Failed view={view} />
    case 'rejected':
      return <Rejected view={view} />
    case 'cancelled':
      return view.expired ? <Expired /> : <Cancelled />
    case 'withdrawn':
      return <Withdrawn view={view} />
    case 'applied':
      return <Applied view={view} />
    default:
      return (
        <>
          {view.status === 'checked' && view.rejectReason && <Rejected view={view} />}
          {view.counts.toRecord === 0 && <Nothing view={view} />}
        </>
      )
  }
}

function Expired() {
  const { t } = useText()
  return (
    <Alert
      type="info"
      showIcon
      title={t('expiredList.title')}
      description={t('expiredList.hint')}
      data-testid="import-expired"
      action={<Link to="/uploads/send">{t('send.again')}</Link>}
    />
  )
}

function Failed({ view }: { view: ImportView }) {
  const { t, label } = useText()
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
}

const decided = (view: ImportView) => ({ name: view.decidedBy?.name ?? '—', at: instant(view.decidedAt) })

function Rejected({ view }: { view: ImportView }) {
  const { t } = useText()
  return (
    <Alert
      className="standing"
      type="warning"
      showIcon
      title={t(view.status === 'rejected' ? 'import.rejectedTitle' : 'import.rejectedBefore')}
      description={
        <>
          <div className="reason-said">{view.rejectReason}</div>
          <div className="hint">{t('import.rejectedBy', decided(view))}</div>
        </>
      }
      data-testid="import-rejected"
    />
  )
}

function Cancelled() {
  const { t } = useText()
  return (
    <Alert
      className="standing"
      type="info"
      showIcon
      title={t('import.cancelledTitle')}
      description={t('import.cancelledHint')}
      data-testid="import-cancelled"
      action={<Link to="/uploads/send">{t('uploads.send')}</Link>}
    />
  )
}

function Withdrawn({ view }: { view: ImportView }) {
  const { t } = useText()
  const { withdrawn } = view
  return (
    <Alert
      className="standing"
      type="warning"
      showIcon
      title={t('import.withdrawnTitle')}
      description={
        withdrawn && (
          <>
            <div className="reason-said">{withdrawn.reason}</div>
            <div className="hint">
              {t('import.withdrawnBy', { name: withdrawn.by.name, at: instant(withdrawn.at) })}
            </div>
          </>
        )
      }
      data-testid="import-withdrawn"
    />
  )
}

function Nothing({ view }: { view: ImportView }) {
  const { t } = useText()
  const faulty = view.counts.error > 0
  return (
    <Alert
      className="standing"
      type={faulty ? 'error' : 'info'}
      showIcon
      title={t(faulty ? 'import.nothing' : 'import.nothingClean')}
      data-testid="import-nothing"
    />
  )
}

const TITLES = {
  parsing: 'import.parsing',
  applying: 'import.applying',
  withdrawing: 'import.withdrawing',
} as const

function Working({ view }: { view: ImportView }) {
  const { t } = useText()
  const { done, total } = view.progress
  const percent = total > 0 ? Math.floor((done * 100) / total) : 0
  return (
    <div className="card working" aria-live="polite" data-testid="import-progress">
      <h2>{t(TITLES[view.status as keyof typeof TITLES])}</h2>
      <Progress percent={percent} status="active" aria-label={t('import.progress', { done, total })} />
      {total > 0 && (
        <span className="hint">{t('import.progress', { done: count(done), total: count(total) })}</span>
      )}
    </div>
  )
}

function Applied({ view }: { view: ImportView }) {
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
          {view.openDisputes > 0 && (
            <div>{t('import.openDisputes', { n: count(view.openDisputes), count: view.openDisputes })}</div>
          )}
          <div className="hint">
            {view.automatic
              ? t('import.appliedAutomatic', { at: instant(view.decidedAt) })
              : t('import.appliedBy', decided(view))}
          </div>
          <div className="standing-links">
            <Link to={`/changes?import=${view.id}`}>{t('import.seeChanges')}</Link>
            <Link to="/">{t('import.seeDashboard')}</Link>
          </div>
        </>
      }
    />
  )
}
