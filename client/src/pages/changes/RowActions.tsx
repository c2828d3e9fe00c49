import { Button } from 'antd'
import { Link } from 'react-router-dom'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { useText } from '../../i18n/index.ts'

/** What can be done with an entry that stands: put it right, or withdraw it. */
export function RowActions({ change, onVoid }: { change: ChangeView; onVoid: (change: ChangeView) => void }) {
  const { t } = useText()
  if (change.voidedAt !== null) return null
  return (
    <span className="row-actions">
      <Link to={`/changes/${change.id}/correct`}>{t('entry.correct')}</Link>
      <Button size="small" onClick={() => onVoid(change)} data-testid={`void-${change.id}`}>
        {t('vehicle.void')}
      </Button>
    </span>
  )
}
