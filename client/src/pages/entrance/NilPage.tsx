import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { Link, useLocation } from 'react-router-dom'
import type { NilLinkView } from '../../../../server/reporting/reminder-schema.ts'
import type { NilReport } from '../../../../server/reporting/schema.ts'
import { alertQueries } from '../../api/alerts.ts'
import { api, ProblemError } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { useText } from '../../i18n/index.ts'
import { useMonthName } from '../reporting/useMonthName.ts'
import { Entrance } from './Entrance.tsx'

/** Where the link of a reminder leads: asks once more, then reports that there is nothing to report. */
export default function NilPage() {
  const { t } = useText()
  const { hash } = useLocation()
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? ''
  const link = useQuery({ ...alertQueries.nilLink(token), enabled: token !== '' })
  if (token === '' || isExpired(link.error)) return <Expired />
  return (
    <Resource query={link} skeleton={<Entrance title={t('nilLink.title')}>{null}</Entrance>}>
      {(view) => <Ask key={token} token={token} link={view} />}
    </Resource>
  )
}

const isExpired = (error: unknown): boolean => error instanceof ProblemError && error.code === 'link.expired'

function Ask({ token, link }: { token: string; link: NilLinkView }) {
  const { t } = useText()
  const problem = useProblemText()
  const monthName = useMonthName()
  const report = useMutation({
    mutationFn: () => api.post<NilReport>('/reporting/nil-link/report', { token }),
  })
  const words = { operator: link.operatorName, month: monthName(link.month) }
  if (report.isSuccess || link.reported === 'nil')
    return (
      <Entrance title={t('nilLink.done')} lead={t('nilLink.doneLead', words)}>
        <SignIn testId="nil-done" />
      </Entrance>
    )
  if (link.reported === 'list')
    return (
      <Entrance title={t('nilLink.already')} lead={t('nilLink.alreadyList', words)}>
        <SignIn testId="nil-already" />
      </Entrance>
    )
  if (isExpired(report.error)) return <Expired />
  return (
    <Entrance title={t('nilLink.title')} lead={t('nilLink.lead', words)}>
      <p className="nil-ask">{t('nilLink.ask', words)}</p>
      <p className="hint nil-due">{t('nilLink.due', { on: link.dueOn })}</p>
      {report.isError && <Alert type="error" showIcon title={problem(report.error)} />}
      <Button
        type="primary"
        size="large"
        block
        loading={report.isPending}
        onClick={() => report.mutate()}
        data-testid="nil-confirm"
      >
        {t('nilLink.confirm')}
      </Button>
      <SignIn />
    </Entrance>
  )
}

function Expired() {
  const { t } = useText()
  return (
    <Entrance title={t('nilLink.expired')} lead={t('nilLink.expiredHint')}>
      <SignIn testId="nil-expired" />
    </Entrance>
  )
}

const SignIn = ({ testId }: { testId?: string }) => {
  const { t } = useText()
  return (
    <p className="entrance-more" data-testid={testId}>
      <Link to="/sign-in">{t('nilLink.signIn')}</Link>
    </p>
  )
}
