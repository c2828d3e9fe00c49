import type { ReportItem } from '../../../../server/reports/schema.ts'
import { assessmentTone, Tag } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'

/** From the gravest on. */
const ORDER = ['missed', 'breached', 'behind', 'at-risk', 'on-track', 'met', 'no-data']

/** How many of a report's targets stand how. */
export function States({ rules }: { rules: ReportItem['rules'] }) {
  const { t, label } = useText()
  const targets = rules.filter((rule) => rule.target !== null)
  if (targets.length === 0) return <span className="hint">{t('reports.noTargets')}</span>
  const counted = ORDER.map((status) => ({
    status,
    n: targets.filter((rule) => rule.status === status).length,
  })).filter(({ n }) => n > 0)
  return (
    <span className="tags">
      {counted.map(({ status, n }) => (
        <Tag key={status} tone={assessmentTone(status)}>
          {t('reports.state', { label: label('assessment', status), n })}
        </Tag>
      ))}
    </span>
  )
}
