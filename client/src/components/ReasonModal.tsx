import { Alert, Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../i18n/index.ts'
import { testId } from './testId.ts'

/** Asks for a reason before something that cannot be taken back. */
export function ReasonModal(props: {
  open: boolean
  title: string
  hint?: ReactNode
  label: string
  placeholder: string
  needed: string
  ok: string
  busy: boolean
  problem?: string | undefined
  /** what must be seen before the reason is given */
  extra?: ReactNode
  /** it cannot be done, as `extra` says */
  blocked?: boolean
  onCancel: () => void
  onReason: (reason: string) => void
}) {
  const { t } = useText()
  const [form] = Form.useForm<{ reason: string }>()
  return (
    <Modal
      open={props.open}
      title={props.title}
      okText={props.ok}
      cancelText={t('common.cancel')}
      okButtonProps={{
        danger: true,
        loading: props.busy,
        disabled: props.blocked ?? false,
        ...testId('reason-ok'),
      }}
      onOk={form.submit}
      onCancel={props.onCancel}
      destroyOnHidden
      afterClose={() => form.resetFields()}
    >
      {props.hint && <p className="hint modal-hint">{props.hint}</p>}
      {props.problem && <Alert className="modal-hint" type="error" showIcon title={props.problem} />}
      {props.extra}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason }) => props.onReason(reason.trim())}
      >
        <Form.Item
          name="reason"
          label={props.label}
          rules={[{ required: true, whitespace: true, message: props.needed }]}
        >
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={500}
            showCount
            placeholder={props.placeholder}
            data-testid="reason"
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
