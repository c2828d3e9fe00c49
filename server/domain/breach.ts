import type { Assessment, AssessmentStatus } from './assessment.ts'

type Figure = Pick<Assessment, 'status' | 'numerator' | 'denominator'>

/** A target that is not missed, or of which nothing can be said yet. */
const WELL: ReadonlySet<AssessmentStatus> = new Set<AssessmentStatus>(['no-data', 'on-track', 'met'])
const MISSED: ReadonlySet<AssessmentStatus> = new Set<AssessmentStatus>(['behind', 'breached', 'missed'])

/**
 * Whether a change breaks a rule's target: it was met and is not any more, or it cannot be regained (`breached`) and
 * moves further away. Compared exactly, in integers. Not for rules to which the plan sets no number.
 */
export function breaksTarget(before: Figure, after: Figure): boolean {
  if (WELL.has(before.status)) return MISSED.has(after.status)
  if (before.status !== 'breached' || after.status !== 'breached') return false
  return after.numerator * (before.denominator ?? 1) < before.numerator * (after.denominator ?? 1)
}
