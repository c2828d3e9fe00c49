import { POLICY_ZONE } from '../server/domain/civil-date.ts'
import type { Schedule } from './slots.ts'

/** When the jobs are due unless an administrator has said otherwise, in the policy's zone unless the service is told another. */
export const SCHEDULE = {
  /** 00:10, when writes begun before midnight have ended */
  dailySeal: '10 0 * * *',
  /** 03:30, when nobody waits for anything */
  tallyCheck: '30 3 * * *',
  /** 04:00, after the recount */
  cleaning: '0 4 * * *',
  /** 06:00, before the offices open */
  dailyCheck: '0 6 * * *',
  /** Monday 08:00 */
  weeklyReport: '0 8 * * 1',
  /** the first of the month, 08:00 */
  monthlyReport: '0 8 1 * *',
  /** the first of the quarter, 08:00 */
  quarterlyReport: '0 8 1 1,4,7,10 *',
  /** 09:00, when people are at their desks */
  reminders: '0 9 * * *',
} as const

/** How often the jobs look whether something is due. */
export interface Rhythm {
  /** a cron with seconds, in machine time */
  cron: string
  /** how often Agenda looks for ticks that are due, in milliseconds */
  pollMs: number
}
export const RHYTHM: Rhythm = { cron: '*/15 * * * * *', pollMs: 5_000 }

/** A schedule in a zone; POLICY_ZONE unless told. */
export const scheduleOf = (cron: string, timeZone: string = POLICY_ZONE): Schedule => ({ cron, timeZone })
