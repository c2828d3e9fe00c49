import { WarningOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router-dom'
import { queries } from '../api/queries.ts'
import { instant } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { useCan, useMe } from './session.tsx'

const LOOK_MS = 5 * 60_000

/** Says on every page that the figures have not been checked for more than a day. An operator can do nothing about it. */
export function CheckBanner() {
  const { t } = useText()
  const can = useCan()
  const { role } = useMe()
  const { data } = useQuery({
    ...queries.jobsHealth(),
    enabled: role !== 'operator',
    refetchInterval: LOOK_MS,
    staleTime: LOOK_MS,
  })
  if (role === 'operator' || !data?.dailyCheck.stale) return null
  const { lastSuccessAt } = data.dailyCheck
  return (
    <div className="check-banner" role="status" data-testid="check-banner">
      <WarningOutlined aria-hidden />
      <p>{lastSuccessAt ? t('checks.stale', { at: instant(lastSuccessAt) }) : t('checks.never')}</p>
      {can('job.run') && <Link to="/jobs">{t('checks.look')}</Link>}
    </div>
  )
}
