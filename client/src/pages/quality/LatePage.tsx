import { useMemo } from 'react'
import type { LateChange } from '../../../../server/quality/schema.ts'
import { type LatePage as LateList, queries } from '../../api/queries.ts'
import { changeColumns } from '../../components/changeColumns.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { BehindPage } from './BehindPage.tsx'
import { MonthsChoice } from './MonthsChoice.tsx'

/** The changes that were recorded late, newest first, with how late. */
export default function LatePage() {
  const { t } = useText()
  const { values, set, clear, active } = useAddress(['county', 'operator', 'from', 'to'] as const)
  return (
    <BehindPage<LateChange, LateList>
      {...{ values, set, clear, active, query: values, path: '/quality/late' }}
      title={t('qualityPage.lateTitle')}
      lead={(first) => first && t('qualityPage.lateLead', { n: first.reportingDays })}
      list={queries.lateChanges(values)}
      filters={<MonthsChoice from={values.from} to={values.to} onChange={set} />}
      empty={{ title: t('qualityPage.lateEmpty'), hint: t('qualityPage.lateEmptyHint') }}
    >
      {(items) => <LateTable items={items} />}
    </BehindPage>
  )
}

function LateTable({ items }: { items: readonly LateChange[] }) {
  const text = useText()
  const countyName = useCountyName()
  const columns = useMemo((): Column<LateChange>[] => {
    const { t } = text
    const [on, plate, ...others] = changeColumns<LateChange>(text, countyName)
    const late: Column<LateChange> = {
      key: 'late',
      title: t('qualityPage.daysLate'),
      width: 170,
      render: (c) => (
        <span className="stacked">
          <b className={c.excused ? '' : 'lost'}>
            {t('qualityPage.daysLateText', { n: count(c.daysLate), count: c.daysLate })}
          </b>
          <small>
            {c.excused ? t('qualityPage.inTime') : t('qualityPage.daysTaken', { n: count(c.daysTaken) })}
          </small>
        </span>
      ),
    }
    return [...(on ? [on] : []), ...(plate ? [plate] : []), late, ...others]
  }, [text, countyName])
  return <DataList columns={columns} rows={items} rowKey={(c) => c.id} testId="late-table" />
}
