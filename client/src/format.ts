import type { Language } from '../../server/accounts/schema.ts'

/** What stands where there is no value. */
export const NONE = '—'

const ZONE = 'Asia/Shanghai'
// Sweden writes YYYY-MM-DD HH:mm, which is what is wanted here in both languages.
const instantFormat = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  dateStyle: 'short',
  timeStyle: 'short',
})
const dayFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' })
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** An instant as date and minute in Asia/Shanghai; a text that is none, as an address may hold, as it stands. */
export function instant(iso: string | null | undefined): string {
  if (!iso) return NONE
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? iso : instantFormat.format(at)
}

const secondFormat = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** An instant as date and second in Asia/Shanghai. */
export const second = (iso: string): string => secondFormat.format(new Date(iso))

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
type AgoKey = 'common.ago.now' | 'common.ago.minutes' | 'common.ago.hours' | 'common.ago.days'

/**
 * How long ago an instant was, in the largest whole unit; a clock that is ahead of ours says "just now".
 * @param t the words of the reader's language
 */
export function ago(
  iso: string,
  now: Date,
  t: (key: AgoKey, params?: Record<string, string | number>) => string,
): string {
  const past = now.getTime() - new Date(iso).getTime()
  const say = (key: AgoKey, unit: number) => {
    const n = Math.floor(past / unit)
    return t(key, { n, count: n })
  }
  if (past < MINUTE) return t('common.ago.now')
  if (past < HOUR) return say('common.ago.minutes', MINUTE)
  return past < DAY ? say('common.ago.hours', HOUR) : say('common.ago.days', DAY)
}

/** The civil date of an instant in Asia/Shanghai. */
export const dayOf = (at: Date): string => dayFormat.format(at)

/** A count with thousands set apart. */
export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? NONE : whole.format(value)

/** A share as the service gives it: one decimal, never rounded anew. */
export const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? NONE : `${value.toFixed(1)}%`

/** A target in percent, without a needless decimal. */
export const targetShare = (value: number): string => `${whole.format(value)}%`

/** A figure in its unit's form. */
export const figure = (value: number | null | undefined, unit: 'percent' | 'vehicles' | 'packs'): string =>
  unit === 'percent' ? share(value) : count(value)

/** A number with its sign, as in +1 and −2. */
export const signed = (value: number): string =>
  value > 0 ? `+${count(value)}` : value < 0 ? `−${count(-value)}` : '0'

/** A file's size. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** A text in the reader's language, of those that the policy document carries. */
export const inLanguage = (text: { zh: string; en: string }, language: Language): string =>
  language === 'en' ? text.en : text.zh
