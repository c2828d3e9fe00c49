import { Button, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router-dom'
import { EMISSIONS, type Emission } from '../../../../server/domain/vocabulary.ts'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'
import type { Pending } from './pending.ts'
import { NoEntry } from './useComplete.ts'

/** The emission standard of one vehicle, chosen and filled in right in its line. */
export function Completing(props: {
  pending: Pending
  onSave: (emission: Emission) => void
  busy: boolean
  /** why it could not be filled in */
  error: unknown
}) {
  const { pending, onSave, busy, error } = props
  const { t, label } = useText()
  const problem = useProblemText()
  const [emission, setEmission] = useState<Emission>()
  const { plate, vin } = pending.vehicle
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
        onClick={() => emission && !busy && onSave(emission)}
        aria-label={t('completing.saveOf', { plate })}
        data-testid="complete-save"
      >
        {t('completing.save')}
      </Button>
      {error != null && (
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
