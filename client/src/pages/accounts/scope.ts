import type { Account } from '../../../../server/accounts/schema.ts'
import { useCountyName } from '../../components/choices.tsx'
import { useText } from '../../i18n/index.ts'

/** What an account is limited to, in the reader's language: its company, its county, or nothing. */
export function useScope(): (account: Pick<Account, 'county' | 'operatorName'>) => string {
  const { t } = useText()
  const countyName = useCountyName()
  return ({ county, operatorName }) => operatorName ?? (county ? countyName(county) : t('accounts.wholeCity'))
}
