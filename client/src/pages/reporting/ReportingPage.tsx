import { useMe } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { useText } from '../../i18n/index.ts'
import { MonthTable } from './MonthTable.tsx'
import { OwnMonths } from './OwnMonths.tsx'
import './reporting.css'

/** Monthly reporting: an operator's own months, or for officers who has reported and who has not. */
export default function ReportingPage() {
  const { t } = useText()
  const me = useMe()
  const own = me.operator !== null
  return (
    <Page title={t('reporting.title')} lead={t(own ? 'reporting.leadOperator' : 'reporting.lead')}>
      {own ? <OwnMonths /> : <MonthTable />}
    </Page>
  )
}
