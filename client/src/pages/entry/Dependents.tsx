import { Link } from 'react-router-dom'
import type { ProblemBody } from '../../../../server/http/schema.ts'
import { useText } from '../../i18n/index.ts'

/** Later entries that stand in the way, each with a link to where it can be dealt with. */
export function Dependents({ faults }: { faults: ProblemBody['errors'] }) {
  const { t, label } = useText()
  if (faults.length === 0) return null
  return (
    <ul className="dependents" data-testid="dependents">
      {faults.map(({ path, params = {} }) => (
        <li key={path}>
          {params.vin ? (
            <Link to={`/vehicles/${encodeURIComponent(params.vin)}#change-${path}`} target="_blank">
              {params.on} {label('kind', params.kind ?? '')} {params.plate}
            </Link>
          ) : (
            t('entry.dependentElsewhere')
          )}
        </li>
      ))}
    </ul>
  )
}
