import { useMemo } from 'react'
import { Link } from 'react-router-dom'
import type { DoubtfulChange } from '../../../../server/quality/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { changeColumns } from '../../components/changeColumns.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { type TextKey, useText } from '../../i18n/index.ts'
import { BehindPage } from './BehindPage.tsx'

/** The entries with something doubtful, and the way to put them right. */
export default function WarningsPage() {
  const { t } = useText()
  const own = useMe().operator !== null
  const { values, set, clear, active } = useAddress(['county', 'operator'] as const)
  return (
    <BehindPage
      {...{ values, set, clear, active, query: values, path: '/quality/warnings' }}
      title={t('qualityPage.warningsTitle')}
      lead={() => t(own ? 'qualityPage.warningsOwn' : 'qualityPage.warningsLead')}
      list={queries.doubtfulChanges(values)}
      empty={{ title: t('qualityPage.warningsEmpty'), hint: t('qualityPage.warningsEmptyHint') }}
    >
      {(items: DoubtfulChange[]) => <DoubtfulTable items={items} />}
    </BehindPage>
  )
}

function DoubtfulTable({ items }: { items: readonly DoubtfulChange[] }) {
  const text = useText()
  const can = useCan()
  const countyName = useCountyName()
  const corrects = can('change.write')
  const columns = useMemo((): Column<DoubtfulChange>[] => {
    const { t, language } = text
    const [on, plate, ...others] = changeColumns<DoubtfulChange>(text, countyName)
    const doubts: Column<DoubtfulChange> = {
      key: 'doubts',
      title: t('qualityPage.doubt'),
      width: 190,
      render: (c) =>
        c.doubts.map((doubt) => t(`quality.doubt.${doubt}` as TextKey)).join(language === 'en' ? ', ' : '、'),
    }
    const correct: Column<DoubtfulChange> = {
      key: 'correct',
      title: <span className="visually-hidden">{t('qualityPage.correct')}</span>,
      width: 90,
      align: 'right',
      render: (c) => <Link to={`/changes/${c.id}/correct`}>{t('qualityPage.correct')}</Link>,
    }
    return [...(on ? [on] : []), ...(plate ? [plate] : []), doubts, ...others, ...(corrects ? [correct] : [])]
  }, [text, countyName, corrects])
  return <DataList columns={columns} rows={items} rowKey={(c) => c.id} testId="doubtful-table" />
}
