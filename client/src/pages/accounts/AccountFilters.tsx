import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { type Account, ROLES } from '../../../../server/accounts/schema.ts'
import { useText } from '../../i18n/index.ts'
import { STATES, stateOf } from './state.ts'

type Filter = 'q' | 'role' | 'state'

/** Narrows the list of accounts; lives in the address. */
export function AccountFilters(props: {
  values: Record<Filter, string>
  set: (changes: Partial<Record<Filter, string | undefined>>, options?: { replace?: boolean }) => void
  clear: () => void
  active: boolean
}) {
  const { t } = useText()
  const { values, set, clear, active } = props
  return (
    <search className="filters">
      <div className="filter-wide" data-search>
        <Input
          allowClear
          prefix={<SearchOutlined />}
          value={values.q}
          maxLength={100}
          placeholder={t('people.search')}
          aria-label={t('people.search')}
          // Each letter would otherwise be a step to go back by.
          onChange={(event) => set({ q: event.target.value }, { replace: true })}
          data-testid="account-search"
        />
      </div>
      <Select
        allowClear
        value={values.role || undefined}
        onChange={(role) => set({ role })}
        placeholder={t('people.allRoles')}
        aria-label={t('accounts.role')}
        options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        data-testid="filter-role"
      />
      <Select
        allowClear
        value={values.state || undefined}
        onChange={(state) => set({ state })}
        placeholder={t('people.allStates')}
        aria-label={t('accounts.state')}
        options={STATES.map((value) => ({ value, label: t(`people.${value}`) }))}
        data-testid="filter-state"
      />
      {active && (
        <Button type="text" className="filter-auto" onClick={clear}>
          {t('common.clear')}
        </Button>
      )}
    </search>
  )
}

/** The accounts that the filters leave: every word of `q` is in the name, the address or the scope. */
export function matching(
  accounts: readonly Account[],
  values: Record<Filter, string>,
  scope: (account: Account) => string,
): Account[] {
  const words = values.q.trim().toLowerCase().split(/\s+/)
  return accounts.filter((account) => {
    if (values.role && account.role !== values.role) return false
    if (values.state && stateOf(account) !== values.state) return false
    const text = [account.name, account.email, scope(account)].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
