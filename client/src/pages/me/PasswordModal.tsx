import { Form, Modal } from 'antd'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { SignInProblem, useWait } from '../entrance/SignInProblem.tsx'
import { CurrentPassword } from './CurrentPassword.tsx'

/** Asks for one's password before something that makes the account safer or less safe. */
export function PasswordModal(props: {
  open: boolean
  title: string
  hint: string
  ok: string
  danger?: boolean
  busy: boolean
  error: unknown
  onCancel: () => void
  onPassword: (password: string) => void
}) {
  const { t } = useText()
  const [form] = Form.useForm<{ password: string }>()
  const wait = useWait(props.error)
  return (
    <Modal
      open={props.open}
      title={props.title}
      okText={props.ok}
      cancelText={t('common.cancel')}
      okButtonProps={{
        danger: props.danger ?? false,
        loading: props.busy,
        disabled: wait > 0,
        ...testId('password-ok'),
      }}
      onOk={form.submit}
      onCancel={props.onCancel}
      destroyOnHidden
      afterClose={() => form.resetFields()}
    >
      <p className="hint modal-hint">{props.hint}</p>
      <SignInProblem error={props.error} wait={wait} />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ password }) => props.onPassword(password)}
      >
        <CurrentPassword name="password" testId="confirm-password" autoFocus />
      </Form>
    </Modal>
  )
}
