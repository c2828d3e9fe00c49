/** What a schedule that somebody types in must keep to. Pure. */
import { type CronExpression, CronExpressionParser } from 'cron-parser'

/** Why a cron is refused: not one, due more often than hourly, or never due. */
export const CRON_FAULTS = ['cron.invalid', 'cron.too-often', 'cron.never'] as const
export type CronFault = (typeof CRON_FAULTS)[number]

/**
 * Digits, `* , - / ?`, `L` for a month's last day, `#` for its n-th weekday, and names of months and weekdays. The
 * parser's own `H`, a minute or hour by lot, would be another slot on every machine.
 */
const FIELD =
  /^(?:[\d*,\-/?#L]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|MON|TUE|WED|THU|FRI|SAT|SUN)+$/i

/** A cron as it is kept: its five fields with one blank between. */
export const tidyCron = (cron: string): string => cron.trim().split(/\s+/).join(' ')

/**
 * Checks a cron of five fields.
 * @returns why it is refused, or null
 */
export function cronFault(cron: string, timeZone: string): CronFault | null {
  const fields = tidyCron(cron).split(' ')
  if (fields.length !== 5 || !fields.every((field) => FIELD.test(field))) return 'cron.invalid'
  const [minute, hour, , , weekday] = fields
  const parsed = parse(fields.join(' '), timeZone)
  // Only the days can be wrong together though each is right by itself: 31 February.
  if (!parsed)
    return parse(`${minute} ${hour} * * ${weekday}`, timeZone) && daysExist(fields)
      ? 'cron.never'
      : 'cron.invalid'
  if (parsed.fields.minute.values.length > 1) return 'cron.too-often'
  try {
    parsed.next()
    return null
  } catch {
    return 'cron.never'
  }
}

/** Whether a cron's day and month exist, each by itself. */
const daysExist = ([, , day, month]: string[]): boolean =>
  parse(`0 0 ${day} * *`, 'UTC') !== null && parse(`0 0 * ${month} *`, 'UTC') !== null

function parse(cron: string, timeZone: string): CronExpression | null {
  try {
    return CronExpressionParser.parse(cron, { tz: timeZone })
  } catch {
    return null
  }
}
