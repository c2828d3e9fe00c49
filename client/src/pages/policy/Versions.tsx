import type { PolicyVersion } from '../../../../server/policies/schema.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Differences } from './Differences.tsx'

/** Every version: since when, by whom, on what grounds, and what it changed. */
export function Versions({ versions }: { versions: readonly PolicyVersion[] }) {
  const { t } = useText()
  return (
    <section className="card policy-section">
      <h2>{t('policy.versions')}</h2>
      <p className="policy-hint">{t('policy.versionsHint')}</p>
      <ol className="policy-versions" data-testid="policy-versions">
        {versions.map(({ version, takesEffectAt, recordedBy, note, changed }) => (
          <li key={version} data-testid={`policy-version-${version}`}>
            <div className="policy-rule-head">
              <h3>{t('policy.versionText', { n: version })}</h3>
              <small>
                {takesEffectAt ? t('policy.since', { at: instant(takesEffectAt) }) : t('policy.always')}
                {' · '}
                {recordedBy ? t('policy.byWhom', { name: recordedBy }) : t('policy.shipped')}
              </small>
            </div>
            {note && <p>{t('policy.noteText', { note })}</p>}
            <Differences changed={changed} />
          </li>
        ))}
      </ol>
    </section>
  )
}
