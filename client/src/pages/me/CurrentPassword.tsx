import { Form, Input } from 'antd'
import { useText } from '../../i18n/index.ts'

/** The field of a form in which one shows by one's present password that it is oneself. */
export function CurrentPassword(props: { name: string; testId: string; autoFocus?: boolean }) {
  const { name, testId, autoFocus = false } = props
  const { t } = useText()
  return (
    <Form.Item
      name={name}
      label={t('me.current')}
      rules={[{ required: true, message: t('me.currentNeeded') }]}
    >
      <Input.Password
        autoFocus={autoFocus}
        autoComplete="current-password"
        maxLength={200}
        data-testid={testId}
      />
    </Form.Item>
  )
}
