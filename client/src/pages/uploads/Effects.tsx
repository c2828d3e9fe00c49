import { Alert } from 'antd'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { useMe } from '../../app/session.tsx'
import { EffectList, useRuleTitle } from '../../components/EffectList.tsx'
import { useText } from '../../i18n/index.ts'
import { breaks, moved, regains } from './effects.ts'
import { isPending } from './useImport.ts'

/** What a list does to the figures, with a plain warning when it breaks or regains a target. */
export function Effects({ view }: { view: ImportView }) {
  const { t } = useText()
  const me = useMe()
  const title = useRuleTitle()
  const pending = isPending(view.status)
  const effects = moved(view.effects)
  // Of a list that reaches beyond the county only the bureau sees what it does.
  const hidden = me.role === 'county-officer' && view.status === 'submitted' && !view.may.includes('approve')
  return (
    <section className="card" aria-labelledby="effects-title">
      <div className="card-head">
        <h2 id="effects-title">{t(pending ? 'import.effects' : 'import.effectsDone')}</h2>
        {pending && effects.length > 0 && <span className="hint">{t('import.effectsHint')}</span>}
      </div>
      {pending && (
        <div className="effect-warnings">
          {effects.filter(breaks).map(({ rule }) => (
            <Alert
              key={rule}
              type="error"
              showIcon
              title={t('import.warnBreached', { title: title(rule) })}
              data-testid={`warn-${rule}`}
            />
          ))}
          {effects.filter(regains).map(({ rule }) => (
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
      {effects.length === 0 ? (
        <p className="hint">{t(hidden ? 'import.effectsBureau' : 'import.noEffects')}</p>
      ) : (
        <EffectList effects={effects} />
      )}
    </section>
  )
}
