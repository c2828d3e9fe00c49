import { useQuery } from '@tanstack/react-query'
import { Form, Select } from 'antd'
import type { Role } from '../../../../server/accounts/schema.ts'
import { queries } from '../../api/queries.ts'
import { useText } from '../../i18n/index.ts'

/** The county or operator that an account is limited to, for the roles that are; within its form. */
export function AccountScope() {
  const { t, language } = useText()
  const role = Form.useWatch<Role | undefined>('role')
  const regions = useQuery(queries.regions())
  const operators = useQuery(queries.operators())
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
          options={
            regions.data?.items.map((r) => ({
              value: r.code,
              label: language === 'en' ? r.english : r.name,
            })) ?? []
          }
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
          options={operators.data?.items.map((o) => ({ value: o.id, label: o.name })) ?? []}
          data-testid="account-operator"
        />
      </Form.Item>
    )
  return null
}
