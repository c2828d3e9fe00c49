import { Segmented } from 'antd'
import type { Language } from '../../../server/accounts/schema.ts'
import { useText } from '../i18n/index.ts'

/** Chooses between the two languages. */
export function LanguageChoice({
  value,
  onChange,
}: {
  value: Language
  onChange: (language: Language) => void
}) {
  const { t } = useText()
  return (
    <Segmented
      value={value}
      onChange={onChange}
      aria-label={t('account.language')}
      data-testid="language"
      options={[
        { value: 'zh-CN', label: t('account.chinese') },
        { value: 'en', label: t('account.english') },
      ]}
    />
  )
}
