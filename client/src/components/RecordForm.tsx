import { Alert, Form, type FormInstance, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../i18n/index.ts'
import { useProblemText } from './problem.ts'
import { testId } from './testId.ts'

/**
 * The form of a new record or of one that is changed, in a dialog; what the service says against it stands above the
 * fields, and nothing that was typed is left for the next time.
 */
export function RecordForm<Entered extends object>(props: {
  /** what its test ids begin with */
  name: string
  record: { id: string } | 'new' | null
  title: string
  okText?: string
  form: FormInstance<Entered>
  save: {
    mutate: (entered: Entered) => void
    reset: () => void
    isPending: boolean
    error: Error | null
  }
  initialValues: Partial<Entered>
  onClose: () => void
  children: ReactNode
}) {
  const { name, record, title, okText, form, save, initialValues, onClose, children } = props
  const { t } = useText()
  const problem = useProblemText()
  return (
    <Modal
      open={record !== null}
      title={title}
      okText={okText ?? t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: save.isPending, ...testId(`${name}-save`) }}
      onOk={form.submit}
      onCancel={onClose}
      afterClose={() => {
        save.reset()
        form.resetFields()
      }}
      destroyOnHidden
    >
      <Form<Entered>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={save.mutate}
        initialValues={initialValues}
        key={record === 'new' ? 'new' : (record?.id ?? 'none')}
      >
        {save.error && (
          <Form.Item>
            <Alert type="error" showIcon title={problem(save.error)} data-testid={`${name}-problem`} />
          </Form.Item>
        )}
        {children}
      </Form>
    </Modal>
  )
}
