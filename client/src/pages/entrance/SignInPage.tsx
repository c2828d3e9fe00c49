import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { Navigate, useNavigate, useSearchParams } from 'react-router-dom'
import type { Me } from '../../../../server/accounts/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { safePath, useEnter } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'
import { Entrance } from './Entrance.tsx'

interface Credentials {
  email: string
  password: string
}

/** Signs in, then goes back to where one was. */
export default function SignInPage() {
  const { t } = useText()
  const problem = useProblemText()
  const enter = useEnter()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const then = safePath(search.get('then'))
  const me = useQuery(queries.me())
  const setUp = useQuery({ ...queries.setUp(), enabled: me.data === null })
  const signIn = useMutation({
    mutationFn: async (credentials: Credentials) => {
      await api.post('/session', { ...credentials, email: credentials.email.trim() })
      return api.get<Me>('/me')
    },
    onSuccess: (account) => {
      enter(account)
      navigate(then, { replace: true })
    },
  })
  if (me.data && !signIn.isPending) return <Navigate to={then} replace />
  if (setUp.data?.needed) return <Navigate to="/setup" replace />
  return (
    <Entrance title={t('signIn.title')} lead={t(search.has('then') ? 'signIn.expired' : 'signIn.lead')}>
      {signIn.isError && (
        <Alert
          className="entrance-problem"
          type="error"
          showIcon
          title={problem(signIn.error)}
          data-testid="sign-in-problem"
        />
      )}
      <Form<Credentials> layout="vertical" requiredMark={false} size="large" onFinish={signIn.mutate}>
        <Form.Item
          name="email"
          label={t('signIn.email')}
          validateTrigger="onBlur"
          rules={[
            { required: true, message: t('signIn.emailNeeded') },
            { pattern: /^\s*\S+@\S+\.\S+\s*$/, message: t('signIn.emailForm') },
          ]}
        >
          <Input autoFocus autoComplete="username" inputMode="email" data-testid="email" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('signIn.passwordNeeded') }]}
        >
          <Input.Password autoComplete="current-password" data-testid="password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={signIn.isPending} data-testid="sign-in">
          {t('signIn.submit')}
        </Button>
      </Form>
      <p className="hint">{t('signIn.forgot')}</p>
    </Entrance>
  )
}
