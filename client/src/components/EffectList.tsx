import { useQuery } from '@tanstack/react-query'
import type { Effect } from '../../../server/changes/schema.ts'
import { queries } from '../api/queries.ts'
import { count, share } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { AssessmentTag } from './Tag.tsx'
import './effects.css'

/** The rules' titles, by id, from the figures that are at hand anyway. */
export function useRuleTitle(): (rule: string) => string {
  const { data } = useQuery({ ...queries.compliance({}), staleTime: 300_000 })
  const { pick } = useText()
  const titles = new Map(data?.rules.map((rule) => [rule.id, pick(rule.title)]))
  return (rule) => titles.get(rule) ?? rule
}

/** A figure before or after: the share, or the count where nothing is divided. */
export const effectFigure = ({ value, numerator, denominator }: Effect['before']): string =>
  denominator === null ? count(numerator) : share(value)

const parts = ({ numerator, denominator }: Effect['before']): string =>
  denominator === null ? '' : `${count(numerator)}/${count(denominator)}`

/** Each moved rule, before and after. */
export function EffectList({ effects }: { effects: readonly Effect[] }) {
  const title = useRuleTitle()
  return (
    <ul className="effects" data-testid="effects">
      {effects.map(({ rule, before, after }) => (
        <li key={rule} data-testid={`effect-${rule}`}>
          <span className="effect-title">{title(rule)}</span>
          <span className="effect-figures">
            <span>
              {effectFigure(before)} <small>{parts(before)}</small>
            </span>
            <span className="effect-arrow" aria-hidden>
              →
            </span>
            <b>
              {effectFigure(after)} <small>{parts(after)}</small>
            </b>
          </span>
          <span className="effect-status">
            {before.status !== after.status && (
              <>
                <AssessmentTag status={before.status} />
                <span className="effect-arrow" aria-hidden>
                  →
                </span>
              </>
            )}
            <AssessmentTag status={after.status} />
          </span>
        </li>
      ))}
    </ul>
  )
}
