import { InfoCircleOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Tooltip } from 'antd'
import { Link } from 'react-router-dom'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { queries } from '../../api/queries.ts'
import { AssessmentTag, assessmentTone } from '../../components/Tag.tsx'
import { count, figure, targetShare } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { CardLinks } from './CardLinks.tsx'
import { outlookOf } from './outlook.ts'
import { RuleChart } from './RuleChart.tsx'
import { needOf } from './sentence.ts'
import { evidenceAddress, type FigureFilters, undeterminedAddress } from './useFigures.ts'

/** A target rule at a glance: value, target, how it stands, what is needed, where it is heading, its course. */
export function RuleCard({
  rule,
  filters,
  end,
}: {
  rule: RuleFigure
  filters: FigureFilters
  /** the period's last day */
  end: string
}) {
  const { t, pick } = useText()
  const trend = useQuery(queries.trend(rule.id, { ...filters }))
  const unit = t(`unit.${rule.unit}`)
  const title = pick(rule.title)
  const need = needOf(rule, unit, true)
  const { verdict, range, next } = outlookOf(rule, unit, end)
  const shown = figure(rule.value, rule.unit)
  return (
    <article className={`rule rule-${assessmentTone(rule.status)}`} data-testid={`card-${rule.id}`}>
      <header>
        <h2>
          {title}
          {rule.readings.length > 0 && <Readings rule={rule} />}
        </h2>
        <AssessmentTag status={rule.status} testId={`status-${rule.id}`} />
      </header>
      <p className="rule-value">
        <Link
          to={evidenceAddress(rule.id, filters)}
          data-testid={`value-${rule.id}`}
          aria-label={t('dashboard.evidenceOf', { title, value: shown })}
        >
          {shown}
        </Link>
        {rule.unit === 'percent' ? (
          <span>
            {count(rule.numerator)}/{count(rule.denominator)} ·{' '}
            {t('dashboard.target', { target: targetShare(rule.target ?? 0) })}
          </span>
        ) : (
          <span>
            {rule.target === null ? unit : t('dashboard.ofTarget', { target: count(rule.target), unit })}
          </span>
        )}
      </p>
      <p className="rule-need" data-testid={`need-${rule.id}`}>
        {t(need.key, need.params)}
      </p>
      <ul className="rule-notes">
        {(verdict || range) && (
          <li data-testid={`outlook-${rule.id}`}>
            {verdict && <b>{t(verdict.key, verdict.params)}</b>}
            {verdict && range && t('dashboard.between')}
            {range && t(range.key, range.params)}
          </li>
        )}
        {next && <li>{t(next.key, next.params)}</li>}
        {rule.expected !== null && (
          <li>{t('dashboard.expectedByNow', { expected: count(rule.expected), unit })}</li>
        )}
        {rule.undetermined > 0 && (
          <li>
            <Link
              to={undeterminedAddress(rule.id, filters)}
              className="rule-undetermined"
              data-testid={`undetermined-${rule.id}`}
            >
              {t('dashboard.undetermined', { n: count(rule.undetermined) })}
            </Link>
          </li>
        )}
      </ul>
      <RuleChart rule={rule} trend={trend} />
      <CardLinks rule={rule} filters={filters} />
    </article>
  )
}

function Readings({ rule }: { rule: RuleFigure }) {
  const { t, pick } = useText()
  const content = (
    <>
      {t('dashboard.readings')}
      {rule.readings.map((r) => (
        <div key={r.zh}>· {pick(r)}</div>
      ))}
      <div>{rule.source}</div>
    </>
  )
  return (
    <Tooltip title={content}>
      <button
        type="button"
        className="info"
        aria-label={`${t('dashboard.readings')}: ${rule.readings.map(pick).join('; ')}`}
      >
        <InfoCircleOutlined />
      </button>
    </Tooltip>
  )
}
