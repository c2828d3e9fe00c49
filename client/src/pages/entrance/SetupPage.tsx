import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Form, Input } from 'antd'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'
import type { z } from 'zod'
import type { Me, setUp } from '../../../../server/accounts/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useEnter } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { useText } from '../../i18n/index.ts'
import { Entrance } from './Entrance.tsx'
import { useEmailRules } from './emailRules.ts'
import { NewPassword } from './NewPassword.tsx'

/** Creates the first administrator of a new service. */
export default function SetupPage() {
  const { t } = useText()
  const state = useQuery(queries.setUp())
  const [search] = useSearchParams()
  const token = search.get('token')
  return (
    <Resource query={state} skeleton={<Entrance title={t('setup.title')}>{null}</Entrance>}>
      {({ needed }) => {
        if (!needed)
          return (
            <Entrance title={t('setup.doneTitle')} lead={t('setup.done')}>
              <p className="entrance-problem">
                <Link to="/sign-in">{t('signIn.title')}</Link>
              </p>
            </Entrance>
          )
        if (!token)
          return (
            <Entrance title={t('setup.neededTitle')} lead={t('setup.needed')}>
              {null}
            </Entrance>
          )
        return (
          <Entrance title={t('setup.title')} lead={t('setup.lead')}>
            <SetupForm token={token} />
          </Entrance>
        )
      }}
    </Resource>
  )
}

type Entered = z.input<typeof setUp> & { repeat: string }

function SetupForm({ token }: { token: string }) {
  const { t } = useText()
  const problem = useProblemText()
  const emailRules = useEmailRules()
  const enter = useEnter()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: async ({ email, name, password, sampleData }: Entered) => {
      const at = email.trim()
      await api.post('/setup', {
        token,
        email: at,
        name: name.trim(),
        password,
        sampleData: sampleData ?? false,
      })
      // Whether the set-up signs in at once or not, this does.
      await api.post('/session', { email: at, password })
      return api.get<Me>('/me')
    },
    onSuccess: (account) => {
      enter(account)
      navigate('/', { replace: true })
    },
  })
  return (
    <Form<Entered> layout="vertical" requiredMark={false} size="large" onFinish={create.mutate}>
      {create.isError && (
        <Form.Item>
          <Alert type="error" showIcon title={problem(create.error)} data-testid="setup-problem" />
        </Form.Item>
      )}
      <Form.Item
        name="name"
        label={t('setup.name')}
        rules={[{ required: true, whitespace: true, message: t('setup.nameNeeded') }]}
      >
        <Input autoFocus autoComplete="name" maxLength={80} data-testid="setup-name" />
      </Form.Item>
      <Form.Item name="email" label={t('signIn.email')} validateTrigger="onBlur" rules={emailRules}>
        <Input autoComplete="username" inputMode="email" data-testid="setup-email" />
      </Form.Item>
      <NewPassword />
      <Form.Item name="sampleData" valuePropName="checked" extra={t('setup.sampleHint')}>
        <Checkbox data-testid="setup-sample">{t('setup.sample')}</Checkbox>
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={create.isPending} data-testid="setup-submit">
        {t('setup.submit')}
      </Button>
    </Form>
  )
}
