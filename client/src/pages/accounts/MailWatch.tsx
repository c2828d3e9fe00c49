import { useQuery } from '@tanstack/react-query'
import { Alert, type AlertProps, Button, Modal } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router-dom'
import type { MailView } from '../../../../jobs/schema.ts'
import { queries } from '../../api/queries.ts'
import { MailTag } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'

/** A mail with a link that somebody has been promised. */
export interface Promised {
  kind: 'invitation' | 'reset'
  email: string
  /** the id of the mail of this kind that they got last before, which is not the one to watch */
  before: string | null
}

/** The newest mail of a kind to somebody; null when there is none among the latest. */
export async function latestMail(
  kind: Promised['kind'],
  email: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<MailView | null> {
  const { items } = await queries.mails({}).read(undefined, signal)
  return items.find((mail) => mail.to === email && mail.kind === `account-${kind}`) ?? null
}

/** Watches a mail go out, so that an administrator knows whether it has arrived. */
export function MailWatch({ promised, onClose }: { promised: Promised | null; onClose: () => void }) {
  const { t } = useText()
  return (
    <Modal
      open={promised !== null}
      title={promised && t(`people.mailTitle.${promised.kind}`)}
      onCancel={onClose}
      footer={
        <>
          <Link to="/mails" className="mail-all">
            {t('people.mailAll')}
          </Link>
          <Button type="primary" onClick={onClose} data-testid="mail-close">
            {t('common.close')}
          </Button>
        </>
      }
      destroyOnHidden
    >
      {promised && <Delivery promised={promised} />}
    </Modal>
  )
}

const ON_ITS_WAY: readonly string[] = ['queued', 'sending']
/** Looked for once a second; it takes a few at most to stand in the outbox. */
const PATIENCE = 20

function Delivery({ promised }: { promised: Promised }) {
  const { t } = useText()
  const { kind, email, before } = promised
  const { data, dataUpdatedAt } = useQuery({
    queryKey: ['outbox', 'latest', kind, email, before],
    queryFn: async ({ signal }) => {
      const mail = await latestMail(kind, email, signal)
      return mail?.id === before ? null : mail
    },
    refetchInterval: ({ state: { data, dataUpdateCount } }) => {
      const settled = data && (!ON_ITS_WAY.includes(data.status) || data.note)
      return settled || dataUpdateCount > PATIENCE * 3 ? false : 1000
    },
    gcTime: 0,
  })
  const asked = useAskedAt()
  const overdue = !data && dataUpdatedAt - asked > PATIENCE * 1000
  const { type, title } = told(kind, data ?? null, overdue, t)
  return (
    <div data-testid="mail-watch" data-status={data?.status ?? 'none'}>
      <p className="mail-to">
        {t('people.mailTo', { email })} {data && <MailTag status={data.status} />}
      </p>
      <Alert type={type} showIcon title={title} />
    </div>
  )
}

/** When this was first shown. */
const useAskedAt = (): number => useState(Date.now)[0]

function told(
  kind: Promised['kind'],
  mail: MailView | null,
  overdue: boolean,
  t: ReturnType<typeof useText>['t'],
): { type: NonNullable<AlertProps['type']>; title: string } {
  const error = mail?.lastError ?? ''
  if (overdue) return { type: 'warning', title: t('people.mailAbsent') }
  if (mail?.note === 'no-mail-server') return { type: 'warning', title: t('people.mailNoServer') }
  if (mail?.status === 'sent') return { type: 'success', title: t(`people.mailSent.${kind}`) }
  if (mail?.status === 'given-up') return { type: 'error', title: t('people.mailGivenUp', { error }) }
  if (mail?.status === 'failed') return { type: 'warning', title: t('people.mailFailed', { error }) }
  return { type: 'info', title: t('people.mailWaiting') }
}
