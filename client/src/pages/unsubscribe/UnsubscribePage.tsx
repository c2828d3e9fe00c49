import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import type { Subscription } from '../../../../server/subscriptions/schema.ts'
import { api, ProblemError } from '../../api/client.ts'
import { mailingQueries } from '../../api/mailing.ts'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { useText } from '../../i18n/index.ts'
import { Entrance } from '../entrance/Entrance.tsx'
import './unsubscribe.css'

/** Where the link of a mail leads: asks before it ends that kind of mail, and offers to have it back. */
export default function UnsubscribePage() {
  const { t } = useText()
  const [params] = useSearchParams()
  const token = params.get('token') ?? ''
  const subscription = useQuery({ ...mailingQueries.subscription(token), enabled: token !== '' })
  if (token === '' || isInvalid(subscription.error)) return <Invalid />
  return (
    <Resource query={subscription} skeleton={<Entrance title={t('unsubscribe.title')}>{null}</Entrance>}>
      {(now) => <Ask token={token} now={now} />}
    </Resource>
  )
}

const isInvalid = (error: unknown): boolean =>
  error instanceof ProblemError && ['unsubscribe.invalid', 'request.invalid'].includes(error.code)

function Ask({ token, now }: { token: string; now: Subscription }) {
  const { t } = useText()
  const problem = useProblemText()
  const client = useQueryClient()
  const [changed, setChanged] = useState(false)
  const query = `?${new URLSearchParams({ token })}`
  const choose = useMutation({
    mutationFn: (wanted: boolean) =>
      api.post<Subscription>(wanted ? `/unsubscribe/undo${query}` : `/unsubscribe${query}`, {}),
    onSuccess: (after) => {
      setChanged(true)
      client.setQueryData(mailingQueries.subscription(token).queryKey, after)
    },
  })
  const words = { email: now.email, what: t(`mailing.topic.${now.topic}`) }
  const [title, lead] = now.wanted
    ? changed
      ? ([t('unsubscribe.resumed'), t('unsubscribe.resumedLead', words)] as const)
      : ([t('unsubscribe.title'), t('unsubscribe.lead', words)] as const)
    : ([t('unsubscribe.done'), t('unsubscribe.doneLead', words)] as const)
  const action = now.wanted ? (changed ? 'again' : 'confirm') : 'undo'
  return (
    <Entrance title={title} lead={lead}>
      <p className="hint unsubscribe-duty">{t('unsubscribe.duty')}</p>
      {choose.isError && <Alert type="error" showIcon title={problem(choose.error)} />}
      <div role="status" className="visually-hidden">
        {changed ? lead : ''}
      </div>
      <Button
        type={action === 'confirm' ? 'primary' : 'default'}
        size="large"
        block
        loading={choose.isPending}
        onClick={() => choose.mutate(!now.wanted)}
        data-testid={`unsubscribe-${action}`}
      >
        {t(`unsubscribe.${action}`)}
      </Button>
      <SignIn />
    </Entrance>
  )
}

function Invalid() {
  const { t } = useText()
  return (
    <Entrance title={t('unsubscribe.invalid')} lead={t('unsubscribe.invalidLead')}>
      <SignIn />
    </Entrance>
  )
}

function SignIn() {
  const { t } = useText()
  return (
    <p className="entrance-more">
      <Link to="/me?tab=mails">{t('unsubscribe.signIn')}</Link>
    </p>
  )
}
