import { type Account, ROLES } from '../../../../server/accounts/schema.ts'
import { holdsWords, InstantFilters } from '../../components/InstantFilters.tsx'
import type { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { STATES, stateOf } from './state.ts'

type Filter = 'q' | 'role' | 'state'

/** Narrows the list of accounts. */
export function AccountFilters(filters: ReturnType<typeof useAddress<Filter>>) {
  const { t } = useText()
  return (
    <InstantFilters
      {...filters}
      search={{ label: t('people.search'), testId: 'account-search' }}
      choices={[
        {
          name: 'role',
          label: t('accounts.role'),
          all: t('people.allRoles'),
          options: ROLES.map((value) => ({ value, label: t(`role.${value}`) })),
        },
        {
          name: 'state',
          label: t('accounts.state'),
          all: t('people.allStates'),
          options: STATES.map((value) => ({ value, label: t(`people.${value}`) })),
        },
      ]}
    />
  )
}

/** The accounts that the filters leave: every word of `q` is in the name, the address or the scope. */
export function matching(
  accounts: readonly Account[],
  { q, role, state }: Record<Filter, string>,
  scope: (account: Account) => string,
): Account[] {
  return accounts.filter(
    (account) =>
      (!role || account.role === role) &&
      (!state || stateOf(account) === state) &&
      holdsWords(q, [account.name, account.email, scope(account)]),
  )
}
