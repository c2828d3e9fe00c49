import { Segmented } from 'antd'
import { Link } from 'react-router-dom'
import { Page } from '../../components/Page.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useNarrow } from '../../components/useNarrow.ts'
import { useText } from '../../i18n/index.ts'
import { DueView } from './DueView.tsx'
import { OldTrucksView } from './OldTrucksView.tsx'
import { ScenariosView } from './ScenariosView.tsx'
import './due.css'

const VIEWS = ['due', 'old-trucks', 'scenarios'] as const
type View = (typeof VIEWS)[number]
const WORDS = {
  due: 'due.viewDue',
  'old-trucks': 'due.viewOld',
  scenarios: 'due.viewScenarios',
} as const

/** What must go and when, the old trucks that still run, and what the targets come to. */
export default function DuePage() {
  const { t } = useText()
  const { values, set } = useAddress(['view'])
  const narrow = useNarrow(560)
  const view: View = VIEWS.find((one) => one === values.view) ?? 'due'
  return (
    <Page
      title={t('due.title')}
      lead={
        <>
          {t('due.lead')} <Link to="/policy">{t('due.lives')}</Link>
        </>
      }
    >
      <Segmented<View>
        className="due-views"
        block={narrow}
        value={view}
        onChange={(chosen) => set({ view: chosen === 'due' ? '' : chosen })}
        options={VIEWS.map((value) => ({ value, label: t(WORDS[value]) }))}
        aria-label={t('due.views')}
        data-testid="due-views"
      />
      {view === 'due' && <DueView />}
      {view === 'old-trucks' && <OldTrucksView />}
      {view === 'scenarios' && <ScenariosView />}
    </Page>
  )
}
