import { PrinterOutlined, SafetyCertificateOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { Link, useParams } from 'react-router-dom'
import type { Language } from '../../../../server/accounts/schema.ts'
import type { ReportView } from '../../../../server/reports/schema.ts'
import { reportQueries } from '../../api/reports.ts'
import { LanguageChoice } from '../../app/LanguageChoice.tsx'
import { CopyButton } from '../../components/CopyText.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { useText } from '../../i18n/index.ts'
import { Asides } from './Asides.tsx'
import { FileButton } from './FileButton.tsx'
import { Paper } from './Paper.tsx'
import { usePeriodName } from './period.ts'
import './reports.css'

/** One report: the paper as it was frozen, and beside it what has changed since. */
export default function ReportPage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const periodName = usePeriodName()
  const query = useQuery(reportQueries.report(id))
  const content = query.data?.content
  const title = content
    ? `${periodName(content.period)} ${t(`reports.kind.${content.kind}`)}`
    : t('reports.report')
  return (
    <Page
      title={title}
      back={{ to: '/reports', text: t('reports.back') }}
      lead={
        content && (
          <span className="report-lead">
            {content.number}{' '}
            <CopyButton text={content.number} iconOnly>
              {t('reports.copyNumber')}
            </CopyButton>
          </span>
        )
      }
    >
      <Resource query={query}>{(report) => <Report key={report.id} report={report} />}</Resource>
    </Page>
  )
}

function Report({ report }: { report: ReportView }) {
  const { t, language: own } = useText()
  const [chosen, setChosen] = useState<Language | null>(null)
  const language = chosen ?? own
  const frame = useRef<HTMLIFrameElement>(null)
  const { content, code, id } = report
  const paper = useQuery(reportQueries.paper(id, language))
  return (
    <>
      <div className="report-bar" role="toolbar" aria-label={t('reports.report')}>
        <Button
          type="primary"
          icon={<PrinterOutlined />}
          disabled={!paper.data}
          onClick={() => frame.current?.contentWindow?.print()}
          data-testid="report-print"
        >
          {t('reports.print')}
        </Button>
        <FileButton id={id} format="xlsx" language={language} />
        <FileButton id={id} format="html" language={language} />
        <Link to={`/check/${content.shortNumber}?code=${code}`} target="_blank" data-testid="report-check">
          <Button icon={<SafetyCertificateOutlined />} tabIndex={-1}>
            {t('reports.check')}
          </Button>
        </Link>
        {content.previous && (
          <Link to={`/reports/${content.previous.id}`} data-testid="report-previous">
            <Button tabIndex={-1}>{t('reports.previous')}</Button>
          </Link>
        )}
        <span className="report-language">
          <span className="visually-hidden">{t('reports.language')}</span>
          <LanguageChoice value={language} onChange={setChosen} />
        </span>
      </div>
      <Asides report={report} />
      <Resource query={paper}>{({ html }) => <Paper html={html} ref={frame} />}</Resource>
    </>
  )
}
