import { CheckCircleFilled, WarningFilled } from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Compliance, RuleFigure } from '../../../../server/compliance/schema.ts'
import type { EvidenceItem } from '../../api/queries.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { count, figure, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** The number, how many changes it is made of, and whether those listed add up to it. */
export function Proof(props: {
  figures: Compliance
  rule: RuleFigure
  items: readonly EvidenceItem[]
  total: number | undefined
  complete: boolean
  undetermined: boolean
  /** the number is a cell's of a breakdown: how the whole stands says nothing of it */
  part: boolean
  toggle: ReactNode
}) {
  const { figures, rule, items, total, complete, undetermined, part, toggle } = props
  const { t } = useText()
  const numerator = items.reduce((sum, item) => sum + item.numerator, 0)
  const denominator = items.reduce((sum, item) => sum + item.denominator, 0)
  const ofShare = rule.kind !== 'count'
  const matches = numerator === rule.numerator && (!ofShare || denominator === rule.denominator)
  const sum = ofShare ? `${count(numerator)}/${count(denominator)}` : count(numerator)
  return (
    <div className="card proof">
      <div className="proof-figure">
        <span className="hint">{t('evidence.figure')}</span>
        <b data-testid="evidence-total">
          {undetermined ? count(rule.undetermined) : figure(rule.value, rule.unit)}
        </b>
        {!undetermined && (
          <span>
            {ofShare ? `${count(rule.numerator)}/${count(rule.denominator)}` : t(`unit.${rule.unit}`)}
          </span>
        )}
        {!undetermined && !part && <AssessmentTag status={rule.status} />}
      </div>
      <div className="proof-text">
        {total !== undefined && (
          <span data-testid="evidence-count">{t('evidence.madeOf', { n: count(total), count: total })}</span>
        )}
        {!undetermined &&
          (complete ? (
            <span
              className={matches ? 'proof-good' : 'proof-bad'}
              data-testid="evidence-match"
              data-matches={matches}
            >
              {matches ? <CheckCircleFilled /> : <WarningFilled />}{' '}
              {t(matches ? 'evidence.match' : 'evidence.mismatch')}
            </span>
          ) : (
            <span className="hint">{t('evidence.sumListed', { sum })}</span>
          ))}
        <span className="hint">
          {t('dashboard.asOfLine', { asOf: figures.asOf })} ·{' '}
          {t('dashboard.knownLine', { knownAt: instant(figures.knownAt) })} · {rule.source}
        </span>
        {toggle}
      </div>
    </div>
  )
}
