import { DateTime } from 'luxon'
import type { Language } from '../../accounts/schema.ts'
import type { RuleFigure } from '../../compliance/schema.ts'
import { createWording, type Wording } from '../../wording/index.ts'
import { reportEn } from './words.en.ts'
import { type ReportWords, reportZh } from './words.zh-CN.ts'

/** What stands where there is no value. */
export const NONE = '—'

/** How values, days and periods are written in a report in one language. */
export interface ReportFormat {
  language: Language
  words: ReportWords
  wording: Wording
  /** of a text in both languages, the one that is meant */
  pick(text: { zh: string; en: string }): string
  number(value: number): string
  /** a number with its sign: `+3`, `−2`, `0` */
  signed(value: number): string
  /** a percentage as it was computed: rounded down to one decimal */
  percent(value: number | null): string
  /** a value with its unit; a dash without data */
  value(rule: Pick<RuleFigure, 'unit'>, value: number | null): string
  /** the fraction that a share is made of, as `63/91`; a dash for counts */
  parts(rule: Pick<RuleFigure, 'numerator' | 'denominator'>): string
  day(civil: string): string
  instant(iso: string): string
  /** the civil date of an instant, in words */
  dayOf(iso: string): string
  /** a report's period in words: `2026-W48`, `2026-11`, `2026-Q4` */
  period(period: string): string
  /** a civil month in words: `2026-11` */
  month(month: string): string
}

const UNITS = {
  'zh-CN': { vehicles: (n: string) => `${n}辆`, packs: (n: string) => `${n}块` },
  en: {
    vehicles: (n: string) => `${n} ${n === '1' ? 'vehicle' : 'vehicles'}`,
    packs: (n: string) => `${n} ${n === '1' ? 'pack' : 'packs'}`,
  },
}

/** @param timeZone in which instants are written */
export function createReportFormat(language: Language, timeZone: string): ReportFormat {
  const words = language === 'en' ? reportEn : reportZh
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const number = (value: number) => numbers.format(value)
  const percent = (value: number | null) => (value === null ? NONE : `${value.toFixed(1)}%`)
  const locale = language === 'en' ? 'en-GB' : 'zh-CN'
  return {
    ...{ language, words, number, percent },
    wording: createWording(language),
    pick: (text) => (language === 'en' ? text.en : text.zh),
    signed: (value) => (value === 0 ? '0' : `${value > 0 ? '+' : '−'}${number(Math.abs(value))}`),
    value({ unit }, value) {
      if (value === null) return NONE
      return unit === 'percent' ? percent(value) : UNITS[language][unit](number(value))
    },
    parts: ({ numerator, denominator }) =>
      denominator === null ? NONE : `${number(numerator)}/${number(denominator)}`,
    day: (civil) => DateTime.fromISO(civil, { zone: 'utc', locale }).toFormat(words.dateFormat),
    instant: (iso) =>
      DateTime.fromISO(iso, { zone: timeZone, locale }).toFormat(words.instantFormat) + words.zone(timeZone),
    dayOf: (iso) => DateTime.fromISO(iso, { zone: timeZone, locale }).toFormat(words.dateFormat),
    period: (period) => periodText(period, words),
    month: (month) => periodText(month, words),
  }
}

function periodText(period: string, { period: say }: ReportWords): string {
  const [year = '', part = ''] = period.split('-')
  if (part.startsWith('W')) return say.week(Number(part.slice(1)), Number(year))
  if (part.startsWith('Q')) return say.quarter(Number(part.slice(1)), Number(year))
  return say.month(Number(part), Number(year))
}
