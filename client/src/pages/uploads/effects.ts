import type { Effect } from '../../../../server/changes/schema.ts'

const BROKEN = new Set(['breached', 'behind', 'missed'])
const HELD = new Set(['on-track', 'met'])

/** A target that held and would not any more, or that the very first figure makes impossible to reach. */
export const breaks = ({ before, after }: Effect): boolean =>
  HELD.has(before.status)
    ? BROKEN.has(after.status)
    : before.status === 'no-data' && (after.status === 'breached' || after.status === 'missed')

/** A target that was missed and would be reached. */
export const regains = ({ before, after }: Effect): boolean =>
  HELD.has(after.status) && BROKEN.has(before.status)

/** Only the rules whose figures a list moves, not those that come out as they were. */
export const moved = (effects: readonly Effect[]): Effect[] =>
  effects.filter(
    ({ before, after }) =>
      before.numerator !== after.numerator ||
      before.denominator !== after.denominator ||
      before.status !== after.status,
  )
