import { Tabs } from 'antd'
import type { ReactNode } from 'react'
import { Page } from '../../components/Page.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { MyMails } from './MyMails.tsx'
import { MyPassword } from './MyPassword.tsx'
import { MySecondFactor } from './MySecondFactor.tsx'
import { MySessions } from './MySessions.tsx'
import { MyTokens } from './MyTokens.tsx'
import { Profile } from './Profile.tsx'
import './me.css'

const TABS = ['profile', 'mails', 'password', 'secondFactor', 'sessions', 'tokens'] as const
type Tab = (typeof TABS)[number]

const CONTENT: Record<Tab, ReactNode> = {
  profile: <Profile />,
  mails: <MyMails />,
  password: <MyPassword />,
  secondFactor: <MySecondFactor />,
  sessions: <MySessions />,
  tokens: <MyTokens />,
}

/** One's own account: who one is, how one signs in, and where one is signed in. */
export default function MePage() {
  const { t } = useText()
  const { values, set } = useAddress(['tab'] as const)
  const active = TABS.find((tab) => tab === values.tab) ?? 'profile'
  return (
    <Page title={t('me.title')}>
      <Tabs
        className="me-tabs"
        activeKey={active}
        onChange={(tab) => set({ tab: tab === 'profile' ? undefined : tab })}
        items={TABS.map((tab) => ({
          key: tab,
          label: <span data-testid={`tab-${tab}`}>{t(`me.${tab}`)}</span>,
          children: CONTENT[tab],
        }))}
        destroyOnHidden
      />
    </Page>
  )
}
