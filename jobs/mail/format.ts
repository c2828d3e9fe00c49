import { DateTime } from 'luxon'
import type { Language } from '../../server/accounts/schema.ts'
import type { RuleFigure } from '../../server/compliance/schema.ts'
import { createWording, type Wording } from '../../server/wording/index.ts'
import { type MailWords, mailWords } from './words.ts'

/** How values, days and instants are written for one reader. */
export interface Format {
  language: Language
  words: MailWords
  wording: Wording
  /** the text of the two languages that is meant */
  pick(text: { zh: string; en: string }): string
  number(value: number): string
  /** a percentage as it was computed: rounded down to one decimal */
  percent(value: number | null): string
  /** a value with its unit; a dash without data */
  value(rule: Pick<RuleFigure, 'unit'>, value: number | null): string
  /** the fraction that a share is made of, as `63/91`; null for counts and without data */
  parts(rule: Pick<RuleFigure, 'numerator' | 'denominator'>): string | null
  day(civil: string): string
  instant(iso: string): string
  week(period: string): string
}

const units = {
  'zh-CN': { vehicles: (n: string) => `${n}辆`, packs: (n: string) => `${n}块` },
  en: {
    vehicles: (n: string) => `${n} ${n === '1' ? 'vehicle' : 'vehicles'}`,
    packs: (n: string) => `${n} ${n === '1' ? 'pack' : 'packs'}`,
  },
}

/** @param timeZone in which instants are written */
export function createFormat(language: Language, timeZone: string): Format {
  const words = mailWords(language)
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const number = (value: number) => numbers.format(value)
  const percent = (value: number | null) => (value === null ? '—' : `${value.toFixed(1)}%`)
  const locale = language === 'en' ? 'en-GB' : 'zh-CN'
  return {
    language,
    words,
    wording: createWording(language),
    pick: (text) => (language === 'en' ? text.en : text.zh),
    number,
    percent,
    value: ({ unit }, value) => {
      if (value === null) return '—'
      return unit === 'percent' ? percent(value) : units[language][unit](number(value))
    },
    parts: ({ numerator, denominator }) =>
      denominator ? `${number(numerator)}/${number(denominator)}` : null,
    day: (civil) => DateTime.fromISO(civil, { zone: 'utc', locale }).toFormat(words.dateFormat),
    instant: (iso) =>
      DateTime.fromISO(iso, { zone: timeZone, locale }).toFormat(words.instantFormat) + words.zone(timeZone),
    week(period) {
      const [year, week] = period.split('-W')
      return words.week(Number(week), Number(year))
    },
  }
}
