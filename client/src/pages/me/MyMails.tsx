import { Switch } from 'antd'
import type { Wish } from '../../../../server/accounts/wishes.ts'
import { useMe } from '../../app/session.tsx'
import { useUpdateMe } from '../../app/useUpdateMe.ts'
import { useText } from '../../i18n/index.ts'

const REPORTS = ['weeklyReport', 'monthlyReport', 'quarterlyReport', 'attachTables'] as const
const OTHER = ['alerts', 'listMails'] as const

/** Which mails one wants, each a switch that is saved at once. */
export function MyMails() {
  const { t } = useText()
  const me = useMe()
  return (
    <div className="card me-card me-mails">
      <p className="hint">{t('mailing.lead')}</p>
      <p className="hint">{t('mailing.to', { email: me.email })}</p>
      <h3>{t('mailing.reports')}</h3>
      {REPORTS.map((wish) => (
        <WishSwitch key={wish} wish={wish} />
      ))}
      <h3>{t('mailing.other')}</h3>
      {/* Alerts are of the city and its counties; an operator has none. */}
      {OTHER.filter((wish) => wish !== 'alerts' || me.operator === null).map((wish) => (
        <WishSwitch key={wish} wish={wish} />
      ))}
    </div>
  )
}

function WishSwitch({ wish }: { wish: Wish }) {
  const { t } = useText()
  const me = useMe()
  const { update } = useUpdateMe()
  return (
    <div className="me-setting">
      <span id={`my-${wish}`}>
        {t(`mailing.wish.${wish}`)}
        <small>{t(`mailing.hint.${wish}`)}</small>
      </span>
      <Switch
        aria-labelledby={`my-${wish}`}
        checked={me[wish]}
        loading={update.isPending}
        onChange={(wanted) => update.mutate({ [wish]: wanted })}
        data-testid={`my-${wish}`}
      />
    </div>
  )
}
