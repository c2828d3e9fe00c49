import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import type { Basis, RuleProjection, ScenarioResult } from '../../../../server/scenarios/schema.ts'
import { outcomeText, type ScenarioWords } from '../../../../server/wording/scenario-text.ts'
import { address } from '../../api/client.ts'
import { AssessmentTag, assessmentTone, Tag } from '../../components/Tag.tsx'
import { count, figure, targetShare } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** Every target at the period's end, changing as the steps are moved. */
export function OutcomePanel(props: {
  result: ScenarioResult
  words: ScenarioWords
  /** newer numbers are on their way */
  waiting: boolean
  /** the part of the city whose figures they are; null for all of it */
  county: string | null
  children?: ReactNode
}) {
  const { result, words, waiting, county } = props
  const { t } = useText()
  const { basis, rules } = result
  const targets = rules.filter((r) => r.target !== null)
  const met = targets.filter((r) => r.end.status === 'met').length
  const others = rules.filter((r) => r.target === null && (r.moved || county !== null))
  return (
    <section
      className={waiting ? 'card scenario-result is-waiting' : 'card scenario-result'}
      aria-busy={waiting}
    >
      <div className="card-head">
        <h2>{t('whatIf.result')}</h2>
        {targets.length > 0 && (
          <Tag tone={met === targets.length ? 'good' : 'warn'} testId="scenario-met">
            {t('whatIf.met', { met, total: targets.length })}
          </Tag>
        )}
      </div>
      <p className="hint scenario-basis" data-testid="scenario-basis">
        {t('whatIf.basis', { asOf: basis.asOf, until: basis.until, months: count(basis.months) })}
        {county !== null && <> · {t('whatIf.part', { county: words.county(county) })}</>}
      </p>
      <ul className="scenario-rules" aria-live="polite">
        {targets.map((rule) => (
          <Outcome key={rule.id} rule={rule} basis={basis} words={words} county={county} />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h3 className="scenario-others">{t('whatIf.fleets')}</h3>
          <ul className="scenario-rules scenario-rules-small">
            {others.map((rule) => (
              <Other key={rule.id} rule={rule} />
            ))}
          </ul>
        </>
      )}
      {props.children}
    </section>
  )
}

/** The same in a few lines, for a telephone: it stays in sight while a finger moves the numbers below. */
export function OutcomeStrip({ result, waiting }: { result: ScenarioResult; waiting: boolean }) {
  const { pick } = useText()
  const targets = result.rules.filter((r) => r.target !== null)
  if (targets.length === 0) return null
  return (
    <ul className="scenario-strip" aria-hidden aria-busy={waiting} data-testid="scenario-strip">
      {targets.map((rule) => (
        <li key={rule.id}>
          <span>{pick(rule.title)}</span>
          <b>{figure(rule.end.value, rule.unit)}</b>
          <AssessmentTag status={rule.end.status} />
        </li>
      ))}
    </ul>
  )
}

const targetOf = (rule: RuleProjection): string =>
  rule.unit === 'percent' ? targetShare(rule.target ?? 0) : count(rule.target)

function Outcome({
  rule,
  basis,
  words,
  county,
}: {
  rule: RuleProjection
  basis: Basis
  words: ScenarioWords
  county: string | null
}) {
  const { t, pick } = useText()
  const behind = { asOf: basis.asOf, knownAt: basis.knownAt, county: county ?? '' }
  const unit = t(`unit.${rule.unit}`)
  const note = outcomeText(rule, words)
  const [now, end, pace] = [rule.now, rule.end, rule.pace].map((s) => figure(s.value, rule.unit))
  const counted =
    rule.end.denominator === null ? unit : `${count(rule.end.numerator)}/${count(rule.end.denominator)}`
  return (
    <li className={`scenario-rule tone-${assessmentTone(rule.end.status)}`} data-testid={`end-${rule.id}`}>
      <div className="scenario-rule-head">
        <h3>{pick(rule.title)}</h3>
        <AssessmentTag status={rule.end.status} testId={`end-status-${rule.id}`} />
      </div>
      <p className="scenario-value">
        <b data-testid={`end-value-${rule.id}`}>{end}</b>
        <span>{rule.end.value === null ? '' : counted}</span>
        <span className="scenario-note">{note}</span>
      </p>
      <Bar rule={rule} />
      <p className="scenario-small">
        <Link to={address(`/evidence/${rule.id}`, behind)}>{t('whatIf.now', { value: now ?? '' })}</Link>
        <span>{t('whatIf.paceValue', { value: pace ?? '' })}</span>
        <span>{t('whatIf.target', { value: targetOf(rule) })}</span>
      </p>
    </li>
  )
}

/** From today's figure to the one at the end, with the target marked. */
function Bar({ rule }: { rule: RuleProjection }) {
  const { t, pick } = useText()
  const [now, end, target] = [rule.now.value ?? 0, rule.end.value ?? 0, rule.target ?? 0]
  const most = rule.unit === 'percent' ? 100 : Math.max(target, end) * 1.04 || 1
  const at = (value: number) => `${Math.min(100, (value * 100) / most)}%`
  const [low, high] = [Math.min(now, end), Math.max(now, end)]
  const said = { title: pick(rule.title), now: figure(now, rule.unit), end: figure(end, rule.unit) }
  return (
    <div
      className="scenario-bar"
      role="img"
      aria-label={t('whatIf.barOf', { ...said, target: targetOf(rule) })}
    >
      <span className="scenario-bar-now" style={{ width: at(low) }} />
      <span
        className={end < now ? 'scenario-bar-lost' : 'scenario-bar-more'}
        style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }}
      />
      <span className="scenario-bar-target" style={{ left: at(target) }} />
    </div>
  )
}

function Other({ rule }: { rule: RuleProjection }) {
  const { pick } = useText()
  return (
    <li data-testid={`end-${rule.id}`}>
      <span>{pick(rule.title)}</span>
      <span>
        {figure(rule.now.value, rule.unit)} → <b>{figure(rule.end.value, rule.unit)}</b>
      </span>
    </li>
  )
}
