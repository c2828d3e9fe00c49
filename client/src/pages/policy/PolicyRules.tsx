import type { Rule } from '../../../../server/domain/policy.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { ruleText, targetText } from './words.ts'

/** Each rule in words: what it counts, what it has to reach, where it comes from and how it is read. */
export function PolicyRules({ rules }: { rules: readonly Rule[] }) {
  const text = useText()
  const { t, pick } = text
  return (
    <section className="card policy-section">
      <h2>{t('policy.rules')}</h2>
      <ul className="policy-rules" data-testid="policy-rules">
        {rules.map((rule) => (
          <li key={rule.id} data-testid={`policy-rule-${rule.id}`}>
            <div className="policy-rule-head">
              <h3>{pick(rule.title)}</h3>
              <b className="policy-target">{targetText(rule, text)}</b>
            </div>
            <p>{ruleText(rule, text)}</p>
            {rule.readings.map((reading) => (
              <p key={reading.zh} className="policy-reading">
                {t('policy.reading')}
                {pick(reading)}
              </p>
            ))}
            {rule.kind === 'count' && rule.milestones.length > 0 && (
              <p className="policy-reading">
                {t('policy.milestonesText', {
                  points: rule.milestones
                    .map(({ on, value }) => t('policy.milestone', { on, value: count(value) }))
                    .join(' · '),
                })}
              </p>
            )}
            <small>
              {t('policy.source')} {rule.source}
            </small>
          </li>
        ))}
      </ul>
    </section>
  )
}
