import { Button } from 'antd'
import type { Account, Role } from '../../../../server/accounts/schema.ts'
import { MAIL_TOPICS, WISH_OF } from '../../../../server/subscriptions/schema.ts'
import { useMe } from '../../app/session.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { Tag } from '../../components/Tag.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { AccountActions } from './AccountActions.tsx'
import type { Promised } from './MailWatch.tsx'
import { useScope } from './scope.ts'
import { STATE_TONE, stateOf } from './state.ts'

/** The accounts, with what can be done to each. */
export function AccountTable(props: {
  accounts: Account[]
  /** roles that must have a second factor */
  required: readonly Role[]
  onEdit: (account: Account) => void
  onMail: (promised: Promised) => void
  onAccess: (account: Account) => void
}) {
  const { t, label } = useText()
  const me = useMe()
  const scope = useScope()
  const columns: Column<Account>[] = [
    {
      key: 'name',
      title: t('accounts.name'),
      width: 240,
      card: 'head',
      render: (a) => (
        <>
          <span className="tags">
            <b>{a.name}</b>
            {a.id === me.id && <Tag tone="busy">{t('people.you')}</Tag>}
          </span>
          <div className="hint account-email">{a.email}</div>
        </>
      ),
    },
    { key: 'role', title: t('accounts.role'), width: 120, render: (a) => label('role', a.role) },
    {
      key: 'scope',
      title: t('accounts.scope'),
      width: 170,
      render: scope,
    },
    {
      key: 'state',
      title: t('accounts.state'),
      width: 90,
      render: (a) => {
        const state = stateOf(a)
        return (
          <Tag tone={STATE_TONE[state]} testId={`state-${a.email}`}>
            {t(`people.${state}`)}
          </Tag>
        )
      },
    },
    {
      key: 'secondFactor',
      title: t('people.secondFactor'),
      width: 110,
      render: (a) => <Factor account={a} required={props.required.includes(a.role)} />,
    },
    {
      key: 'lastSignIn',
      title: t('people.lastSignIn'),
      width: 150,
      render: (a) =>
        a.lastSignInAt ? instant(a.lastSignInAt) : <span className="hint">{t('people.neverSignedIn')}</span>,
    },
    {
      key: 'mails',
      title: t('accounts.mails'),
      width: 180,
      render: (a) =>
        MAIL_TOPICS.filter((topic) => a[WISH_OF[topic]])
          .map((topic) => t(`mailing.topic.${topic}`))
          .join(t('mailing.comma')) || <span className="hint">{t('recipients.getsNothing')}</span>,
    },
    {
      key: 'actions',
      title: <span className="visually-hidden">{t('people.more')}</span>,
      width: 120,
      align: 'right',
      card: 'head',
      render: (a) => (
        <span className="account-actions">
          <Button type="link" size="small" onClick={() => props.onEdit(a)} data-testid={`edit-${a.email}`}>
            {t('operators.edit')}
          </Button>
          {a.id !== me.id && <AccountActions account={a} onMail={props.onMail} onAccess={props.onAccess} />}
        </span>
      ),
    },
  ]
  return (
    <div className="card card-flush">
      <DataList
        columns={columns}
        rows={props.accounts}
        rowKey={(a) => a.id}
        rowTestId={(a) => `account-${a.email}`}
        emptyText={t('state.noMatch')}
        testId="accounts-table"
      />
    </div>
  )
}

/** Whether an account has a second factor; one that must have it and has not stands out. */
function Factor({ account, required }: { account: Account; required: boolean }) {
  const { t } = useText()
  if (account.secondFactor) return <Tag tone="good">{t('people.secondFactorOn')}</Tag>
  if (required && account.active) return <Tag tone="warn">{t('people.secondFactorDue')}</Tag>
  return <span className="hint">{t('people.secondFactorOff')}</span>
}
