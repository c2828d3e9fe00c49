import { Link } from 'react-router-dom'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { assessmentTone, Tag } from '../../components/Tag.tsx'
import { count, figure, share } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { needOf } from './sentence.ts'
import { breakdownAddress, evidenceAddress, type FigureFilters } from './useFigures.ts'

/** A figure without a number to reach: a fleet's share, or a count that is only reported. */
export function FleetTile({ rule, filters }: { rule: RuleFigure; filters: FigureFilters }) {
  const { t, pick } = useText()
  const unit = t(`unit.${rule.unit}`)
  const need = needOf(rule, unit)
  const shown = figure(rule.value, rule.unit)
  const words = t(need.key, need.params)
  return (
    <article className="tile" data-testid={`card-${rule.id}`}>
      <h3>{pick(rule.title)}</h3>
      <p className="tile-value">
        <Link
          to={evidenceAddress(rule.id, filters)}
          data-testid={`value-${rule.id}`}
          aria-label={t('dashboard.evidenceOf', { title: pick(rule.title), value: shown })}
        >
          {shown}
        </Link>
        <span>
          {rule.denominator === null ? unit : `${count(rule.numerator)}/${count(rule.denominator)}`}
        </span>
      </p>
      <p className="tile-note">
        {rule.kind === 'rising-share' && rule.status !== 'no-data' ? (
          <>
            <span>
              {rule.yearBefore === null
                ? t('dashboard.noYearBefore')
                : t('dashboard.yearBefore', { value: share(rule.yearBefore) })}
            </span>
            {words !== '' && <Tag tone={assessmentTone(rule.status)}>{words}</Tag>}
          </>
        ) : (
          words
        )}
      </p>
      <p className="tile-links">
        <Link
          to={breakdownAddress(rule.id, filters)}
          aria-label={t('cardLinks.of', { title: pick(rule.title), link: t('cardLinks.breakdown') })}
          data-testid={`breakdown-${rule.id}`}
        >
          {t('cardLinks.breakdown')}
        </Link>
      </p>
    </article>
  )
}
