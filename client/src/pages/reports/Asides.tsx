import { Tabs } from 'antd'
import type { ReportView } from '../../../../server/reports/schema.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { MovedPanel } from './MovedPanel.tsx'
import { SincePanel } from './SincePanel.tsx'
import { WhoPanel } from './WhoPanel.tsx'

/** What is told beside a report, which itself stays as it is: what has changed since, what it is compared with, who got it. */
export function Asides({ report }: { report: ReportView }) {
  const { t } = useText()
  const can = useCan()
  const me = useMe()
  const { values, set } = useAddress(['panel'] as const)
  const { content, since } = report
  const items = [
    {
      key: 'since',
      label: (
        <span data-testid="tab-since" data-changed={since.changed}>
          {t('reports.since')}
          {since.changed && <span className="report-dot" aria-hidden />}
        </span>
      ),
      children: <SincePanel content={content} since={since} />,
    },
    // What an operator's own figures moved by was not frozen.
    ...(me.operator === null
      ? [
          {
            key: 'moved',
            label: <span data-testid="tab-moved">{t('reports.moved')}</span>,
            children: <MovedPanel content={content} />,
          },
        ]
      : []),
    ...(can('mail.read')
      ? [
          {
            key: 'who',
            label: <span data-testid="tab-who">{t('reports.who')}</span>,
            children: <WhoPanel kind={content.kind} period={content.period} />,
          },
        ]
      : []),
  ]
  return (
    <section className="card report-asides" aria-label={t('reports.asides')}>
      <Tabs
        activeKey={items.some(({ key }) => key === values.panel) ? values.panel : 'since'}
        onChange={(panel) => set({ panel: panel === 'since' ? '' : panel }, { replace: true })}
        items={items}
      />
    </section>
  )
}
