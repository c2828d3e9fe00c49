import type { Policy } from '../../../../server/domain/policy.ts'
import { useText } from '../../i18n/index.ts'
import { lifeText } from './words.ts'

/** How long vehicles may stay in service, and how soon changes are to be recorded. */
export function PolicyLives({ policy }: { policy: Policy }) {
  const text = useText()
  const { t } = text
  return (
    <section className="card policy-section">
      <h2>{t('policy.lives')}</h2>
      {policy.serviceLives.length === 0 ? (
        <p>{t('policy.noLives')}</p>
      ) : (
        <table className="policy-table" data-testid="policy-lives">
          <thead>
            <tr>
              <th>{t('policy.lifeCategory')}</th>
              <th>{t('policy.lifeYears')}</th>
              <th>{t('policy.lifeSource')}</th>
            </tr>
          </thead>
          <tbody>
            {policy.serviceLives.map(({ category, energies = [], years, source }) => (
              <tr key={[category, ...energies].join(' ')}>
                <td>{lifeText([category, ...energies].join(' '), text)}</td>
                <td className="policy-number">{t('policy.years', { n: years })}</td>
                <td>{source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h2>{t('policy.reporting')}</h2>
      <p data-testid="policy-reporting">{t('policy.reportingText', { n: policy.reportingDays })}</p>
    </section>
  )
}
