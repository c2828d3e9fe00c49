import { Tabs } from 'antd'
import { Page } from '../../components/Page.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { AuditLog } from './AuditLog.tsx'
import { Seals } from './Seals.tsx'
import './audit.css'

const TABS = ['log', 'seals'] as const

/** What everybody did, and the seals by which the ledger can be verified. */
export default function AuditPage() {
  const { t } = useText()
  const { values, set } = useAddress(['tab'] as const)
  const tab = TABS.find((name) => name === values.tab) ?? 'log'
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')}>
      <Tabs
        activeKey={tab}
        onChange={(key) => set({ tab: key === 'log' ? undefined : key })}
        items={TABS.map((key) => ({
          key,
          label: (
            <span data-testid={`tab-${key}`}>{t(key === 'log' ? 'audit.tabLog' : 'audit.tabSeals')}</span>
          ),
          children: key === 'log' ? <AuditLog /> : <Seals />,
        }))}
        destroyOnHidden
      />
    </Page>
  )
}
