import { CheckCircleFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import { useProblemText } from '../../components/problem.ts'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { type Completed, useUndo } from './useComplete.ts'

/** What has just been completed, what became of the figure, and the way back. */
export function Recent(props: { done: readonly Completed[]; onUndone: (key: string) => void }) {
  const { done, onUndone } = props
  const undo = useUndo()
  const { t, label } = useText()
  const problem = useProblemText()
  if (done.length === 0) return null
  return (
    <section className="card recent" aria-labelledby="recent-title" data-testid="recent">
      <h2 id="recent-title">{t('completing.recent', { n: count(done.length), count: done.length })}</h2>
      <ul aria-live="polite">
        {done.map(({ pending: { key, vehicle }, emission, effect, made }) => (
          <li key={key}>
            <CheckCircleFilled aria-hidden />
            <VehicleLink vin={vehicle.vin} plate={vehicle.plate} newEnergy={isNewEnergy(vehicle.energy)} />
            <span>{t('completing.done', { standard: label('emission', emission) })}</span>
            <b>
              {effect
                ? t('completing.counted', {
                    before: count(effect.before.numerator),
                    after: count(effect.after.numerator),
                  })
                : t('completing.notCounted')}
            </b>
            {made && (
              <Button
                type="link"
                size="small"
                loading={undo.isPending && undo.variables.made.id === made.id}
                onClick={() =>
                  undo.mutate(
                    { made, reason: t('completing.undoReason') },
                    { onSuccess: () => onUndone(key) },
                  )
                }
                data-testid="complete-undo"
              >
                {t('completing.undo')}
              </Button>
            )}
            {made && undo.isError && undo.variables.made.id === made.id && (
              <span role="alert" className="completing-failed">
                {problem(undo.error)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
