import { Link } from 'react-router-dom'
import type { Movement, ReportContent } from '../../../../server/reports/schema.ts'
import { useText } from '../../i18n/index.ts'
import { Figure, MovesTable, Part, useReportedTitle } from './figures.tsx'

/** What moved since the report before, and why; it was frozen with the report. */
export function MovedPanel({ content }: { content: ReportContent }) {
  const { t } = useText()
  const title = useReportedTitle(content)
  const { previous, moved } = content
  if (!previous) return <p data-testid="moved">{t('reports.noPrevious')}</p>
  const lines = moved.filter(hasMoved)
  if (lines.length === 0) return <p data-testid="moved">{t('reports.nothingMoved')}</p>
  return (
    <div data-testid="moved">
      <p>
        {t('reports.movedLead', { number: previous.number, day: previous.asOf })}{' '}
        <Link to={`/reports/${previous.id}`}>{t('reports.previous')}</Link>
      </p>
      <MovesTable heads={[t('reports.rule'), t('reports.before'), t('reports.after'), t('reports.why')]}>
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
      </MovesTable>
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
