import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'react-router-dom'
import { api } from '../../api/client.ts'
import { useText } from '../../i18n/index.ts'
import { Entrance } from './Entrance.tsx'
import { useEmailRules } from './emailRules.ts'
import { SignInProblem, useWait } from './SignInProblem.tsx'

/** Asks for a link to set a new password. The answer is the same whether the address is known or not. */
export default function ForgotPage() {
  const { t } = useText()
  const emailRules = useEmailRules()
  const state: unknown = useLocation().state
  const [sentTo, setSentTo] = useState<string | null>(null)
  const send = useMutation({
    mutationFn: (email: string) => api.post('/password-resets', { email }),
    onSuccess: (_, email) => setSentTo(email),
  })
  const wait = useWait(send.error)
  const problem = <SignInProblem error={send.error} wait={wait} />
  const back = (
    <Link to="/sign-in" data-testid="to-sign-in">
      {t('entrance.toSignIn')}
    </Link>
  )
  if (sentTo !== null)
    return (
      <Entrance title={t('forgot.sentTitle')} lead={t('forgot.sent', { email: sentTo })}>
        {problem}
        <p className="hint">{t('forgot.nothing')}</p>
        <div className="entrance-more" data-testid="reset-sent">
          <SendAgain
            busy={send.isPending}
            disabled={wait > 0}
            sentAt={send.submittedAt}
            onSend={() => send.mutate(sentTo)}
          />
          <Button type="link" onClick={() => setSentTo(null)}>
            {t('forgot.other')}
          </Button>
          {back}
        </div>
      </Entrance>
    )
  return (
    <Entrance title={t('forgot.title')} lead={t('forgot.lead')}>
      {problem}
      <Form<{ email: string }>
        layout="vertical"
        requiredMark={false}
        size="large"
        initialValues={{ email: emailOf(state) }}
        onFinish={({ email }) => send.mutate(email.trim())}
      >
        <Form.Item name="email" label={t('signIn.email')} validateTrigger="onBlur" rules={emailRules}>
          <Input autoFocus autoComplete="username" inputMode="email" data-testid="forgot-email" />
        </Form.Item>
        <Button
          type="primary"
          htmlType="submit"
          block
          loading={send.isPending}
          disabled={wait > 0}
          data-testid="forgot-submit"
        >
          {t('forgot.submit')}
        </Button>
      </Form>
      <p className="entrance-more">{back}</p>
    </Entrance>
  )
}

/** What was typed on the sign-in page. */
const emailOf = (state: unknown): string =>
  typeof state === 'object' && state !== null && 'email' in state && typeof state.email === 'string'
    ? state.email
    : ''

const PAUSE_S = 60

/** Sends once more, but not at once: the mail may be on its way. */
function SendAgain(props: { busy: boolean; disabled: boolean; sentAt: number; onSend: () => void }) {
  const { t } = useText()
  const { busy, disabled, sentAt, onSend } = props
  const [left, setLeft] = useState(PAUSE_S)
  useEffect(() => {
    const tick = () => setLeft(Math.max(0, Math.ceil(PAUSE_S - (Date.now() - sentAt) / 1000)))
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [sentAt])
  return (
    <Button
      type="link"
      loading={busy}
      disabled={disabled || left > 0}
      onClick={onSend}
      data-testid="send-again"
    >
      {left > 0 ? t('forgot.againIn', { n: left }) : t('forgot.again')}
    </Button>
  )
}
