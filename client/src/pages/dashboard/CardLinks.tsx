import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router-dom'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { type TextKey, useText } from '../../i18n/index.ts'
import { dueAddress } from './outlook.ts'
import { breakdownAddress, evidenceAddress, type FigureFilters } from './useFigures.ts'

/** From a figure to its parts, its changes, the vehicles that could move it, and what if. */
export function CardLinks({ rule, filters }: { rule: RuleFigure; filters: FigureFilters }) {
  const { t, pick } = useText()
  const can = useCan()
  const policy = useQuery(queries.policy())
  const { county, operator } = filters
  const due = dueAddress(
    policy.data?.rules.find(({ id }) => id === rule.id),
    { county, operator },
  )
  const title = pick(rule.title)
  const links: { key: TextKey; to: string | null }[] = [
    { key: 'cardLinks.breakdown', to: breakdownAddress(rule.id, filters) },
    { key: 'cardLinks.evidence', to: evidenceAddress(rule.id, filters) },
    { key: 'cardLinks.due', to: due },
    {
      key: 'cardLinks.whatIf',
      to: rule.kind !== 'rising-share' && can('scenario.read') ? '/scenarios' : null,
    },
  ]
  return (
    <nav className="rule-links" aria-label={t('cardLinks.label', { title })}>
      {links.map(
        ({ key, to }) =>
          to && (
            <Link
              key={key}
              to={to}
              aria-label={t('cardLinks.of', { title, link: t(key) })}
              data-testid={`${key.split('.')[1]}-${rule.id}`}
            >
              {t(key)}
            </Link>
          ),
      )}
    </nav>
  )
}
