import { PaperClipOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, Modal, Radio, Select, Upload } from 'antd'
import type { DisputeView, Wish } from '../../../../../server/disputes/schema.ts'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import { api } from '../../../api/client.ts'
import { queries } from '../../../api/queries.ts'
import { useProblemText } from '../../../components/problem.ts'
import { testId } from '../../../components/testId.ts'
import { useText } from '../../../i18n/index.ts'
import { type Rows, withRows } from '../useMend.ts'

interface Entered {
  claim: string
  wish: Wish
  rules?: string[]
  file?: { originFileObj?: File }[]
}

/** Disputes a row: why it is right, what is asked for, and a document that shows it. */
export function DisputeDialog(props: { importId: string; row: ImportRowView; onClose: () => void }) {
  const { importId, row, onClose } = props
  const { t, pick } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const client = useQueryClient()
  const [form] = Form.useForm<Entered>()
  const wish = Form.useWatch('wish', form)
  const compliance = useQuery(queries.compliance({}))
  const send = useMutation({
    mutationFn: ({ claim, wish, rules, file }: Entered) => {
      const body = new FormData()
      body.append('claim', claim.trim())
      body.append('wish', wish)
      if (wish === 'exempt' && rules && rules.length > 0) body.append('rules', rules.join(','))
      const document = file?.[0]?.originFileObj
      if (document) body.append('file', document, document.name)
      return api.post<DisputeView>(`/imports/${importId}/rows/${row.seq}/disputes`, body)
    },
    onSuccess: ({ id }) => {
      message.success(t('disputes.raised'))
      // The service marks the row a little later.
      client.setQueriesData<Rows>({ queryKey: ['import-rows', `/imports/${importId}/rows`] }, (data) =>
        withRows(data, (other) =>
          other.seq === row.seq ? { ...other, dispute: { id, status: 'open' } } : other,
        ),
      )
      for (const key of ['imports', 'disputes', 'attention'])
        void client.invalidateQueries({ queryKey: [key] })
      onClose()
    },
  })
  const exemptible =
    compliance.data?.rules.filter((r) => r.kind !== 'rising-share' && r.target !== null) ?? []
  return (
    <Modal
      open
      title={t('disputes.raiseTitle', { row: row.row })}
      okText={t('disputes.raise')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: send.isPending, ...testId('dispute-ok') }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <p className="hint modal-hint">{t('disputes.raiseHint')}</p>
      {send.isError && (
        <Alert
          className="modal-hint"
          type="error"
          showIcon
          title={problem(send.error)}
          data-testid="dispute-problem"
        />
      )}
      <Form<Entered>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ wish: 'record' }}
        onFinish={(entered) => send.mutate(entered)}
      >
        <Form.Item
          name="claim"
          label={t('disputes.claim')}
          rules={[{ required: true, whitespace: true, message: t('disputes.claimNeeded') }]}
        >
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={1000}
            showCount
            placeholder={t('disputes.claimPlaceholder')}
            data-testid="dispute-claim"
          />
        </Form.Item>
        <Form.Item name="wish" label={t('disputes.wish')}>
          <Radio.Group
            vertical
            options={[
              { value: 'record', label: t('disputes.wishRecordHint') },
              { value: 'exempt', label: t('disputes.wishExemptHint') },
            ]}
            data-testid="dispute-wish"
          />
        </Form.Item>
        {wish === 'exempt' && (
          <Form.Item name="rules" label={t('disputes.rules')} extra={t('disputes.rulesHint')}>
            <Select
              mode="multiple"
              placeholder={t('disputes.rulesAll')}
              options={exemptible.map((r) => ({ value: r.id, label: pick(r.title) }))}
              data-testid="dispute-rules"
            />
          </Form.Item>
        )}
        <Form.Item
          name="file"
          label={t('disputes.document')}
          extra={t('disputes.documentHint')}
          valuePropName="fileList"
          getValueFromEvent={(event: { fileList: unknown[] }) => event.fileList}
          rules={[{ required: true, message: t('disputes.documentNeeded') }]}
        >
          <Upload beforeUpload={() => false} maxCount={1} {...testId('dispute-file')}>
            <Button icon={<PaperClipOutlined />}>{t('disputes.choose')}</Button>
          </Upload>
        </Form.Item>
      </Form>
    </Modal>
  )
}
