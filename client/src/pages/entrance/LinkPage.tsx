import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import type { ReactNode } from 'react'
import { Link, useLocation, useNavigate } from 'react-router-dom'
import { api, ProblemError } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { type LinkView, securityQueries } from '../../api/security.ts'
import { Resource } from '../../components/Resource.tsx'
import { useText } from '../../i18n/index.ts'
import { CodeStep } from './CodeStep.tsx'
import { Entrance } from './Entrance.tsx'
import { NewPassword } from './NewPassword.tsx'
import { SignInProblem, useWait } from './SignInProblem.tsx'
import { useSignIn } from './useSignIn.ts'

/** Where the link of an invitation or a reset leads: sets a password and signs in. */
export default function LinkPage() {
  const { t } = useText()
  const { hash } = useLocation()
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? ''
  const link = useQuery({ ...securityQueries.link(token), enabled: token !== '' })
  if (token === '')
    return (
      <Entrance title={t('link.incompleteTitle')} lead={t('link.incomplete')}>
        <WaysOn />
      </Entrance>
    )
  if (isExpired(link.error)) return <Expired />
  return (
    <Resource query={link} skeleton={<Entrance title={t('link.resetTitle')}>{null}</Entrance>}>
      {(view) => <SetPassword key={token} token={token} link={view} />}
    </Resource>
  )
}

const isExpired = (error: unknown): boolean => error instanceof ProblemError && error.code === 'link.expired'

function WaysOn({ children }: { children?: ReactNode }) {
  const { t } = useText()
  return (
    <div className="entrance-ways">
      {children}
      <Link to="/forgot">
        <Button size="large" block>
          {t('link.resend')}
        </Button>
      </Link>
      <Link to="/sign-in">
        <Button size="large" block>
          {t('entrance.toSignIn')}
        </Button>
      </Link>
    </div>
  )
}

function Expired() {
  const { t } = useText()
  return (
    <Entrance title={t('link.expiredTitle')} lead={t('link.expired')}>
      <WaysOn>
        <ul className="entrance-list" data-testid="link-expired">
          <li>{t('link.expiredReset')}</li>
          <li>{t('link.expiredInvitation')}</li>
        </ul>
      </WaysOn>
    </Entrance>
  )
}

function SetPassword({ token, link }: { token: string; link: LinkView }) {
  const { t } = useText()
  const navigate = useNavigate()
  const me = useQuery(queries.me())
  const signIn = useSignIn(() => navigate('/', { replace: true }))
  const toSignIn = () => navigate('/sign-in', { replace: true })
  const redeem = useMutation({
    mutationFn: (password: string) => api.post('/links/redeem', { token, password }),
    onSuccess: (_, password) => signIn.submit({ email: link.email, password }),
  })
  const wait = useWait(redeem.error)
  const invited = link.kind === 'invitation'
  const busy = redeem.isPending || signIn.busy
  if (isExpired(redeem.error)) return <Expired />
  if (signIn.step === 'code') return <CodeStep signIn={signIn} onOther={toSignIn} />
  if (redeem.isSuccess && signIn.error) return <Done error={signIn.error} onSignIn={toSignIn} />
  return (
    <Entrance
      title={t(invited ? 'link.invitationTitle' : 'link.resetTitle')}
      lead={t(invited ? 'link.invitationLead' : 'link.resetLead')}
    >
      <SignInProblem error={redeem.error} wait={wait} />
      <dl className="entrance-who" data-testid="link-for">
        <dt>{t('link.account')}</dt>
        <dd>
          <b>{link.name}</b> {link.email}
        </dd>
      </dl>
      {me.data && me.data.email !== link.email && !busy && (
        <p className="hint">{t('link.otherSession', { name: me.data.name })}</p>
      )}
      <Form<{ password: string }>
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={({ password }) => redeem.mutate(password)}
      >
        <NewPassword person={link} autoFocus />
        <Button
          type="primary"
          htmlType="submit"
          block
          loading={busy}
          disabled={wait > 0}
          data-testid="link-submit"
        >
          {t('link.submit')}
        </Button>
      </Form>
    </Entrance>
  )
}

/** The password is set, but signing in with it did not succeed. */
function Done({ error, onSignIn }: { error: unknown; onSignIn: () => void }) {
  const { t } = useText()
  const wait = useWait(error)
  return (
    <Entrance title={t('link.doneTitle')} lead={t('link.done')}>
      <SignInProblem error={error} wait={wait} />
      <div className="entrance-ways">
        <Button type="primary" size="large" block onClick={onSignIn}>
          {t('signIn.title')}
        </Button>
      </div>
    </Entrance>
  )
}
