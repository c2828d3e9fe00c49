import { useQuery } from '@tanstack/react-query'
import { Alert, type AlertProps, Button, Modal } from 'antd'
import { Link } from 'react-router-dom'
import type { MailView } from '../../../../jobs/schema.ts'
import { queries } from '../../api/queries.ts'
import { MailTag } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'

/** To whom an invitation goes out. */
export interface Invited {
  email: string
}

const ON_ITS_WAY: readonly string[] = ['queued', 'sending']

/** Watches an invitation go out, so that an administrator knows whether it has arrived. */
export function Invitation({ invited, onClose }: { invited: Invited | null; onClose: () => void }) {
  const { t } = useText()
  return (
    <Modal
      open={invited !== null}
      title={t('people.mailTitle')}
      onCancel={onClose}
      footer={
        <>
          <Link to="/mails" className="invitation-all">
            {t('people.mailAll')}
          </Link>
          <Button type="primary" onClick={onClose} data-testid="invitation-close">
            {t('common.close')}
          </Button>
        </>
      }
      destroyOnHidden
    >
      {invited && <Delivery email={invited.email} />}
    </Modal>
  )
}

function Delivery({ email }: { email: string }) {
  const { t } = useText()
  const { read } = queries.mails({})
  const mail = useQuery({
    queryKey: ['outbox', 'latest', email],
    queryFn: async ({ signal }): Promise<MailView | null> =>
      // The newest comes first; only just now it was put there.
      (await read(undefined, signal)).items.find((m) => m.to === email) ?? null,
    refetchInterval: ({ state: { data } }) =>
      data === undefined || data === null || (ON_ITS_WAY.includes(data.status) && !data.note) ? 1000 : false,
    gcTime: 0,
  })
  const { type, title } = told(mail.data ?? null, t)
  return (
    <div className="invitation" data-testid="invitation" data-status={mail.data?.status ?? 'none'}>
      <p className="invitation-to">
        {t('people.mailTo', { email })} {mail.data && <MailTag status={mail.data.status} />}
      </p>
      <Alert type={type} showIcon title={title} />
    </div>
  )
}

function told(
  mail: MailView | null,
  t: ReturnType<typeof useText>['t'],
): { type: NonNullable<AlertProps['type']>; title: string } {
  const error = mail?.lastError ?? ''
  if (mail?.note === 'no-mail-server') return { type: 'warning', title: t('people.mailNoServer') }
  if (mail?.status === 'sent') return { type: 'success', title: t('people.mailSent') }
  if (mail?.status === 'given-up') return { type: 'error', title: t('people.mailGivenUp', { error }) }
  if (mail?.status === 'failed') return { type: 'warning', title: t('people.mailFailed', { error }) }
  return { type: 'info', title: t('people.mailWaiting') }
}
