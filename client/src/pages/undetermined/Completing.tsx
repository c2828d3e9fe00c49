import { Button, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router-dom'
import { EMISSIONS, type Emission } from '../../../../server/domain/vocabulary.ts'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'
import type { Pending } from './pending.ts'
import { type Completed, NoEntry, useComplete } from './useComplete.ts'

/** The emission standard of one vehicle, chosen and filled in right in its line. */
export function Completing(props: {
  pending: Pending
  /** id of the rule that waits for it */
  rule: string
  /** the reason that goes with it; undefined when there is none, which is asked for then */
  reason: () => string | undefined
  onDone: (done: Completed) => void
}) {
  const { pending, rule, reason, onDone } = props
  const { mutate, isPending: busy, error } = useComplete(pending, rule, onDone)
  const { t, label } = useText()
  const problem = useProblemText()
  const [emission, setEmission] = useState<Emission>()
  const { plate, vin } = pending.vehicle
  const save = () => {
    const why = emission && !busy ? reason() : undefined
    if (emission && why) mutate({ emission, reason: why })
  }
  return (
    <div className="completing" data-testid={`complete-${vin}`}>
      <Select<Emission>
        value={emission}
        onChange={setEmission}
        options={EMISSIONS.map((value) => ({ value, label: label('emission', value) }))}
        placeholder={t('completing.choose')}
        aria-label={t('completing.standardOf', { plate })}
        data-testid="complete-standard"
      />
      <Button
        type="primary"
        disabled={emission === undefined}
        loading={busy}
        onClick={save}
        aria-label={t('completing.saveOf', { plate })}
        data-testid="complete-save"
      >
        {t('completing.save')}
      </Button>
      {error && (
        <p className="completing-failed" role="alert">
          {error instanceof NoEntry ? t('completing.noEntry') : problem(error)}{' '}
          <Link
            to={
              error instanceof NoEntry
                ? `/vehicles/${encodeURIComponent(vin)}`
                : `/changes/${pending.change.id}/correct`
            }
          >
            {t('completing.elsewhere')}
          </Link>
        </p>
      )}
    </div>
  )
}
