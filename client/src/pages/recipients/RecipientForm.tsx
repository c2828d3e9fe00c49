import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Checkbox, Form, Input, Segmented, Select, Switch } from 'antd'
import type { z } from 'zod'
import {
  type createRecipient,
  MAIL_TOPICS,
  type MailTopic,
  type RecipientView,
  type updateRecipient,
} from '../../../../server/subscriptions/schema.ts'
import { api } from '../../api/client.ts'
import { mailingQueries } from '../../api/mailing.ts'
import { useCountyOptions, useOperatorOptions } from '../../components/choices.tsx'
import { RecordForm } from '../../components/RecordForm.tsx'
import { useText } from '../../i18n/index.ts'
import { useEmailRules } from '../entrance/emailRules.ts'

const SCOPES = ['city', 'county', 'operator'] as const

interface Entered {
  name: string
  email: string
  language: RecipientView['language']
  scope: (typeof SCOPES)[number]
  county?: string | null
  operator?: string | null
  topics: MailTopic[]
  attach: boolean
}

const FRESH: Partial<Entered> = { language: 'zh-CN', scope: 'city', topics: ['monthly'], attach: false }

/** Lists an address of somebody without an account, or changes it. */
export function RecipientForm(props: { recipient: RecipientView | 'new' | null; onClose: () => void }) {
  const { recipient, onClose } = props
  const { t } = useText()
  const client = useQueryClient()
  const emailRules = useEmailRules()
  const { message } = App.useApp()
  const [form] = Form.useForm<Entered>()
  const fresh = recipient === 'new'
  const scope = Form.useWatch('scope', form)
  const save = useMutation({
    mutationFn: async (entered: Entered) => {
      if (fresh) await api.post('/recipients', given(entered))
      else if (recipient) await api.patch(`/recipients/${recipient.id}`, changed(entered))
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: mailingQueries.recipients().queryKey })
      message.success(t('recipients.saved'))
      onClose()
    },
  })
  return (
    <RecordForm
      name="recipient"
      record={recipient}
      title={t(fresh ? 'recipients.add' : 'recipients.edit')}
      form={form}
      save={save}
      initialValues={recipient === 'new' || recipient === null ? FRESH : entered(recipient)}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('recipients.name')}
        rules={[{ required: true, whitespace: true, message: t('setup.nameNeeded') }]}
      >
        <Input autoFocus={fresh} maxLength={80} data-testid="recipient-name" />
      </Form.Item>
      <Form.Item name="email" label={t('recipients.email')} validateTrigger="onBlur" rules={emailRules}>
        <Input disabled={!fresh} autoComplete="off" data-testid="recipient-email" />
      </Form.Item>
      <Form.Item
        name="topics"
        label={t('recipients.gets')}
        rules={[{ required: fresh, type: 'array', message: t('recipients.getsNeeded') }]}
      >
        <Checkbox.Group
          options={MAIL_TOPICS.map((value) => ({
            value,
            label: t(`mailing.topic.${value}`),
            // Alerts are of the city and its counties; an operator has none.
            disabled: value === 'alerts' && scope === 'operator',
          }))}
        />
      </Form.Item>
      <Place />
      <Form.Item name="language" label={t('recipients.language')}>
        <Segmented
          options={[
            { value: 'zh-CN', label: t('account.chinese') },
            { value: 'en', label: t('account.english') },
          ]}
        />
      </Form.Item>
      <Form.Item name="attach" label={t('recipients.attach')} valuePropName="checked">
        <Switch data-testid="recipient-attach" />
      </Form.Item>
    </RecordForm>
  )
}

/** What part of the city is told. */
function Place() {
  const { t } = useText()
  const scope = Form.useWatch<Entered['scope'] | undefined>('scope')
  const counties = useCountyOptions()
  const operators = useOperatorOptions()
  return (
    <>
      <Form.Item name="scope" label={t('recipients.scope')} extra={t('recipients.scopeHint')}>
        <Segmented
          data-testid="recipient-scope"
          options={SCOPES.map((value) => ({ value, label: t(`recipients.scopes.${value}`) }))}
        />
      </Form.Item>
      {scope === 'county' && (
        <Form.Item
          name="county"
          label={t('accounts.county')}
          rules={[{ required: true, message: t('accounts.countyNeeded') }]}
        >
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={counties}
            data-testid="recipient-county"
          />
        </Form.Item>
      )}
      {scope === 'operator' && (
        <Form.Item
          name="operator"
          label={t('accounts.operator')}
          rules={[{ required: true, message: t('accounts.operatorNeeded') }]}
        >
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={operators}
            data-testid="recipient-operator"
          />
        </Form.Item>
      )}
    </>
  )
}

const entered = (recipient: RecipientView): Entered => ({
  ...{ name: recipient.name, email: recipient.email, language: recipient.language },
  ...{ county: recipient.county, operator: recipient.operator, attach: recipient.attach },
  topics: recipient.topics,
  scope: recipient.operator !== null ? 'operator' : recipient.county !== null ? 'county' : 'city',
})

const placeOf = ({ scope, county, operator }: Entered) => ({
  county: scope === 'county' ? (county ?? null) : null,
  operator: scope === 'operator' ? (operator ?? null) : null,
})

const given = (form: Entered): z.input<typeof createRecipient> => ({
  ...{ name: form.name.trim(), email: form.email.trim(), language: form.language },
  topics: form.topics.filter((topic) => topic !== 'alerts' || form.scope !== 'operator'),
  ...{ attach: form.attach, ...placeOf(form) },
})

const changed = (form: Entered): z.input<typeof updateRecipient> => {
  const { email: _, ...rest } = given(form)
  return rest
}
