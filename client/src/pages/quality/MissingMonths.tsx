import { Link } from 'react-router-dom'
import { address } from '../../api/client.ts'
import { useText } from '../../i18n/index.ts'

/** So many are named unless told. */
const NAMED = 3

/** The months without a report, the latest first, each leading to who has reported for it. */
export function MissingMonths({ months, named = NAMED }: { months: readonly string[]; named?: number }) {
  const { t, language } = useText()
  if (months.length === 0) return null
  return (
    <small>
      {months.slice(0, named).map((month, i) => (
        <span key={month}>
          {i > 0 && (language === 'en' ? ', ' : '、')}
          <Link to={address('/reporting', { month, missing: '1' })}>{month}</Link>
        </span>
      ))}
      {months.length > named && ` ${t('qualityPage.more', { n: months.length })}`}
    </small>
  )
}
