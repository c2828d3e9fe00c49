import { ExclamationCircleOutlined, InboxOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../i18n/index.ts'
import { useProblemText } from './problem.ts'

/** A quiet panel that says what is (not) there and what to do. */
export function Panel(props: {
  tone?: 'bad' | 'plain'
  title: string
  hint?: string | undefined
  detail?: string | undefined
  actions?: ReactNode
  testId?: string
  /** the panel is all that the page holds, so that its title is the page's heading */
  page?: boolean
}) {
  const Heading = props.page ? 'h1' : 'h2'
  const bad = props.tone === 'bad'
  return (
    <div
      className={bad ? 'panel panel-bad' : 'panel'}
      role={bad ? 'alert' : 'status'}
      data-testid={props.testId}
    >
      <div className="panel-icon" aria-hidden>
        {bad ? <ExclamationCircleOutlined /> : <InboxOutlined />}
      </div>
      <Heading>{props.title}</Heading>
      {props.hint && <p>{props.hint}</p>}
      {props.detail && <pre>{props.detail}</pre>}
      {props.actions && <div className="panel-actions">{props.actions}</div>}
    </div>
  )
}

/** What could not be loaded, in words, and another try. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useText()
  const text = useProblemText()
  return (
    <Panel
      tone="bad"
      testId="error-panel"
      title={t('state.errorTitle')}
      hint={text(error)}
      actions={
        <Button type="primary" onClick={onRetry} data-testid="retry">
          {t('common.retry')}
        </Button>
      }
    />
  )
}
