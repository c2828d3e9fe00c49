import { Link } from 'react-router-dom'
import type { Movement, ReportContent } from '../../../../server/reports/schema.ts'
import { useText } from '../../i18n/index.ts'
import { Figure, Part } from './figures.tsx'

/** What moved since the report before, and why; it was frozen with the report. */
export function MovedPanel({ content }: { content: ReportContent }) {
  const { t, pick } = useText()
  const { previous, moved, figures } = content
  if (!previous) return <p data-testid="moved">{t('reports.noPrevious')}</p>
  const lines = moved.filter(hasMoved)
  const title = (id: string) => {
    const rule = figures.rules.find((one) => one.id === id)
    return rule ? pick(rule.title) : id
  }
  if (lines.length === 0) return <p data-testid="moved">{t('reports.nothingMoved')}</p>
  return (
    <div data-testid="moved">
      <p>
        {t('reports.movedLead', { number: previous.number, day: previous.asOf })}{' '}
        <Link to={`/reports/${previous.id}`}>{t('reports.previous')}</Link>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keys, too */}
      <div className="report-wide" tabIndex={0}>
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">{t('reports.rule')}</th>
              <th scope="col">{t('reports.before')}</th>
              <th scope="col">{t('reports.after')}</th>
              <th scope="col">{t('reports.why')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ rule, before, after, because }) => (
              <tr key={rule} data-testid={`moved-${rule}`}>
                <th scope="row">{title(rule)}</th>
                <td>{before ? <Figure {...before} /> : t('reports.added')}</td>
                <td>
                  <Figure {...after} />
                </td>
                <td>
                  <Part name={t('reports.happened')} part={because.happened} />
                  <Part name={t('reports.late')} part={because.late} />
                  <Part name={t('reports.corrected')} part={because.corrected} />
                  <Part name={t('reports.policyPart')} part={because.policy} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lines.length < moved.length && (
        <p className="hint">{t('reports.sameRules', { n: moved.length - lines.length })}</p>
      )}
    </div>
  )
}

const hasMoved = ({ before, after, because }: Movement): boolean =>
  before === null ||
  before.status !== after.status ||
  Object.values(because).some((part) => part.numerator !== 0 || (part.denominator ?? 0) !== 0)
