import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { Link } from 'react-router-dom'
import { MAIL_STATUSES, type MailView, type OutboxSummary } from '../../../../jobs/schema.ts'
import { outboxQueries } from '../../api/mails.ts'
import { useCan } from '../../app/session.tsx'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

type Status = MailView['status']

/** How many mails there are in each state, each of which narrows the list; and what keeps mails from going out. */
export function OutboxState({ status, onStatus }: { status: string; onStatus: (status: string) => void }) {
  const { t, label } = useText()
  const { data } = useQuery(outboxQueries.summary())
  if (!data) return null
  return (
    <>
      <Hindrance summary={data} />
      <ul className="mail-counts" aria-label={t('mails.counts')} data-testid="mail-counts">
        {MAIL_STATUSES.map((one: Status) => (
          <li key={one}>
            <button
              type="button"
              aria-pressed={status === one}
              onClick={() => onStatus(status === one ? '' : one)}
              data-testid={`count-${one}`}
            >
              <span>{label('mailStatus', one)}</span>
              <strong>{count(data.counts[one] ?? 0)}</strong>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What keeps mails from going out, and what to do about it. */
function Hindrance({ summary }: { summary: OutboxSummary }) {
  const { t } = useText()
  const { server, stuck, oldestDueAt } = summary
  if (!server)
    return (
      <Alert
        className="mail-error"
        type="warning"
        showIcon
        title={t('mails.noServer')}
        description={t('mails.noServerHint')}
        data-testid="no-mail-server"
      />
    )
  if (stuck === null) return null
  const hint =
    stuck === 'waiting' ? t('mails.stuckWaiting', { since: instant(oldestDueAt) }) : t('mails.stuckFailing')
  return (
    <Alert
      className="mail-error"
      type="error"
      showIcon
      title={t('mails.stuck')}
      description={hint}
      data-testid="outbox-stuck"
    />
  )
}

/** Leads to the addresses to which no mail goes, when there are any. */
export function DisabledLink() {
  const { t } = useText()
  const can = useCan()
  const { data } = useQuery(outboxQueries.summary())
  if (!can('job.run') || !data || data.disabledAddresses === 0) return null
  return (
    <Link to="/mails/disabled" data-testid="disabled-link">
      {t('disabledAddresses.link', { n: data.disabledAddresses, count: data.disabledAddresses })}
    </Link>
  )
}
