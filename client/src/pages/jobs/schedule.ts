import type { TextKey } from '../../i18n/index.ts'

/** A schedule as a sentence still to be put into a language. */
export interface Schedule {
  key: TextKey
  params: Record<string, string | number>
  /** of the params, the day of the week as cron counts it */
  weekday?: string
}

const two = (text: string): string => text.padStart(2, '0')

/**
 * A cron line in words, for the few forms that schedules have; null for any other, which is then shown as it is.
 */
export function scheduleOf(cron: string): Schedule | null {
  const parts = cron.trim().split(/\s+/)
  // Six fields begin with seconds.
  const [minute, hour, day, month, weekday] = parts.length === 6 ? parts.slice(1) : parts
  if (!minute || !hour || !day || !month || !weekday || month !== '*') return null
  const whole = /^\d+$/
  const every = /^\*\/(\d+)$/.exec(minute)?.[1]
  if (hour === '*' && day === '*' && weekday === '*') {
    if (minute === '*' || every === '1') return { key: 'jobs.everyMinute', params: {} }
    if (every) return { key: 'jobs.everyMinutes', params: { n: every } }
    return whole.test(minute) ? { key: 'jobs.hourly', params: { minute } } : null
  }
  if (!whole.test(minute) || !whole.test(hour)) return null
  const time = `${two(hour)}:${two(minute)}`
  if (day === '*' && weekday === '*') return { key: 'jobs.daily', params: { time } }
  if (day === '*' && /^[0-7]$/.test(weekday)) return { key: 'jobs.weekly', params: { time }, weekday }
  if (whole.test(day) && weekday === '*') return { key: 'jobs.monthly', params: { day, time } }
  return null
}
