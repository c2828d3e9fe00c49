import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Form, Input, Modal, Select } from 'antd'
import type { Permission } from '../../../../server/accounts/permissions.ts'
import { api } from '../../api/client.ts'
import { type CreatedToken, tokensPath } from '../../api/security.ts'
import { useMe } from '../../app/session.tsx'
import { CopyText } from '../../components/CopyText.tsx'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { dayOf } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

interface Entered {
  name: string
  permissions: Permission[]
  days: number
}

const DAYS = [30, 90, 180, 366]
const DAY_MS = 86_400_000

/** Makes a token and shows it, once. */
export function TokenForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const [form] = Form.useForm<Entered>()
  const create = useMutation({
    mutationFn: ({ name, ...rest }: Entered) =>
      api.post<CreatedToken>(tokensPath(null), { ...rest, name: name.trim() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  const made = create.data
  const kept = (
    <Button key="kept" type="primary" onClick={onClose} data-testid="token-kept">
      {t('tokens.kept')}
    </Button>
  )
  return (
    <Modal
      open={open}
      title={t(made ? 'tokens.createdTitle' : 'tokens.add')}
      okText={t('tokens.create')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: create.isPending, ...testId('token-create') }}
      onOk={form.submit}
      onCancel={onClose}
      // A token that was closed by mistake is gone.
      {...(made ? { footer: kept, keyboard: false, mask: { closable: false }, closable: false } : {})}
      afterClose={() => {
        create.reset()
        form.resetFields()
      }}
      destroyOnHidden
    >
      {made ? <Made token={made} /> : <Fields form={form} error={create.error} onFinish={create.mutate} />}
    </Modal>
  )
}

function Fields(props: {
  form: ReturnType<typeof Form.useForm<Entered>>[0]
  error: unknown
  onFinish: (entered: Entered) => void
}) {
  const { t, label } = useText()
  const me = useMe()
  const problem = useProblemText()
  const offered = me.permissions.filter((permission) => permission !== 'account.manage')
  const until = (days: number) => dayOf(new Date(Date.now() + days * DAY_MS))
  return (
    <Form<Entered>
      form={props.form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ permissions: ['read'], days: 90 }}
      onFinish={props.onFinish}
    >
      {props.error !== null && (
        <Form.Item>
          <Alert type="error" showIcon title={problem(props.error)} data-testid="token-problem" />
        </Form.Item>
      )}
      <Form.Item
        name="name"
        label={t('tokens.name')}
        rules={[{ required: true, whitespace: true, message: t('tokens.nameNeeded') }]}
      >
        <Input autoFocus maxLength={80} placeholder={t('tokens.namePlaceholder')} data-testid="token-name" />
      </Form.Item>
      <Form.Item
        name="permissions"
        label={t('tokens.permissions')}
        rules={[{ required: true, type: 'array', min: 1, message: t('tokens.permissionsNeeded') }]}
      >
        <Checkbox.Group
          className="token-permissions"
          options={offered.map((value) => ({ value, label: label('auditPermission', value) }))}
        />
      </Form.Item>
      <Form.Item name="days" label={t('tokens.days')}>
        <Select
          options={DAYS.map((n) => ({
            value: n,
            label: `${t('tokens.daysValue', { n })} · ${t('tokens.until', { day: until(n) })}`,
          }))}
          data-testid="token-days"
        />
      </Form.Item>
    </Form>
  )
}

/** The token that was made, and how it is used. */
function Made({ token }: { token: CreatedToken }) {
  const { t } = useText()
  const example = `curl -H "Authorization: Bearer ${token.token}" "${location.origin}/api/v1/vehicles?limit=5"`
  return (
    <>
      <Alert type="warning" showIcon title={t('tokens.once')} />
      <div className="token-made">
        <CopyText text={token.token} testId="token" />
      </div>
      <h3 className="token-example">{t('tokens.example')}</h3>
      <CopyText text={example} testId="token-example" />
      <p className="hint token-docs">
        <a href="/api/v1/docs" target="_blank" rel="noreferrer">
          {t('tokens.docs')}
        </a>
      </p>
    </>
  )
}
