import { Form, Select } from 'antd'
import type { Role } from '../../../../server/accounts/schema.ts'
import { useCountyOptions, useOperatorOptions } from '../../components/choices.tsx'
import { useText } from '../../i18n/index.ts'

/** The county or operator that an account is limited to, for the roles that are; within its form. */
export function AccountScope() {
  const { t } = useText()
  const role = Form.useWatch<Role | undefined>('role')
  const counties = useCountyOptions()
  const operators = useOperatorOptions()
  if (role === 'county-officer' || role === 'viewer')
    return (
      <Form.Item
        name="county"
        label={t('accounts.county')}
        {...(role === 'viewer'
          ? { extra: t('people.countyOptional') }
          : { rules: [{ required: true, message: t('accounts.countyNeeded') }] })}
      >
        <Select
          allowClear={role === 'viewer'}
          {...(role === 'viewer' ? { placeholder: t('accounts.wholeCity') } : {})}
          showSearch={{ optionFilterProp: 'label' }}
          options={counties}
          data-testid="account-county"
        />
      </Form.Item>
    )
  if (role === 'operator')
    return (
      <Form.Item
        name="operator"
        label={t('accounts.operator')}
        extra={t('accounts.operatorHint')}
        rules={[{ required: true, message: t('accounts.operatorNeeded') }]}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={operators}
          data-testid="account-operator"
        />
      </Form.Item>
    )
  return null
}
