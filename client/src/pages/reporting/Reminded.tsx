import { Tooltip } from 'antd'
import { Link } from 'react-router-dom'
import { MAIL_STATUSES, type MailView } from '../../../../jobs/schema.ts'
import type { OperatorReminders, ReminderView } from '../../../../server/reporting/reminder-schema.ts'
import { useCan } from '../../app/session.tsx'
import { MailTag, Tag } from '../../components/Tag.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** What an operator was sent for a month, by which mails, and what comes next. @param missing it has not reported */
export function Reminded({ state, missing }: { state: OperatorReminders; missing: boolean }) {
  const { t } = useText()
  const { sent, next, paused, reach, escalatedAt } = state
  const told = sent.filter((s) => s.reach !== 'nobody')
  if (!missing && told.length === 0) return null
  return (
    <div className="reminded">
      {missing && reach === 'nobody' && (
        <Tooltip title={t('remind.nobodyHint')}>
          <span>
            <Tag tone="bad" testId="reminder-nobody">
              {t('remind.nobody')}
            </Tag>
          </span>
        </Tooltip>
      )}
      {missing && paused && <Tag tone="plain">{t('remind.paused')}</Tag>}
      {told.length === 0 ? (
        missing && <span className="hint">{t('remind.notSent')}</span>
      ) : (
        <details>
          <summary data-testid="reminders-sent">
            {t('remind.sent', { n: told.length, count: told.length })}
          </summary>
          <ul>
            {told.map((reminder) => (
              <Sent key={`${reminder.step}-${reminder.at}`} reminder={reminder} />
            ))}
          </ul>
        </details>
      )}
      {escalatedAt && <div className="hint">{t('remind.escalated', { at: instant(escalatedAt) })}</div>}
      {missing && next && !paused && (
        <div className="hint" data-testid="reminder-next">
          {t('remind.next', {
            on: next.on,
            what: t(next.escalates ? 'remind.nextEscalate' : 'remind.nextRemind'),
          })}
        </div>
      )}
    </div>
  )
}

function Sent({ reminder }: { reminder: ReminderView }) {
  const { t } = useText()
  const can = useCan()
  const { at, stopped, reach, mails } = reminder
  return (
    <li>
      {instant(at)} · <Step reminder={reminder} />
      {reach === 'contacts' && ` · ${t('remind.toContacts')}`}
      {stopped && ` · ${t('remind.stopped')}`}
      {mails.map(({ id, to, status }) => (
        <div key={to} className="reminder-mail">
          {id && can('mail.read') ? <Link to={`/mails/${id}`}>{to}</Link> : <span>{to}</span>}{' '}
          {isMailStatus(status) ? <MailTag status={status} /> : <Tag tone="plain">{t('remind.queuing')}</Tag>}
        </div>
      ))}
    </li>
  )
}

const isMailStatus = (status: string | null): status is MailView['status'] =>
  status !== null && (MAIL_STATUSES as readonly string[]).includes(status)

function Step({ reminder: { step, by } }: { reminder: ReminderView }) {
  const { t } = useText()
  if (step === 'by-hand') return <>{t('remind.byHand', { name: by ?? '' })}</>
  const n = Math.abs(step)
  return <>{t(step < 0 ? 'remind.stepBefore' : 'remind.stepAfter', { n, count: n })}</>
}
