import { Link } from 'react-router-dom'
import type { ChangeView } from '../../../server/changes/schema.ts'
import { useText } from '../i18n/index.ts'

/** Where an entry came from: the upload and its row, or an officer's hand. */
export function SourceLink({ change }: { change: Pick<ChangeView, 'source' | 'recordedBy'> }) {
  const { t } = useText()
  const { source, recordedBy } = change
  if (!source) return <span>{`${t('evidence.entered')} · ${recordedBy.name}`}</span>
  return (
    <span className="source">
      <Link to={`/uploads/${source.import}`}>{source.filename}</Link>{' '}
      <span className="source-row">{t('common.row', { row: source.row })}</span>
    </span>
  )
}
