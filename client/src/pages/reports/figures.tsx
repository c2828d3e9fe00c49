import type { MovementPart, Outline } from '../../../../server/reports/schema.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { count, share, signed } from '../../format.ts'

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
