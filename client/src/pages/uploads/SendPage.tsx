import { CheckCircleFilled, CloseCircleFilled, FileExcelOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useEffect } from 'react'
import { useNavigate } from 'react-router-dom'
import { Page } from '../../components/Page.tsx'
import { useProblemText } from '../../components/problem.ts'
import { count, fileSize } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { DropZone } from './DropZone.tsx'
import { type Sending, useSendQueue } from './useSendQueue.ts'
import './uploads.css'

/** Sends lists; one alone leads straight to its preview, several are checked one after the other. */
export default function SendPage() {
  const { t } = useText()
  const navigate = useNavigate()
  const { queue, add } = useSendQueue()
  const only = queue.length === 1 ? queue[0] : undefined
  const sent = only?.state === 'checking' || only?.state === 'done' ? only.id : undefined
  useEffect(() => {
    if (sent) navigate(`/uploads/${sent}`)
  }, [sent, navigate])
  return (
    <Page title={t('send.title')} lead={t('send.hint')} back={{ to: '/uploads', text: t('uploads.title') }}>
      <DropZone onFiles={add} />
      {queue.length > 0 && (
        <section className="card queue" aria-labelledby="queue-title">
          <h2 id="queue-title">{t('send.queue')}</h2>
          <ul aria-live="polite">
            {queue.map((item) => (
              <QueueItem key={item.key} item={item} />
            ))}
          </ul>
        </section>
      )}
    </Page>
  )
}

function QueueItem({ item }: { item: Sending }) {
  const { t } = useText()
  const navigate = useNavigate()
  return (
    <li data-testid="queue-item" data-state={item.state}>
      <span className={`queue-icon queue-${item.state}`} aria-hidden>
        {item.state === 'done' && item.view.status !== 'failed' ? (
          <CheckCircleFilled />
        ) : item.state === 'failed' || item.state === 'done' ? (
          <CloseCircleFilled />
        ) : (
          <FileExcelOutlined />
        )}
      </span>
      <div className="queue-text">
        <b>{item.file.name}</b> <span className="hint">{fileSize(item.file.size)}</span>
        <Standing item={item} />
      </div>
      {item.state === 'done' && (
        <Button
          type={item.view.counts.new > 0 ? 'primary' : 'default'}
          onClick={() => navigate(`/uploads/${item.id}`)}
        >
          {t(item.view.counts.new > 0 ? 'send.look' : 'send.view')}
        </Button>
      )}
    </li>
  )
}

function Standing({ item }: { item: Sending }) {
  const { t, label } = useText()
  const problem = useProblemText()
  switch (item.state) {
    case 'waiting':
      return <div className="hint">{t('send.waiting')}</div>
    case 'sending': {
      const percent = Math.round(item.share * 100)
      return (
        <div className="hint">
          {t('send.sending', { percent })}
          <Progress percent={percent} showInfo={false} size="small" />
        </div>
      )
    }
    case 'checking': {
      const { done = 0, total = 0 } = item.view?.progress ?? {}
      return (
        <div className="hint">
          {total > 0
            ? t('send.checking', { done: count(done), total: count(total) })
            : t('send.checkingStart')}
          <Progress
            percent={total > 0 ? Math.floor((done * 100) / total) : 0}
            showInfo={false}
            size="small"
            status="active"
          />
        </div>
      )
    }
    case 'failed':
      return (
        <div className="queue-problem" role="alert" data-testid="upload-problem">
          {problem(item.error)}
          <div className="hint">{t('send.problemHelp')}</div>
        </div>
      )
    case 'done':
      if (item.view.status === 'failed')
        return (
          <div className="queue-problem" role="alert">
            {label('problem', item.view.error?.code ?? 'internal')}
          </div>
        )
      return (
        <div>
          {t('send.ready', {
            new: count(item.view.counts.new),
            error: count(item.view.counts.error),
            unchanged: count(item.view.counts.unchanged),
          })}
        </div>
      )
  }
}
