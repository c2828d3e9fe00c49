/** Slots: the instants at which a schedule is due. Pure; the machine's own zone never matters. */
import { type CronExpression, CronExpressionParser } from 'cron-parser'
import { IANAZone } from 'luxon'

/** A cron of five (or six) fields and the zone in which it is meant. */
export interface Schedule {
  cron: string
  timeZone: string
}

/** Most slots that are told apart when a service has been away for long. */
export const MOST_SLOTS = 1000

/**
 * Checks a schedule; called once for every job at start, so that a misspelling stops the start.
 * @throws RangeError for a zone or a cron that does not exist
 */
export function checkSchedule({ cron, timeZone }: Schedule): void {
  if (!IANAZone.isValidZone(timeZone)) throw new RangeError(`no such time zone: "${timeZone}"`)
  if (![5, 6].includes(cron.trim().split(/\s+/).length)) throw new RangeError(`not a cron: "${cron}"`)
  try {
    CronExpressionParser.parse(cron, { tz: timeZone }).next()
  } catch (error) {
    throw new RangeError(`not a cron: "${cron}" (${error instanceof Error ? error.message : error})`)
  }
}

const from = ({ cron, timeZone }: Schedule, instant: number): CronExpression =>
  CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(instant) })

/** The latest slot at or before an instant. */
export const latestSlot = (schedule: Schedule, now: Date): Date =>
  from(schedule, now.getTime() + 1)
    .prev()
    .toDate()

/** The next slots after an instant, soonest first. */
export const nextSlots = (schedule: Schedule, now: Date, count: number): Date[] =>
  from(schedule, now.getTime())
    .take(count)
    .map((slot) => slot.toDate())

/** The slots after one instant, up to and including another, oldest first; of very many, the latest thousand. */
export function slotsBetween(schedule: Schedule, after: Date, upTo: Date): Date[] {
  const slots: Date[] = []
  const backwards = from(schedule, upTo.getTime() + 1)
  while (slots.length < MOST_SLOTS) {
    const slot = backwards.prev().toDate()
    if (slot <= after) break
    slots.push(slot)
  }
  return slots.reverse()
}
