import type { ReactNode } from 'react'
import type { MovementPart, Outline, ReportContent } from '../../../../server/reports/schema.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { count, share, signed } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** A figure in short: its value, what a share is made of, and how it stands. */
export function Figure({ value, numerator, denominator, status }: Outline) {
  return (
    <span className="report-figure">
      <b>{denominator === null ? count(numerator) : share(value)}</b>
      {denominator !== null && (
        <small>
          {count(numerator)}/{count(denominator)}
        </small>
      )}
      <AssessmentTag status={status} />
    </span>
  )
}

/** Why a figure moved by how much; nothing where it did not for this reason. */
export function Part({ name, part: { numerator, denominator } }: { name: string; part: MovementPart }) {
  if (numerator === 0 && (denominator ?? 0) === 0) return null
  return (
    <span className="report-part">
      {name} {signed(numerator)}
      {denominator !== null && `/${signed(denominator)}`}
    </span>
  )
}

/** A rule's title as a report has it; its id where the report has no such rule. */
export function useReportedTitle({ figures }: ReportContent): (id: string) => string {
  const { pick } = useText()
  return (id) => {
    const rule = figures.rules.find((one) => one.id === id)
    return rule ? pick(rule.title) : id
  }
}

/** A table of what moved, as wide as it has to be. */
export function MovesTable({ heads, children }: { heads: string[]; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by keys, too
    <div className="report-wide" tabIndex={0}>
      <table className="report-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
