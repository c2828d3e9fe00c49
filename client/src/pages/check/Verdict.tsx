import { CheckCircleFilled, CloseCircleFilled, QuestionCircleFilled } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import type { ReportCheck } from '../../../../server/reports/schema.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { count, figure, instant, NONE, targetShare } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { usePeriodName } from '../reports/period.ts'

const ICONS: Record<ReportCheck['verdict'], ReactNode> = {
  genuine: <CheckCircleFilled />,
  altered: <CloseCircleFilled />,
  unknown: <QuestionCircleFilled />,
}

/** What came out: in words and with what to do, then the figures to compare the paper with. */
export function Verdict({ check }: { check: ReportCheck }) {
  const { t } = useText()
  const { verdict, report } = check
  return (
    <>
      <section
        className={`check-verdict check-${verdict}`}
        role="status"
        data-testid="verdict"
        data-verdict={verdict}
      >
        <span className="check-icon" aria-hidden>
          {ICONS[verdict]}
        </span>
        <div>
          <h2>{t(`paperCheck.${verdict}`)}</h2>
          <p>{t(`paperCheck.${verdict}Hint`)}</p>
        </div>
      </section>
      {report && <Told report={report} />}
      {verdict !== 'unknown' && (
        <p className="check-more">
          <Link to="/check">{t('paperCheck.another')}</Link>
        </p>
      )}
    </>
  )
}

type Report = NonNullable<ReportCheck['report']>

function Told({ report }: { report: Report }) {
  const { t, pick } = useText()
  const periodName = usePeriodName()
  const { title, number, version } = report.policy
  const facts: [string, ReactNode][] = [
    [t('paperCheck.number'), `${report.number} (${report.shortNumber})`],
    [
      t('paperCheck.report'),
      `${pick(report.city.name)} · ${periodName(report.period)} ${t(`reports.kind.${report.kind}`)}`,
    ],
    ...(report.part ? [[t('paperCheck.part'), pick(report.part.name)] satisfies [string, ReactNode]] : []),
    [t('paperCheck.asOf'), report.asOf],
    [t('paperCheck.knownAt'), instant(report.knownAt)],
    [t('paperCheck.createdAt'), instant(report.createdAt)],
    [t('paperCheck.policy'), t('paperCheck.policyText', { title: pick(title), number, version })],
    [t('paperCheck.digest'), <code key="digest">{report.digest.match(/.{1,8}/g)?.join(' ')}</code>],
  ]
  return (
    <>
      <section className="card">
        <dl className="check-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Figures rules={report.rules} />
      <section className="card check-how">
        <h2>{t('paperCheck.how')}</h2>
        <ol>
          <li>{t('paperCheck.how1')}</li>
          <li>{t('paperCheck.how2')}</li>
          <li>{t('paperCheck.how3')}</li>
        </ol>
        <p>
          <Link to="/reports">{t('paperCheck.signIn')}</Link>
        </p>
      </section>
    </>
  )
}

/** The figures, one below the other where a telephone has no room beside. */
function Figures({ rules }: { rules: Report['rules'] }) {
  const { t, pick } = useText()
  return (
    <section className="card">
      <h2 id="check-figures">{t('paperCheck.figures')}</h2>
      <table className="check-table" aria-labelledby="check-figures" data-testid="check-figures">
        <thead>
          <tr>
            <th scope="col">{t('paperCheck.rule')}</th>
            <th scope="col">{t('paperCheck.value')}</th>
            <th scope="col">{t('paperCheck.parts')}</th>
            <th scope="col">{t('paperCheck.target')}</th>
            <th scope="col">{t('paperCheck.status')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.id} data-testid={`check-${rule.id}`}>
              <th scope="row">{pick(rule.title)}</th>
              <td data-head={t('paperCheck.value')}>
                <b>{figure(rule.value, rule.unit)}</b>
              </td>
              <td data-head={t('paperCheck.parts')} className={rule.denominator === null ? 'check-none' : ''}>
                {rule.denominator === null ? NONE : `${count(rule.numerator)}/${count(rule.denominator)}`}
              </td>
              <td data-head={t('paperCheck.target')} className={rule.target === null ? 'check-none' : ''}>
                {rule.target === null
                  ? NONE
                  : rule.unit === 'percent'
                    ? targetShare(rule.target)
                    : count(rule.target)}
              </td>
              <td data-head={t('paperCheck.status')}>
                <AssessmentTag status={rule.status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
