import { Link } from 'react-router-dom'
import type { ReportContent, SinceReport } from '../../../../server/reports/schema.ts'
import { address } from '../../api/client.ts'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Figure, MovesTable, Part, useReportedTitle } from './figures.tsx'

interface Props {
  content: ReportContent
  since: SinceReport
}

/** What has changed in the ledger since a report was made; the report itself says what it said. */
export function SincePanel({ content, since }: Props) {
  const { t, pick } = useText()
  const { asOf, knownAt, knownNow, policy, dropped } = since
  return (
    <div data-testid="since" data-changed={since.changed}>
      {policy.before !== policy.after && (
        <p>{t('reports.sincePolicy', { from: policy.before, to: policy.after })}</p>
      )}
      <p>{t(since.changed ? 'reports.sinceSome' : 'reports.sinceNone', { day: asOf })}</p>
      {since.changed && <Changes content={content} since={since} />}
      {dropped.length > 0 && (
        <p>{t('reports.dropped', { titles: dropped.map(({ title }) => pick(title)).join(' · ') })}</p>
      )}
      <p className="hint">{t('reports.sinceAt', { made: instant(knownAt), now: instant(knownNow) })}</p>
    </div>
  )
}

type Line = SinceReport['rules'][number]

const isMoved = ({ before, after, recorded, voided }: Line): boolean =>
  recorded > 0 ||
  voided > 0 ||
  before === null ||
  before.numerator !== after.numerator ||
  before.denominator !== after.denominator ||
  before.status !== after.status

function Changes({ content, since }: Props) {
  const { t } = useText()
  const moved = since.rules.filter(isMoved)
  const same = since.rules.length - moved.length
  return (
    <>
      <MovesTable
        heads={[
          t('reports.rule'),
          t('reports.inReport'),
          t('reports.now'),
          t('reports.why'),
          t('reports.entries'),
        ]}
      >
        {moved.map((line) => (
          <Changed key={line.rule} line={line} content={content} since={since} />
        ))}
      </MovesTable>
      {same > 0 && <p className="hint">{t('reports.sameRules', { n: same })}</p>}
      <Entries {...since} />
    </>
  )
}

function Changed({ line, content, since }: Props & { line: Line }) {
  const { t } = useText()
  const title = useReportedTitle(content)
  const { rule, before, after, because, recorded, voided } = line
  const evidence = (knownAt: string) => address(`/evidence/${rule}`, { asOf: since.asOf, knownAt })
  return (
    <tr data-testid={`since-${rule}`}>
      <th scope="row">{title(rule)}</th>
      <td>{before ? <Figure {...before} /> : t('reports.added')}</td>
      <td>
        <Figure {...after} />
      </td>
      <td>
        <Part name={t('reports.late')} part={because.late} />
        <Part name={t('reports.corrected')} part={because.corrected} />
        <Part name={t('reports.policyPart')} part={because.policy} />
      </td>
      <td>
        <div>
          {[
            recorded > 0 ? t('reports.recorded', { n: recorded }) : '',
            voided > 0 ? t('reports.voided', { n: voided }) : '',
          ]
            .filter((text) => text !== '')
            .join(' · ')}
        </div>
        <small>
          <Link to={evidence(since.knownAt)}>{t('reports.evidenceThen')}</Link>
          {' · '}
          <Link to={evidence(since.knownNow)} data-testid={`since-evidence-${rule}`}>
            {t('reports.evidenceNow')}
          </Link>
        </small>
      </td>
    </tr>
  )
}

/** So many entries the service names. */
const NAMED = 50

/** The first of the entries that made the difference. */
function Entries({ entries }: SinceReport) {
  const { t, label } = useText()
  if (entries.length === 0) return null
  return (
    <>
      <ul className="report-entries" data-testid="since-entries">
        {entries.map((entry) => (
          <li key={`${entry.change} ${entry.what}`}>
            <VehicleLink vin={entry.vin} plate={entry.plate} /> {label('kind', entry.kind)}{' '}
            {t('reports.on', { on: entry.on })} <span className="hint">{entry.operator.name}</span>{' '}
            <b>{t(`reports.what.${entry.what}`)}</b> <span className="hint">{instant(entry.at)}</span>
          </li>
        ))}
      </ul>
      {entries.length >= NAMED && <p className="hint">{t('reports.moreEntries', { n: entries.length })}</p>}
    </>
  )
}
