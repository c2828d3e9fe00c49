import { Alert, Button } from 'antd'
import type { ImportView } from '../../../../../server/imports/schema.ts'
import { count } from '../../../format.ts'
import { useText } from '../../../i18n/index.ts'
import type { RowFilter } from '../Counts.tsx'
import type { Mending } from './useMending.ts'
import { WORDS } from './words.ts'

/** What a fleet list leaves open, with an answer for all at once: new vehicles to class, vehicles that it lacks. */
export function BulkBars(props: {
  view: ImportView
  mending: Mending
  filter: RowFilter
  onFilter: (filter: RowFilter) => void
}) {
  const { view, mending, filter, onFilter } = props
  const { t, label } = useText()
  const unclassed = view.codes['kind.unclassed'] ?? 0
  const { missing } = view.counts
  if (view.mode !== 'fleet' || (unclassed === 0 && missing === 0)) return null
  return (
    <div className="bulk">
      {unclassed > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('fleetRow.classTitle', { n: count(unclassed), count: unclassed })}
          description={
            <>
              {t('fleetRow.classHint')}
              <div className="bulk-actions">
                {mending.may &&
                  (['stock', 'added'] as const).map((kind) => (
                    <Button
                      key={kind}
                      size="small"
                      loading={mending.busy}
                      onClick={() => mending.mendWhere({ code: 'kind.unclassed' }, { kind: WORDS[kind] })}
                      data-testid={`class-all-${kind}`}
                    >
                      {t('fleetRow.classAll')}
                      {label('kind', kind)}
                    </Button>
                  ))}
                {filter.code !== 'kind.unclassed' && (
                  <Button
                    size="small"
                    type="link"
                    onClick={() => onFilter({ outcome: '', code: 'kind.unclassed' })}
                  >
                    {t('fleetRow.classShow')}
                  </Button>
                )}
              </div>
            </>
          }
          data-testid="bulk-class"
        />
      )}
      {missing > 0 && (
        <Alert
          type="info"
          showIcon
          title={t('fleetRow.missingTitle', { n: count(missing), count: missing })}
          description={
            <>
              {t('fleetRow.missingHint')}
              {filter.outcome !== 'missing' && (
                <div className="bulk-actions">
                  <Button
                    size="small"
                    type="link"
                    onClick={() => onFilter({ outcome: 'missing', code: '' })}
                    data-testid="show-missing"
                  >
                    {t('fleetRow.missingShow')}
                  </Button>
                </div>
              )}
            </>
          }
          data-testid="bulk-missing"
        />
      )}
    </div>
  )
}
