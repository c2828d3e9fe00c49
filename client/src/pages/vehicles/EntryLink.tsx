import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { Link, useNavigate } from 'react-router-dom'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { queries } from '../../api/queries.ts'
import { useProblemText } from '../../components/problem.ts'
import { usePast } from '../../components/usePast.ts'
import { useText } from '../../i18n/index.ts'

/** Where an entry stands on its vehicle's page. */
export const entryHash = (id: string): string => `#change-${id}`

/**
 * Leads to the entry that another corrects or is corrected by: on this page, or on that of the vehicle that it is
 * about, as a correction may be of the very vehicle.
 */
export function EntryLink({ id, history }: { id: string; history: readonly ChangeView[] }) {
  const { t, label } = useText()
  const problem = useProblemText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const { carry } = usePast()
  const here = history.find((change) => change.id === id)
  if (here)
    return (
      <Link to={{ search: window.location.search, hash: entryHash(id) }}>
        {t('entry.otherEntry', { on: here.on, kind: label('kind', here.kind) })}
      </Link>
    )
  const find = async () => {
    try {
      const change = await client.fetchQuery(queries.change(id))
      navigate(carry(`/vehicles/${encodeURIComponent(change.vehicle.vin)}`) + entryHash(id))
    } catch (error) {
      void message.error(problem(error), 6)
    }
  }
  return (
    <button type="button" className="entry-link" onClick={() => void find()}>
      {t('entry.thatEntry')}
    </button>
  )
}
