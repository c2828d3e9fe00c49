import type { Effect } from '../../../../server/changes/schema.ts'

const BROKEN = new Set(['breached', 'behind', 'missed'])
const HELD = new Set(['on-track', 'met'])

/** A target that held and would not any more. */
export const breaks = ({ before, after }: Effect): boolean =>
  BROKEN.has(after.status) && !BROKEN.has(before.status) && before.status !== 'at-risk'

/** A target that was missed and would be reached. */
export const regains = ({ before, after }: Effect): boolean =>
  HELD.has(after.status) && BROKEN.has(before.status)
