import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Form, Input, Modal, Select } from 'antd'
import type { MailedScenario, ScenarioView } from '../../../../server/scenarios/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useCountyName } from '../../components/choices.tsx'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'

interface Sending {
  to: string[]
  note?: string
}

/** Sends a scenario, as it is kept, to colleagues by mail. */
export function MailModal(props: {
  scenario: ScenarioView
  dirty: boolean
  open: boolean
  onClose: () => void
}) {
  const { scenario, dirty, open, onClose } = props
  const { t, label } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const county = useCountyName()
  const [form] = Form.useForm<Sending>()
  const people = useQuery({ ...queries.scenarioRecipients(), enabled: open })
  const send = useMutation({
    mutationFn: ({ to, note }: Sending) =>
      api.post<MailedScenario>(`/scenarios/${scenario.id}/mail`, { to, note: note?.trim() ?? '' }),
    onSuccess: ({ queued, already }) => {
      const n = queued.length
      if (already.length === 0) message.success(t('whatIf.mailed', { n, count: n }))
      else message.info(t('whatIf.mailedAlready', { n, names: already.map((p) => p.name).join(', ') }))
      onClose()
    },
  })
  return (
    <Modal
      open={open}
      title={t('whatIf.mailTitle', { name: scenario.name })}
      okText={t('whatIf.mailSend')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: send.isPending, ...testId('scenario-mail-ok') }}
      onOk={form.submit}
      onCancel={onClose}
      destroyOnHidden
      afterClose={send.reset}
    >
      {dirty && <Alert className="modal-hint" type="info" showIcon title={t('whatIf.mailDirty')} />}
      {(send.error ?? people.error) && (
        <Alert className="modal-hint" type="error" showIcon title={problem(send.error ?? people.error)} />
      )}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(given) => send.mutate(given)}
        preserve={false}
      >
        <Form.Item
          name="to"
          label={t('whatIf.mailTo')}
          rules={[{ required: true, type: 'array', min: 1, message: t('whatIf.mailNobody') }]}
        >
          <Select
            mode="multiple"
            maxCount={50}
            loading={people.isPending}
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('whatIf.mailToHint')}
            data-testid="scenario-mail-to"
            options={
              people.data?.items.map((p) => ({
                value: p.id,
                label: [p.name, label('role', p.role), ...(p.county ? [county(p.county)] : [])].join(' · '),
              })) ?? []
            }
          />
        </Form.Item>
        <Form.Item name="note" label={t('whatIf.mailNote')}>
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2 }} data-testid="scenario-mail-note" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
