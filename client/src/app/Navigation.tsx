import {
  AlertOutlined,
  AuditOutlined,
  BankOutlined,
  CalendarOutlined,
  CarOutlined,
  CloudUploadOutlined,
  ContactsOutlined,
  DashboardOutlined,
  DatabaseOutlined,
  ExperimentOutlined,
  FieldTimeOutlined,
  FileDoneOutlined,
  FileTextOutlined,
  HourglassOutlined,
  MailOutlined,
  ProfileOutlined,
  SafetyCertificateOutlined,
  SolutionOutlined,
  SwapOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { NavLink } from 'react-router-dom'
import type { Permission } from '../../../server/accounts/permissions.ts'
import type { Attention } from '../api/flow.ts'
import { queries } from '../api/queries.ts'
import { usePast } from '../components/usePast.ts'
import { type TextKey, useText } from '../i18n/index.ts'
import { useCan, useMe } from './session.tsx'

interface Item {
  to: string
  text: TextKey
  /** what an operator's own account calls it */
  ownText?: TextKey
  icon: ReactNode
  permission: Permission
  /** not for accounts that see a part of the city only */
  wholeCity?: true
  /** nothing of it concerns an operator's own account */
  notForOperators?: true
  /** how much waits there for the caller, who decides lists or sends them */
  waiting?: (attention: Attention, decides: boolean) => number
}

const GROUPS: { text: TextKey; items: Item[] }[] = [
  {
    text: 'nav.groupLedger',
    items: [
      { to: '/', text: 'nav.dashboard', icon: <DashboardOutlined />, permission: 'read' },
      {
        to: '/alerts',
        text: 'alerts.nav',
        icon: <AlertOutlined />,
        permission: 'read',
        notForOperators: true,
      },
      { to: '/vehicles', text: 'nav.vehicles', icon: <CarOutlined />, permission: 'read' },
      { to: '/changes', text: 'nav.changes', icon: <SwapOutlined />, permission: 'read' },
      {
        to: '/uploads',
        text: 'nav.uploads',
        ownText: 'uploads.mineTitle',
        icon: <CloudUploadOutlined />,
        permission: 'import.send',
        waiting: ({ submitted, returned }, decides) => (decides ? submitted : returned),
      },
      {
        to: '/reporting',
        text: 'nav.reporting',
        icon: <CalendarOutlined />,
        permission: 'read',
      },
      {
        to: '/disputes',
        text: 'nav.disputes',
        icon: <SolutionOutlined />,
        permission: 'read',
        waiting: ({ disputes }, decides) => (decides ? disputes : 0),
      },
      { to: '/scenarios', text: 'whatIf.nav', icon: <ExperimentOutlined />, permission: 'scenario.read' },
      { to: '/due', text: 'due.nav', icon: <HourglassOutlined />, permission: 'read' },
      { to: '/quality', text: 'qualityPage.nav', icon: <FileDoneOutlined />, permission: 'read' },
      { to: '/policy', text: 'policy.nav', icon: <ProfileOutlined />, permission: 'read' },
      {
        ...{ to: '/open-data', text: 'openDataPage.nav', icon: <DatabaseOutlined />, permission: 'read' },
        wholeCity: true,
      },
      { to: '/reports', text: 'reports.nav', icon: <FileTextOutlined />, permission: 'read' },
      { to: '/assessments', text: 'nav.assessments', icon: <AuditOutlined />, permission: 'read' },
    ],
  },
  {
    text: 'nav.groupSystem',
    items: [
      { to: '/mails', text: 'nav.mails', icon: <MailOutlined />, permission: 'mail.read' },
      {
        to: '/recipients',
        text: 'recipients.nav',
        icon: <ContactsOutlined />,
        permission: 'recipient.manage',
      },
      { to: '/jobs', text: 'nav.jobs', icon: <FieldTimeOutlined />, permission: 'job.run' },
      { to: '/operators', text: 'nav.operators', icon: <BankOutlined />, permission: 'operator.manage' },
      { to: '/accounts', text: 'nav.accounts', icon: <TeamOutlined />, permission: 'account.manage' },
      { to: '/audit', text: 'navAudit', icon: <SafetyCertificateOutlined />, permission: 'audit.read' },
    ],
  },
]

/** How many things wait for the reader. */
function Waiting({ n }: { n: number | undefined }) {
  const { t } = useText()
  if (!n) return null
  return (
    <span className="nav-count" title={t('nav.waiting', { n, count: n })} data-testid="nav-count">
      {n > 99 ? '99+' : n}
    </span>
  )
}

/** The menu, with the pages that the account may use. */
export function Navigation() {
  const { t } = useText()
  const can = useCan()
  const me = useMe()
  const limited = me.county !== null || me.operator !== null
  const attention = useQuery(queries.attention()).data
  const { carry } = usePast()
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      {GROUPS.map((group) => {
        const items = group.items.filter(
          (item) =>
            can(item.permission) &&
            !(item.wholeCity && limited) &&
            !(item.notForOperators && me.operator !== null),
        )
        if (items.length === 0) return null
        return (
          <div key={group.text} className="nav-group">
            <div className="nav-heading">{t(group.text)}</div>
            {items.map((item) => (
              <NavLink
                key={item.to}
                to={carry(item.to)}
                end={item.to === '/'}
                className="nav-link"
                data-testid={`nav-${item.to.slice(1) || 'dashboard'}`}
              >
                {item.icon}
                <span>{t((me.operator !== null && item.ownText) || item.text)}</span>
                <Waiting n={attention && item.waiting?.(attention, can('import.decide'))} />
              </NavLink>
            ))}
          </div>
        )
      })}
    </nav>
  )
}
