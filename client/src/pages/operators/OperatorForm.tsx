import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Form, Input, Select, Switch } from 'antd'
import type { z } from 'zod'
import { isCreditCode, normaliseCreditCode } from '../../../../server/domain/credit-code.ts'
import { CATEGORIES } from '../../../../server/domain/vocabulary.ts'
import type { createOperator, Operator } from '../../../../server/operators/schema.ts'
import { api } from '../../api/client.ts'
import { useCountyOptions } from '../../components/choices.tsx'
import { RecordForm } from '../../components/RecordForm.tsx'
import { useText } from '../../i18n/index.ts'
import { Contacts } from './Contacts.tsx'

type Fields = Required<z.input<typeof createOperator>>
type Entered = Omit<Fields, 'county' | 'creditCode'> & { county?: string | undefined; creditCode?: string }

const FRESH: Entered = {
  name: '',
  aliases: [],
  categories: [],
  contacts: [],
  trusted: false,
  reportsMonthly: true,
}

/** Registers an operator, or changes one. */
export function OperatorForm({
  operator,
  onClose,
}: {
  operator: Operator | 'new' | null
  onClose: () => void
}) {
  const { t, label } = useText()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [form] = Form.useForm<Entered>()
  const counties = useCountyOptions()
  const fresh = operator === 'new'
  const save = useMutation({
    mutationFn: async (entered: Entered) => {
      const fields = fieldsOf(entered)
      if (operator === 'new') await api.post('/operators', fields)
      else if (operator)
        await api.patch(`/operators/${encodeURIComponent(operator.id)}`, changedOf(fields, operator))
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['operators'] })
      message.success(t(fresh ? 'operators.created' : 'operators.saved'))
      onClose()
    },
  })
  return (
    <RecordForm
      name="operator"
      record={operator}
      title={t(fresh ? 'operators.add' : 'operators.editTitle')}
      form={form}
      save={save}
      initialValues={operator === 'new' || operator === null ? FRESH : enteredOf(operator)}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('operators.name')}
        rules={[{ required: true, whitespace: true, message: t('operators.nameNeeded') }]}
      >
        <Input maxLength={100} autoFocus data-testid="operator-name" />
      </Form.Item>
      <Form.Item name="aliases" label={t('operators.aliases')} extra={t('operators.aliasesHint')}>
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={['、', '，', ',']}
          data-testid="operator-aliases"
        />
      </Form.Item>
      <Form.Item
        name="creditCode"
        label={t('operators.creditCode')}
        validateTrigger="onBlur"
        rules={[
          {
            validator: (_, value?: string) =>
              !value?.trim() || isCreditCode(normaliseCreditCode(value))
                ? Promise.resolve()
                : Promise.reject(new Error(t('fault.credit-code.invalid'))),
          },
        ]}
      >
        <Input maxLength={30} data-testid="operator-credit-code" />
      </Form.Item>
      <Form.Item name="county" label={t('operators.county')} extra={t('operators.countyHint')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={counties}
          data-testid="operator-county"
        />
      </Form.Item>
      <Form.Item name="categories" label={t('operators.categories')}>
        <Select
          mode="multiple"
          options={CATEGORIES.map((value) => ({ value, label: label('category', value) }))}
          data-testid="operator-categories"
        />
      </Form.Item>
      <Contacts />
      <Form.Item
        name="reportsMonthly"
        label={t('operators.monthly')}
        extra={t('operators.monthlyHint')}
        valuePropName="checked"
      >
        <Switch data-testid="operator-monthly" />
      </Form.Item>
      <Form.Item
        name="trusted"
        label={t('operators.trusted')}
        extra={t('operators.trustedHint')}
        valuePropName="checked"
      >
        <Switch data-testid="operator-trusted" />
      </Form.Item>
    </RecordForm>
  )
}

const enteredOf = ({ county, creditCode, contacts, id: _, ...rest }: Operator): Entered => ({
  ...rest,
  contacts: contacts ?? [],
  ...(county ? { county } : {}),
  ...(creditCode ? { creditCode } : {}),
})

/** An empty text is no telephone number. */
const said = (text: string | undefined) => text?.trim() || undefined

function fieldsOf(entered: Entered): Fields {
  return {
    ...entered,
    name: entered.name.trim(),
    county: entered.county ?? null,
    creditCode: said(entered.creditCode) ?? null,
    contacts: entered.contacts.map(({ name, phone, email }) => ({
      name: name.trim(),
      ...(said(phone) ? { phone: said(phone) } : {}),
      ...(said(email) ? { email: said(email) } : {}),
    })),
  }
}

/** Only what was changed is sent, so that two who edit at once do not undo each other. */
function changedOf(fields: Fields, before: Operator): Partial<Fields> {
  const now = Object.entries(fields) as [keyof Fields, unknown][]
  return Object.fromEntries(
    now.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name] ?? null)),
  )
}
