import { PaperClipOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Tabs } from 'antd'
import { Link, useParams } from 'react-router-dom'
import type { MailCause, MailWithContent } from '../../../../jobs/schema.ts'
import { fileAddress } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { MailTag } from '../../components/Tag.tsx'
import { count, fileSize, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { MailActions } from './MailActions.tsx'
import './mails.css'

/** One mail as it was sent, what went wrong, and another try. */
export default function MailPage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const query = useQuery({
    ...queries.mail(id),
    refetchInterval: (q) =>
      q.state.data?.status === 'queued' || q.state.data?.status === 'sending' ? 3000 : false,
  })
  return (
    <Page
      title={query.data?.subject ?? t('mails.title')}
      back={{ to: '/mails', text: t('mails.title') }}
      lead={query.data && <MailTag status={query.data.status} />}
      actions={query.data && <MailActions mail={query.data} />}
    >
      <Resource query={query}>{(mail) => <Content mail={mail} />}</Resource>
    </Page>
  )
}

function Content({ mail }: { mail: MailWithContent }) {
  return (
    <>
      <Trouble mail={mail} />
      <section className="card">
        <Facts mail={mail} />
        <Attachments mail={mail} />
        <Repeats mail={mail} />
      </section>
      <Parts mail={mail} />
    </>
  )
}

/** The causes whose words say all that there is to say. */
const SAID = new Set<MailCause>(['never-tried', 'expired', 'broken-off'])

/** Why it was not sent, or what the last attempt met with. */
function Trouble({ mail }: { mail: MailWithContent }) {
  const { t, label } = useText()
  const { cause, lastError } = mail
  if (lastError === null) return null
  // The cause says in words what is in the error; a reason that somebody gave, and a server's words, are shown as they are.
  const told = cause && SAID.has(cause) ? null : lastError
  return (
    <Alert
      className="mail-error"
      type={cause === 'withdrawn' ? 'info' : 'error'}
      showIcon
      title={cause ? label('mailCause', cause) : t('mails.lastError')}
      description={
        told && (
          <span className="mail-error-text">
            {cause === 'withdrawn' ? t('mails.reason', { reason: told }) : told}
          </span>
        )
      }
      data-testid="mail-error"
    />
  )
}

function Facts({ mail }: { mail: MailWithContent }) {
  const { t, label } = useText()
  const facts: [string, string][] = [
    [t('mails.to'), mail.name ? `${mail.name} ${mail.to}` : mail.to],
    [t('mails.kind'), label('mailKind', mail.kind)],
    [t('mails.period'), mail.period],
    [t('mails.createdAt'), instant(mail.createdAt)],
    [t('mails.sentAt'), instant(mail.sentAt)],
    [t('mails.attempts'), count(mail.attempts)],
    ...(mail.nextAttemptAt
      ? [[t('mails.nextAttempt'), instant(mail.nextAttemptAt)] as [string, string]]
      : []),
  ]
  return (
    <dl className="facts mail-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="mail-fact">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Attachments({ mail }: { mail: MailWithContent }) {
  const { t } = useText()
  if (mail.attachments.length === 0) return null
  return (
    <div className="mail-files" data-testid="mail-attachments">
      <h2>{t('mails.attachments')}</h2>
      <ul>
        {mail.attachments.map(({ filename, bytes }, place) => (
          <li key={filename}>
            <PaperClipOutlined aria-hidden />{' '}
            <a href={fileAddress(`/outbox/${mail.id}/attachments/${place}`)} download={filename}>
              {t('mails.attachment', { filename, size: fileSize(bytes) })}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The first mail and those that repeat it on purpose. */
function Repeats({ mail }: { mail: MailWithContent }) {
  const { t } = useText()
  if (mail.repeats.length === 0) return null
  return (
    <div className="mail-files" data-testid="mail-repeats">
      <h2>{t('mails.repeats')}</h2>
      <ol>
        {mail.repeats.map(({ id, createdAt, status }, i) => {
          const name = i === 0 ? t('mails.first') : t('mails.again', { n: i + 1 })
          return (
            <li key={id}>
              {id === mail.id ? `${name}${t('mails.shown')}` : <Link to={`/mails/${id}`}>{name}</Link>}{' '}
              <span className="hint">{instant(createdAt)}</span> <MailTag status={status} />
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function Parts({ mail }: { mail: MailWithContent }) {
  const { t } = useText()
  return (
    <section className="card mail-content">
      <Tabs
        items={[
          {
            key: 'html',
            label: t('mails.html'),
            // Without allow-scripts and allow-same-origin whatever the mail holds can do nothing.
            children: (
              <iframe
                className="mail-frame"
                sandbox=""
                srcDoc={mail.html}
                title={t('mails.frame')}
                data-testid="mail-frame"
              />
            ),
          },
          { key: 'text', label: t('mails.text'), children: <pre className="mail-text">{mail.text}</pre> },
        ]}
      />
      <p className="hint">{t('mails.frameNote')}</p>
    </section>
  )
}
