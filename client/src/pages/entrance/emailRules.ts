import type { FormRule } from 'antd'
import { useText } from '../../i18n/index.ts'

/** What an e-mail address must look like; the service has the last word. */
export function useEmailRules(): FormRule[] {
  const { t } = useText()
  return [
    { required: true, message: t('signIn.emailNeeded') },
    { pattern: /^\s*\S+@\S+\.\S+\s*$/, message: t('signIn.emailForm') },
  ]
}
