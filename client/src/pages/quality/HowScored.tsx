import { useText } from '../../i18n/index.ts'

/** How the score is made, in words. */
export function HowScored({ reportingDays: n }: { reportingDays: number }) {
  const { t } = useText()
  return (
    <details className="card how-scored" data-testid="how-scored">
      <summary>{t('qualityPage.how')}</summary>
      <p>{t('qualityPage.how1')}</p>
      <ul>
        <li>{t('qualityPage.howLate', { n })}</li>
        <li>{t('qualityPage.howMonths', { n })}</li>
        <li>{t('qualityPage.howFacts')}</li>
        <li>{t('qualityPage.howWarnings')}</li>
      </ul>
    </details>
  )
}
