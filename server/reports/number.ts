import type { Policy } from '../domain/policy.ts'
import { placeOf, type ReportKind, type ReportPeriod } from '../domain/report-period.ts'

/** How reports are cited: one number a kind and period, so that none is given twice and none is skipped unseen. */

const NAMES: Record<ReportKind, string> = { weekly: '周报', monthly: '月报', quarterly: '季报' }
const LETTERS: Record<ReportKind, string> = { weekly: 'W', monthly: 'M', quarterly: 'Q' }
const DIGITS: Record<ReportKind, number> = { weekly: 2, monthly: 2, quarterly: 1 }

/**
 * A report's number as Chinese documents are numbered (GB/T 9704: mark, year in 〔〕, number without leading zeros),
 * with the kind of report between, as in `…周报〔2026〕48号`. The mark is the policy's, or made of the city's name.
 */
export function numberOf(period: ReportPeriod, { city }: Pick<Policy, 'city'>): string {
  const { year, nth } = placeOf(period)
  const mark = city.mark ?? `${city.name.zh.replace(/市$/, '')}交运更新`
  return `${mark}${NAMES[period.kind]}〔${year}〕${nth}号`
}

/** The same for addresses and speech: `W2026-48`, `M2026-11`, `Q2026-4`. */
export function shortNumberOf(period: ReportPeriod): string {
  const { year, nth } = placeOf(period)
  return `${LETTERS[period.kind]}${year}-${String(nth).padStart(DIGITS[period.kind], '0')}`
}

/** Brackets that stand for 〔〕 where these are not at hand. */
const OPENING = /[([{【［｛〖﹝]/g
const CLOSING = /[)\]}】］｝〗﹞]/g

/**
 * A number as it is kept, of one that somebody typed from a paper: full-width letters and digits, small letters, other
 * brackets and dashes, and blanks make no difference.
 */
export function typedNumber(typed: string): string {
  const plain = typed
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(OPENING, '〔')
    .replace(CLOSING, '〕')
  return /^[wmq]\d/i.test(plain) ? plain.toUpperCase() : plain
}
