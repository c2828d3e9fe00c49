import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Form, Input, Modal, Select, Switch } from 'antd'
import type { z } from 'zod'
import {
  type Account,
  type createAccount,
  ROLES,
  type updateAccount,
} from '../../../../server/accounts/schema.ts'
import { api } from '../../api/client.ts'
import { useMe } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { AccountScope } from './AccountScope.tsx'

type Entered = z.input<typeof createAccount> & { active: boolean }

/** Creates an account, or changes one. */
export function AccountForm({ account, onClose }: { account: Account | 'new' | null; onClose: () => void }) {
  const { t } = useText()
  const me = useMe()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message } = App.useApp()
  const [form] = Form.useForm<Entered>()
  const fresh = account === 'new'
  const own = account !== null && account !== 'new' && account.id === me.id
  const save = useMutation({
    mutationFn: async (entered: Entered) => {
      if (account === 'new') await api.post('/accounts', newAccount(entered))
      else if (account) await api.patch(`/accounts/${account.id}`, changedAccount(entered, account, own))
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['accounts'] })
      message.success(t(fresh ? 'accounts.createdOk' : 'common.saved'))
      onClose()
    },
  })
  return (
    <Modal
      open={account !== null}
      title={t(fresh ? 'accounts.add' : 'accounts.edit')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: save.isPending, ...testId('account-save') }}
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
        initialValues={
          account === 'new' || account === null
            ? { role: 'officer', language: 'zh-CN', weeklyReport: true, listMails: true, active: true }
            : {
                name: account.name,
                email: account.email,
                role: account.role,
                county: account.county,
                operator: account.operator,
                weeklyReport: account.weeklyReport,
                listMails: account.listMails,
                active: account.active,
              }
        }
        key={fresh ? 'new' : (account?.id ?? 'none')}
      >
        {save.isError && (
          <Form.Item>
            <Alert type="error" showIcon title={problem(save.error)} data-testid="account-problem" />
          </Form.Item>
        )}
        <Form.Item
          name="name"
          label={t('accounts.name')}
          rules={[{ required: true, whitespace: true, message: t('setup.nameNeeded') }]}
        >
          <Input maxLength={80} data-testid="account-name" />
        </Form.Item>
        <Form.Item
          name="email"
          label={t('accounts.email')}
          validateTrigger="onBlur"
          rules={[
            { required: true, message: t('signIn.emailNeeded') },
            { pattern: /^\s*\S+@\S+\.\S+\s*$/, message: t('signIn.emailForm') },
          ]}
        >
          <Input disabled={!fresh} autoComplete="off" data-testid="account-email" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t(fresh ? 'accounts.password' : 'accounts.newPassword')}
          extra={fresh ? t('setup.passwordHint') : t('accounts.newPasswordHint')}
          validateTrigger="onBlur"
          rules={[
            ...(fresh ? [{ required: true, message: t('signIn.passwordNeeded') }] : []),
            { min: 10, message: t('setup.passwordShort') },
          ]}
        >
          <Input.Password autoComplete="new-password" data-testid="account-password" />
        </Form.Item>
        <Form.Item name="role" label={t('accounts.role')} extra={own ? t('accounts.selfHint') : undefined}>
          <Select
            disabled={own}
            options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
            data-testid="account-role"
          />
        </Form.Item>
        <AccountScope />
        {fresh && (
          <Form.Item name="language" label={t('accounts.language')}>
            <Select
              options={[
                { value: 'zh-CN', label: t('account.chinese') },
                { value: 'en', label: t('account.english') },
              ]}
            />
          </Form.Item>
        )}
        <Form.Item name="weeklyReport" label={t('accounts.weekly')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item
          name="listMails"
          label={t('accounts.listMails')}
          extra={t('accounts.listMailsHint')}
          valuePropName="checked"
        >
          <Switch data-testid="account-list-mails" />
        </Form.Item>
        {!fresh && (
          <Form.Item name="active" label={t('accounts.active')} valuePropName="checked">
            <Switch disabled={own} data-testid="account-active" />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}

const newAccount = ({ active: _, county, operator, ...entered }: Entered): z.input<typeof createAccount> => ({
  ...entered,
  ...scopeOf({ ...entered, county, operator }),
  email: entered.email.trim(),
  name: entered.name.trim(),
})

/** The part of the city that a role is limited to; the other roles have none. */
const scopeOf = ({ role, county, operator }: Pick<Entered, 'role' | 'county' | 'operator'>) => ({
  ...(role === 'county-officer' ? { county: county ?? null } : {}),
  ...(role === 'operator' ? { operator: operator ?? null } : {}),
})

/** Only what was changed is sent, so that two who edit at once do not undo each other. */
function changedAccount(entered: Entered, before: Account, own: boolean): z.input<typeof updateAccount> {
  const changes: z.input<typeof updateAccount> = {}
  if (entered.name.trim() !== before.name) changes.name = entered.name.trim()
  if (entered.weeklyReport !== undefined && entered.weeklyReport !== before.weeklyReport)
    changes.weeklyReport = entered.weeklyReport
  if (entered.listMails !== undefined && entered.listMails !== before.listMails)
    changes.listMails = entered.listMails
  if (entered.password) changes.password = entered.password
  if (own) return changes
  if (entered.role !== before.role) changes.role = entered.role
  const { county, operator } = scopeOf(entered)
  if (county !== undefined && county !== before.county) changes.county = county
  if (operator !== undefined && operator !== before.operator) changes.operator = operator
  if (entered.active !== before.active) changes.active = entered.active
  return changes
}
