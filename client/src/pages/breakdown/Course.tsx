import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { queries } from '../../api/queries.ts'
import { useText } from '../../i18n/index.ts'
import { RuleChart } from '../dashboard/RuleChart.tsx'
import type { FigureFilters } from '../dashboard/useFigures.ts'

const AS = ['known-today', 'as-then-known'] as const
type As = (typeof AS)[number]
const WORDS = { 'known-today': 'breakdown.trendToday', 'as-then-known': 'breakdown.trendThen' } as const
const HINTS = {
  'known-today': 'breakdown.trendTodayHint',
  'as-then-known': 'breakdown.trendThenHint',
} as const

/** A figure's course by month, as it is known today or as it was known each time. */
export function Course({ rule, filters }: { rule: RuleFigure; filters: FigureFilters }) {
  const { t } = useText()
  const [as, setAs] = useState<As>('known-today')
  const trend = useQuery(queries.trend(rule.id, { ...filters, as }))
  return (
    <section aria-labelledby="course-title">
      <div className="section-head">
        <div>
          <h2 id="course-title">{t('breakdown.trend')}</h2>
          <span className="hint">{t(HINTS[as])}</span>
        </div>
        <Segmented<As>
          value={as}
          onChange={setAs}
          options={AS.map((value) => ({ value, label: t(WORDS[value]) }))}
          aria-label={t('breakdown.trendBy')}
          data-testid="trend-as"
        />
      </div>
      <div className="card breakdown-course" data-testid={`course-${as}`}>
        <RuleChart rule={rule} trend={trend} />
      </div>
    </section>
  )
}
