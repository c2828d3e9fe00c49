/** Schedules as most are: at a time each day, week, month or quarter. Everything else is a cron of its own. */

export const RHYTHMS = ['daily', 'weekly', 'monthly', 'quarterly', 'free'] as const
export type RhythmKind = (typeof RHYTHMS)[number]

export interface Rhythm {
  kind: RhythmKind
  /** `HH:mm` */
  time: string
  /** as cron counts it, 0 is Sunday; of a weekly one */
  weekday: number
  /** of a monthly or quarterly one; quarters begin in January */
  day: number
  /** of a free one */
  cron: string
}

const QUARTERS = '1,4,7,10'
const two = (value: number): string => String(value).padStart(2, '0')
const whole = (text: string | undefined, least: number, most: number): number | null => {
  const value = /^\d{1,2}$/.test(text ?? '') ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : null
}

/** What a cron of five fields says in these terms. */
export function rhythmOf(cron: string): Rhythm {
  const [m, h, day, month, weekday] = cron.trim().split(/\s+/)
  const free: Rhythm = { kind: 'free', time: '08:00', weekday: 1, day: 1, cron }
  const minute = whole(m, 0, 59)
  const hour = whole(h, 0, 23)
  if (minute === null || hour === null) return free
  const at = { ...free, time: `${two(hour)}:${two(minute)}` }
  const onDay = whole(day, 1, 31)
  const onWeekday = whole(weekday, 0, 7)
  if (day === '*' && month === '*' && weekday === '*') return { ...at, kind: 'daily' }
  if (day === '*' && month === '*' && onWeekday !== null)
    return { ...at, kind: 'weekly', weekday: onWeekday % 7 }
  if (weekday !== '*' || onDay === null) return at
  if (month === '*') return { ...at, kind: 'monthly', day: onDay }
  return month === QUARTERS ? { ...at, kind: 'quarterly', day: onDay } : at
}

/** The cron of five fields that says it. */
export function cronOf({ kind, time, weekday, day, cron }: Rhythm): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const at = `${minute} ${hour}`
  if (kind === 'daily') return `${at} * * *`
  if (kind === 'weekly') return `${at} * * ${weekday}`
  if (kind === 'monthly') return `${at} ${day} * *`
  return kind === 'quarterly' ? `${at} ${day} ${QUARTERS} *` : cron.trim()
}
