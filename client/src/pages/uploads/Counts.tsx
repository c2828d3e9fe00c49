import type { ImportView } from '../../../../server/imports/schema.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

export interface RowFilter {
  outcome: string
  code: string
}

const OUTCOMES = ['new', 'changed', 'error', 'warning', 'missing', 'unchanged'] as const

/** How many rows came out how, and which faults they have: filters of the rows below. */
export function Counts({
  view,
  filter,
  onFilter,
}: {
  view: ImportView
  filter: RowFilter
  onFilter: (filter: RowFilter) => void
}) {
  const { t, label } = useText()
  const codes = Object.entries(view.codes)
    .filter(([, rows]) => rows > 0)
    .sort(([, a], [, b]) => b - a)
  const none = filter.outcome === '' && filter.code === ''
  return (
    <>
      <fieldset className="chips" aria-label={t('import.counts')}>
        <button
          type="button"
          className="chip"
          aria-pressed={none}
          onClick={() => onFilter({ outcome: '', code: '' })}
          data-testid="chip-all"
        >
          {t('import.total', { n: count(view.counts.total) })}
        </button>
        {OUTCOMES.filter((outcome) => view.counts[outcome] > 0 || filter.outcome === outcome).map(
          (outcome) => (
            <button
              key={outcome}
              type="button"
              className={`chip chip-${outcome}`}
              aria-pressed={filter.outcome === outcome}
              onClick={() => onFilter({ outcome: filter.outcome === outcome ? '' : outcome, code: '' })}
              data-testid={`chip-${outcome}`}
            >
              {label('outcome', outcome)}
              <b>{count(view.counts[outcome])}</b>
            </button>
          ),
        )}
      </fieldset>
      {codes.length > 0 && (
        <fieldset className="chips counts-codes" aria-label={t('import.codes')}>
          {codes.map(([code, rows]) => (
            <button
              key={code}
              type="button"
              className="chip chip-small"
              aria-pressed={filter.code === code}
              onClick={() => onFilter({ outcome: '', code: filter.code === code ? '' : code })}
              data-testid={`code-${code}`}
            >
              {label('issueName', code)}
              <b>{count(rows)}</b>
            </button>
          ))}
        </fieldset>
      )}
    </>
  )
}
