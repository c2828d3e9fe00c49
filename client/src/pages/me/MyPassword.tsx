import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { api } from '../../api/client.ts'
import { useMe } from '../../app/session.tsx'
import { useText } from '../../i18n/index.ts'
import { NewPassword } from '../entrance/NewPassword.tsx'
import { SignInProblem, useWait } from '../entrance/SignInProblem.tsx'
import { CurrentPassword } from './CurrentPassword.tsx'

interface Entered {
  current: string
  password: string
}

/** Changes one's password; the other devices are signed out by it. */
export function MyPassword() {
  const { t } = useText()
  const me = useMe()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [form] = Form.useForm<Entered>()
  const change = useMutation({
    mutationFn: ({ current, password }: Entered) => api.post('/me/password', { current, password }),
    onSuccess: () => {
      form.resetFields()
      message.success(t('me.changed'))
      void client.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  const wait = useWait(change.error)
  return (
    <div className="card me-card">
      <p className="hint">{t('me.changeLead')}</p>
      <SignInProblem error={change.error} wait={wait} />
      <Form<Entered> form={form} layout="vertical" requiredMark={false} onFinish={change.mutate}>
        <CurrentPassword name="current" testId="current-password" />
        <NewPassword person={me} label={t('me.newPassword')} />
        <Button
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          disabled={wait > 0}
          data-testid="change-password"
        >
          {t('me.change')}
        </Button>
      </Form>
    </div>
  )
}
