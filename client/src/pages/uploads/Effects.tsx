import { Alert } from 'antd'
import type { Effect } from '../../../../server/changes/schema.ts'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { EffectList, useRuleTitle } from '../../components/EffectList.tsx'
import { useText } from '../../i18n/index.ts'

const BROKEN = new Set(['breached', 'behind', 'missed'])
const HELD = new Set(['on-track', 'met'])
/** A target that held and would not any more. */
const breaks = ({ before, after }: Effect): boolean =>
  BROKEN.has(after.status) && !BROKEN.has(before.status) && before.status !== 'at-risk'
/** A target that was missed and would be reached. */
const regains = ({ before, after }: Effect): boolean => HELD.has(after.status) && BROKEN.has(before.status)

/** What a list does to the figures, with a plain warning when it breaks or regains a target. */
export function Effects({ view }: { view: ImportView }) {
  const { t } = useText()
  const title = useRuleTitle()
  const pending = view.status === 'checked' || view.status === 'submitted'
  return (
    <section className="card" aria-labelledby="effects-title">
      <div className="card-head">
        <h2 id="effects-title">{t(pending ? 'import.effects' : 'import.effectsDone')}</h2>
        {pending && view.effects.length > 0 && <span className="hint">{t('import.effectsHint')}</span>}
      </div>
      {pending && (
        <div className="effect-warnings">
          {view.effects.filter(breaks).map(({ rule }) => (
            <Alert
              key={rule}
              type="error"
              showIcon
              title={t('import.warnBreached', { title: title(rule) })}
              data-testid={`warn-${rule}`}
            />
          ))}
          {view.effects.filter(regains).map(({ rule }) => (
            <Alert
              key={rule}
              type="success"
              showIcon
              title={t('import.warnRegained', { title: title(rule) })}
              data-testid={`regain-${rule}`}
            />
          ))}
        </div>
      )}
      {view.effects.length === 0 ? (
        <p className="hint">{t('import.noEffects')}</p>
      ) : (
        <EffectList effects={view.effects} />
      )}
    </section>
  )
}
