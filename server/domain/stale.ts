/** When a list that nobody submitted is stale. Durations in days. */
export const ASK_AFTER_DAYS = 60
export const EXPIRE_AFTER_DAYS = 90
/** Whoever sent it has at least so long after being asked, however late that was. */
export const WARNED_DAYS = EXPIRE_AFTER_DAYS - ASK_AFTER_DAYS

const DAY_MS = 24 * 3600_000

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS)

/** What is known of a list's last use. */
interface Used {
  sentAt: Date
  submittedAt: Date | null
  decidedAt: Date | null
  touchedAt?: Date | undefined
}

/** When somebody last did anything with a list. */
export const lastUse = ({ sentAt, submittedAt, decidedAt, touchedAt }: Used): Date =>
  new Date(Math.max(...[sentAt, submittedAt, decidedAt, touchedAt].map((at) => at?.getTime() ?? 0)))

/**
 * What is to be done about a list that waits for its sender.
 * @param askedAt when its sender was last asked, if ever
 * @returns `ask` whether it is still needed, `expire` it, or null: nothing yet
 */
export function staleness(list: Used, askedAt: Date | undefined, now: Date): 'ask' | 'expire' | null {
  const used = lastUse(list)
  if (used > daysBefore(now, ASK_AFTER_DAYS)) return null
  // Somebody went on with it after being asked: it is asked about anew.
  if (askedAt === undefined || askedAt < used) return 'ask'
  const due = used <= daysBefore(now, EXPIRE_AFTER_DAYS) && askedAt <= daysBefore(now, WARNED_DAYS)
  return due ? 'expire' : null
}

/** Until when a list is kept that is asked about now. */
export const keptUntil = (list: Used, askedAt: Date): Date =>
  new Date(
    Math.max(lastUse(list).getTime() + EXPIRE_AFTER_DAYS * DAY_MS, askedAt.getTime() + WARNED_DAYS * DAY_MS),
  )
