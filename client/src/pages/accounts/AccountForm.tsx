import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Checkbox, Form, Input, Segmented, Select, Switch } from 'antd'
import type { z } from 'zod'
import {
  type Account,
  type createAccount,
  ROLES,
  type updateAccount,
} from '../../../../server/accounts/schema.ts'
import { WISHES, type Wish } from '../../../../server/accounts/wishes.ts'
import { api } from '../../api/client.ts'
import { useMe } from '../../app/session.tsx'
import { RecordForm } from '../../components/RecordForm.tsx'
import { useText } from '../../i18n/index.ts'
import { useEmailRules } from '../entrance/emailRules.ts'
import { AccountScope } from './AccountScope.tsx'
import type { Promised } from './MailWatch.tsx'

type Way = 'mail' | 'password'
type Entered = Omit<z.input<typeof createAccount>, Wish> & { active: boolean; way: Way; wishes: Wish[] }

/** Creates an account, whose owner is invited by mail or told a first password; or changes one. */
export function AccountForm(props: {
  account: Account | 'new' | null
  onClose: () => void
  onMail: (promised: Promised) => void
}) {
  const { account, onClose, onMail } = props
  const { t } = useText()
  const me = useMe()
  const client = useQueryClient()
  const emailRules = useEmailRules()
  const { message } = App.useApp()
  const [form] = Form.useForm<Entered>()
  const fresh = account === 'new'
  const own = account !== null && account !== 'new' && account.id === me.id
  const way = Form.useWatch('way', form) ?? 'mail'
  const save = useMutation({
    mutationFn: async (entered: Entered) => {
      if (account === 'new') await api.post('/accounts', newAccount(entered))
      else if (account) await api.patch(`/accounts/${account.id}`, changedAccount(entered, account, own))
    },
    onSuccess: async (_, entered) => {
      await client.invalidateQueries({ queryKey: ['accounts'] })
      onClose()
      if (fresh && entered.way === 'mail')
        onMail({ kind: 'invitation', email: entered.email.trim().toLowerCase(), before: null })
      else message.success(t(fresh ? 'accounts.createdOk' : 'common.saved'))
    },
  })
  return (
    <RecordForm
      name="account"
      record={account}
      title={t(fresh ? 'accounts.add' : 'accounts.edit')}
      okText={t(fresh && way === 'mail' ? 'people.invite' : 'common.save')}
      form={form}
      save={save}
      initialValues={
        account === 'new' || account === null
          ? FRESH
          : {
              name: account.name,
              email: account.email,
              role: account.role,
              county: account.county,
              operator: account.operator,
              wishes: WISHES.filter((wish) => account[wish]),
              active: account.active,
            }
      }
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('accounts.name')}
        rules={[{ required: true, whitespace: true, message: t('setup.nameNeeded') }]}
      >
        <Input autoFocus={fresh} maxLength={80} data-testid="account-name" />
      </Form.Item>
      <Form.Item name="email" label={t('accounts.email')} validateTrigger="onBlur" rules={emailRules}>
        <Input disabled={!fresh} autoComplete="off" data-testid="account-email" />
      </Form.Item>
      <Form.Item name="role" label={t('accounts.role')} extra={own ? t('accounts.selfHint') : undefined}>
        <Select
          disabled={own}
          options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          data-testid="account-role"
        />
      </Form.Item>
      <AccountScope />
      {fresh && <FirstSignIn way={way} />}
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
      {fresh ? (
        <p className="hint">{t('accounts.mailsAtFirst')}</p>
      ) : (
        <Form.Item name="wishes" label={t('accounts.mails')}>
          <Checkbox.Group options={WISHES.map((value) => ({ value, label: t(`mailing.wish.${value}`) }))} />
        </Form.Item>
      )}
      {!fresh && !own && (
        <>
          <Form.Item
            name="password"
            label={t('people.resetPassword')}
            extra={t('people.resetPasswordHint')}
            validateTrigger="onBlur"
            rules={[{ min: 10, message: t('setup.passwordShort') }]}
          >
            <Input.Password autoComplete="new-password" maxLength={200} data-testid="account-password" />
          </Form.Item>
          <Form.Item name="active" label={t('accounts.active')} valuePropName="checked">
            <Switch data-testid="account-active" />
          </Form.Item>
        </>
      )}
    </RecordForm>
  )
}

const FRESH = {
  role: 'officer' as const,
  language: 'zh-CN' as const,
  wishes: [] as Wish[],
  active: true,
  way: 'mail' as const,
}

/** How the owner of a new account comes by a password. */
function FirstSignIn({ way }: { way: Way }) {
  const { t } = useText()
  return (
    <>
      <Form.Item
        name="way"
        label={t('people.how')}
        extra={t(way === 'mail' ? 'people.byMailHint' : 'people.byPasswordHint')}
      >
        <Segmented
          data-testid="account-way"
          options={[
            { value: 'mail', label: t('people.byMail') },
            { value: 'password', label: <span data-testid="by-password">{t('people.byPassword')}</span> },
          ]}
        />
      </Form.Item>
      {way === 'password' && (
        <Form.Item
          name="password"
          label={t('accounts.password')}
          extra={t('setup.passwordHint')}
          validateTrigger="onBlur"
          rules={[
            { required: true, message: t('signIn.passwordNeeded') },
            { min: 10, message: t('setup.passwordShort') },
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} data-testid="account-password" />
        </Form.Item>
      )}
    </>
  )
}

const newAccount = (given: Entered): z.input<typeof createAccount> => {
  const { active: _, wishes: _w, way, county, operator, password, ...entered } = given
  return {
    ...entered,
    ...scopeOf({ ...entered, county, operator }),
    ...(way === 'password' ? { password } : {}),
    email: entered.email.trim(),
    name: entered.name.trim(),
  }
}

/** The part of the city that a role is limited to; the other roles have none. */
const scopeOf = ({ role, county, operator }: Pick<Entered, 'role' | 'county' | 'operator'>) => ({
  ...(role === 'county-officer' || role === 'viewer' ? { county: county ?? null } : {}),
  ...(role === 'operator' ? { operator: operator ?? null } : {}),
})

/** Only what was changed is sent, so that two who edit at once do not undo each other. */
function changedAccount(entered: Entered, before: Account, own: boolean): z.input<typeof updateAccount> {
  const changes: z.input<typeof updateAccount> = {}
  if (entered.name.trim() !== before.name) changes.name = entered.name.trim()
  for (const wish of WISHES) {
    const wanted = entered.wishes.includes(wish)
    if (wanted !== before[wish]) changes[wish] = wanted
  }
  if (entered.password) changes.password = entered.password
  if (own) return changes
  if (entered.role !== before.role) changes.role = entered.role
  const { county, operator } = scopeOf(entered)
  if (county !== undefined && county !== before.county) changes.county = county
  if (operator !== undefined && operator !== before.operator) changes.operator = operator
  if (entered.active !== before.active) changes.active = entered.active
  return changes
}
