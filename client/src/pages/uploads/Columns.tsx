import type { ImportView } from '../../../../server/imports/schema.ts'
import { useText } from '../../i18n/index.ts'

/** How the columns were read, so that a misread one is noticed. */
export function Columns({ view }: { view: ImportView }) {
  const { t, label } = useText()
  const known = view.columns.filter((c) => c.field !== null)
  const unknown = view.columns.filter((c) => c.field === null && c.header !== '')
  return (
    <section className="card columns" aria-labelledby="columns-title">
      <h2 id="columns-title">{t('import.columns')}</h2>
      <h3>{t('import.recognised')}</h3>
      <ul>
        {known.map((c) => (
          <li key={c.letter}>
            <span className="letter">{c.letter}</span> {c.header}
            {c.field && c.header !== label('field', c.field) && (
              <span className="hint"> → {label('field', c.field)}</span>
            )}
          </li>
        ))}
      </ul>
      {unknown.length === 0 ? (
        <p className="hint">{t('import.allRecognised')}</p>
      ) : (
        <>
          <h3>{t('import.unrecognised')}</h3>
          <ul data-testid="unrecognised">
            {unknown.map((c) => (
              <li key={c.letter} className="column-unknown">
                <span className="letter">{c.letter}</span> {c.header}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
