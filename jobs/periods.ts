import { addDays, type CivilDate, civilDateAt } from '../server/domain/civil-date.ts'

/**
 * The day whose figures a scheduled run gives: the one before the slot's own, which is the last complete day. A
 * check at 06:00 "as of today" would be of a day that has hardly begun and would differ from the same day's
 * figures asked in the evening.
 */
export const dayReported = (slot: Date, timeZone: string): CivilDate =>
  addDays(civilDateAt(slot, timeZone), -1)
