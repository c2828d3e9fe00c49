import type { Breakdown, RuleFigure } from '../../../../server/compliance/schema.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { count, figure, share, targetShare } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { targetText } from '../dashboard/outlook.ts'
import { amountOf, meets, ordered, viewOf } from './parts.ts'

/** The figure, and what its parts come to in one sentence. */
export function Said({ data, rule }: { data: Breakdown; rule: RuleFigure }) {
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
    </div>
  )
}

function saidOf(data: Breakdown, rule: RuleFigure, { t, pick }: Text): string {
  const total = `${count(amountOf(data.total))} ${t(`unit.${rule.unit === 'percent' ? 'vehicles' : rule.unit}`)}`
  if (viewOf(data) !== 'ranking' || data.items.length === 0) return t('breakdown.saidParts', { total })
  const { compared, small } = ordered(data)
  const many = (n: number) =>
    t(data.by === 'county' ? 'breakdown.saidCounty' : 'breakdown.saidOperator', { n: count(n), count: n })
  const who = many(compared.length)
  const apart = small.length > 0 ? ` ${t('breakdown.saidSmall', { n: count(small.length) })}` : ''
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
