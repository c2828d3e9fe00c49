import {
  AuditOutlined,
  CarOutlined,
  CloudUploadOutlined,
  DashboardOutlined,
  FieldTimeOutlined,
  MailOutlined,
  SwapOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import { NavLink } from 'react-router-dom'
import type { Permission } from '../../../server/accounts/permissions.ts'
import { type TextKey, useText } from '../i18n/index.ts'
import { useCan } from './session.tsx'

interface Item {
  to: string
  text: TextKey
  icon: ReactNode
  permission: Permission
}

const GROUPS: { text: TextKey; items: Item[] }[] = [
  {
    text: 'nav.groupLedger',
    items: [
      { to: '/', text: 'nav.dashboard', icon: <DashboardOutlined />, permission: 'read' },
      { to: '/vehicles', text: 'nav.vehicles', icon: <CarOutlined />, permission: 'read' },
      { to: '/changes', text: 'nav.changes', icon: <SwapOutlined />, permission: 'read' },
      { to: '/uploads', text: 'nav.uploads', icon: <CloudUploadOutlined />, permission: 'import.send' },
      { to: '/assessments', text: 'nav.assessments', icon: <AuditOutlined />, permission: 'read' },
    ],
  },
  {
    text: 'nav.groupSystem',
    items: [
      { to: '/mails', text: 'nav.mails', icon: <MailOutlined />, permission: 'mail.read' },
      { to: '/jobs', text: 'nav.jobs', icon: <FieldTimeOutlined />, permission: 'job.run' },
      { to: '/accounts', text: 'nav.accounts', icon: <TeamOutlined />, permission: 'account.manage' },
    ],
  },
]

/** The menu, with the pages that the account may use. */
export function Navigation() {
  const { t } = useText()
  const can = useCan()
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      {GROUPS.map((group) => {
        const items = group.items.filter((item) => can(item.permission))
        if (items.length === 0) return null
        return (
          <div key={group.text} className="nav-group">
            <div className="nav-heading">{t(group.text)}</div>
            {items.map((item) => (
              <NavLink
                key={item.to}
                to={item.to}
                end={item.to === '/'}
                className="nav-link"
                data-testid={`nav-${item.to.slice(1) || 'dashboard'}`}
              >
                {item.icon}
                <span>{t(item.text)}</span>
              </NavLink>
            ))}
          </div>
        )
      })}
    </nav>
  )
}
