import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router-dom'
import type { ReportKind } from '../../../../server/reports/schema.ts'
import { reportQueries } from '../../api/reports.ts'
import { Resource } from '../../components/Resource.tsx'
import { MailTag } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'

/** Who got a report by mail, and whether it arrived. */
export function WhoPanel({ kind, period }: { kind: ReportKind; period: string }) {
  const { t } = useText()
  const query = useQuery(reportQueries.mails(kind, period))
  return (
    <Resource query={query}>
      {({ items, total }) =>
        items.length === 0 ? (
          <p data-testid="who">{t('reports.mailNone')}</p>
        ) : (
          <div data-testid="who">
            <p>{t('reports.mailLead', { n: total ?? items.length, count: total ?? items.length })}</p>
            <ul className="report-entries">
              {items.map((mail) => (
                <li key={mail.id}>
                  <Link to={`/mails/${mail.id}`}>{mail.name || mail.to}</Link>{' '}
                  <span className="hint">{mail.to}</span> <MailTag status={mail.status} />
                </li>
              ))}
            </ul>
            {(total ?? 0) > items.length && (
              <p>
                <Link to={`/mails?kind=${kind}`}>{t('reports.toMails')}</Link>
              </p>
            )}
          </div>
        )
      }
    </Resource>
  )
}
