import type { PolicyView } from '../../../../server/policies/schema.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** Which document is in force, for how long, in which version. */
export function PolicyHead({ view: { policy, versions } }: { view: PolicyView }) {
  const { t, pick } = useText()
  const since = versions[0]?.takesEffectAt ?? null
  return (
    <dl className="card policy-head" data-testid="policy-head">
      <div>
        <dt>{t('policy.document')}</dt>
        <dd>
          <b>{pick(policy.title)}</b>
          <span>
            {policy.issuer} {policy.number} · {t('policy.issued', { on: policy.issuedOn })}
          </span>
        </dd>
      </div>
      <div>
        <dt>{t('policy.period')}</dt>
        <dd>{t('policy.periodText', policy.period)}</dd>
      </div>
      <div>
        <dt>{t('policy.version')}</dt>
        <dd>
          <b data-testid="policy-version">{t('policy.versionText', { n: policy.version })}</b>
          <span>{since ? t('policy.since', { at: instant(since) }) : t('policy.always')}</span>
        </dd>
      </div>
      <div>
        <dt>{t('policy.regions')}</dt>
        <dd>{t('policy.regionsText', { city: pick(policy.city.name), n: policy.regions.length })}</dd>
      </div>
    </dl>
  )
}
