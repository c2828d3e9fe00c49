import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router-dom'
import { queries } from '../../api/queries.ts'
import { safePath } from '../../app/session.tsx'
import { useText } from '../../i18n/index.ts'
import { CodeStep } from './CodeStep.tsx'
import { Entrance } from './Entrance.tsx'
import { useEmailRules } from './emailRules.ts'
import { SignInProblem, useWait } from './SignInProblem.tsx'
import { type Credentials, useSignIn } from './useSignIn.ts'

/** Signs in, then goes back to where one was. */
export default function SignInPage() {
  const { t } = useText()
  const emailRules = useEmailRules()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const then = safePath(search.get('then'))
  const me = useQuery(queries.me())
  const setUp = useQuery({ ...queries.setUp(), enabled: me.data === null })
  const signIn = useSignIn(() => navigate(then, { replace: true }))
  const wait = useWait(signIn.error)
  const [form] = Form.useForm<Credentials>()
  const typed: unknown = Form.useWatch('email', form)
  if (me.data && !signIn.busy) return <Navigate to={then} replace />
  if (setUp.data?.needed) return <Navigate to="/setup" replace />
  if (signIn.step === 'code') return <CodeStep signIn={signIn} />
  return (
    <Entrance title={t('signIn.title')} lead={t(search.has('then') ? 'signIn.expired' : 'signIn.lead')}>
      <SignInProblem error={signIn.error} wait={wait} />
      <Form<Credentials>
        form={form}
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={signIn.submit}
        // Another account has not been tried too often.
        onValuesChange={(changed) => 'email' in changed && signIn.forgetError()}
      >
        <Form.Item name="email" label={t('signIn.email')} validateTrigger="onBlur" rules={emailRules}>
          <Input autoFocus autoComplete="username" inputMode="email" data-testid="email" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('signIn.passwordNeeded') }]}
        >
          <Input.Password autoComplete="current-password" data-testid="password" />
        </Form.Item>
        <Button
          type="primary"
          htmlType="submit"
          block
          loading={signIn.busy}
          disabled={wait > 0}
          data-testid="sign-in"
        >
          {t('signIn.submit')}
        </Button>
      </Form>
      <p className="entrance-more">
        <Link
          to="/forgot"
          state={{ email: typeof typed === 'string' ? typed.trim() : '' }}
          data-testid="forgot"
        >
          {t('entrance.forgot')}
        </Link>
      </p>
    </Entrance>
  )
}
