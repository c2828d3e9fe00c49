import type { ImportView } from '../../../../server/imports/schema.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

export interface RowFilter {
  outcome: string
  code: string
}

const OUTCOMES = ['new', 'changed', 'error', 'warning', 'unchanged', 'missing'] as const

/** How many rows came out how, as filters of the rows below. */
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
  const codes = Object.entries(view.codes).sort(([, a], [, b]) => b - a)
  const none = filter.outcome === '' && filter.code === ''
  return (
    <section className="card counts" aria-labelledby="counts-title">
      <h2 id="counts-title">{t('import.counts')}</h2>
      <div className="chips">
        <button
          type="button"
          className="chip"
          aria-pressed={none}
          onClick={() => onFilter({ outcome: '', code: '' })}
          data-testid="chip-all"
        >
          {t('import.total', { n: count(view.counts.total) })}
        </button>
        {OUTCOMES.filter((outcome) => view.counts[outcome] > 0).map((outcome) => (
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
        ))}
      </div>
      {codes.length > 0 && (
        <>
          <h3>{t('import.codes')}</h3>
          <div className="chips">
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
          </div>
        </>
      )}
    </section>
  )
}
