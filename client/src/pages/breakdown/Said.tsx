import { Link } from 'react-router-dom'
import type { Breakdown, RuleFigure } from '../../../../server/compliance/schema.ts'
import { monthAfter, monthOf } from '../../components/month.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { count, figure, share, signed, targetShare } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { targetText } from '../dashboard/outlook.ts'
import { amountOf, meets, ordered, shareOf, sumFrom, viewOf } from './parts.ts'

/** The figure, and what its parts come to in one sentence. */
export function Said(props: {
  data: Breakdown
  rule: RuleFigure
  /** where the vehicles are completed that cannot be counted yet */
  pending: string
}) {
  const { data, rule, pending } = props
  const text = useText()
  const { t } = text
  const { total } = data
  const unit = t(`unit.${rule.unit}`)
  return (
    <div className="card breakdown-said">
      <p className="breakdown-figure">
        <b data-testid="breakdown-value">{figure(total.value, rule.unit)}</b>
        <span>
          {total.denominator === null ? unit : `${count(total.numerator)}/${count(total.denominator)}`}
          {rule.target !== null && (
            <>
              {' · '}
              {rule.unit === 'percent'
                ? t('breakdown.target', { target: targetText(rule) })
                : t('breakdown.ofTarget', { target: targetText(rule), unit })}
            </>
          )}
        </span>
        <AssessmentTag status={rule.status} />
      </p>
      <p className="breakdown-sentence" data-testid="breakdown-said">
        {saidOf(data, rule, text)}
      </p>
      {total.undetermined > 0 && (
        <Link to={pending} className="rule-undetermined">
          {t('breakdown.undetermined', { n: count(total.undetermined) })}
        </Link>
      )}
    </div>
  )
}

function saidOf(data: Breakdown, rule: RuleFigure, { t, pick }: Text): string {
  const total = `${count(amountOf(data.total))} ${t(`unit.${rule.unit === 'percent' ? 'vehicles' : rule.unit}`)}`
  if (data.by === 'month' && data.items.length > 0) return saidOfYear(data, rule, { t })
  if (viewOf(data) !== 'ranking' || data.items.length === 0) return t('breakdown.saidParts', { total })
  const { compared, small } = ordered(data)
  const many = (n: number) =>
    t(data.by === 'county' ? 'breakdown.saidCounty' : 'breakdown.saidOperator', { n: count(n), count: n })
  const who = many(compared.length)
  const apart = small.length > 0 ? t('breakdown.saidSmall', { n: count(small.length) }) : ''
  const [first, last] = [compared[0], compared.at(-1)]
  if (!first || !last) return `${t('breakdown.saidParts', { total })}${apart}`
  const { target } = data
  if (target !== null) {
    const met = compared.filter((part) => meets(part, target)).length
    const params = { who, target: targetShare(target), met: count(met), below: count(compared.length - met) }
    return `${t('breakdown.saidMet', params)}${apart}`
  }
  if (data.kind === 'rising-share')
    return `${t('breakdown.saidRising', { who, best: share(first.value), worst: share(last.value) })}${apart}`
  const having = compared.filter(({ numerator }) => numerator > 0)
  const unit = t(`unit.${rule.unit}`)
  return t('breakdown.saidCount', {
    ...{ who: many(having.length), first: pick(first.label), n: count(first.numerator), unit },
  })
}

/** What the last twelve months brought, beside the twelve before. */
function saidOfYear(data: Breakdown, rule: RuleFigure, { t }: Pick<Text, 't'>): string {
  const last = monthOf(data.asOf)
  const [year, before] = [
    sumFrom(data, monthAfter(last, -11), last),
    sumFrom(data, monthAfter(last, -23), monthAfter(last, -12)),
  ]
  if (data.kind === 'count')
    return t('breakdown.saidYearCount', {
      ...{ n: count(year.numerator), before: count(before.numerator), unit: t(`unit.${rule.unit}`) },
    })
  if (data.kind === 'rising-share')
    return t('breakdown.saidYearFleet', { n: signed(year.denominator), newEnergy: signed(year.numerator) })
  return t('breakdown.saidYearShare', {
    ...{ n: count(year.denominator), share: shareOf(year) },
    ...{ before: count(before.denominator), shareBefore: shareOf(before) },
  })
}
