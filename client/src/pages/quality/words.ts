import type { OperatorQuality } from '../../../../server/quality/schema.ts'
import { address } from '../../api/client.ts'
import { count } from '../../format.ts'
import type { Text } from '../../i18n/index.ts'

/** What is judged, of one operator or of many together. */
export type Judged = Pick<OperatorQuality, 'score' | 'lines' | 'changes' | 'months' | 'facts' | 'warnings'>
export type Line = Judged['lines'][number]

/** What is asked for: the part of the city and the months. */
export interface Asked {
  county: string
  operator: string
  from: string
  to: string
}

/** A text, and the list behind it where there is one. */
export interface Said {
  text: string
  to?: string
}

/** What an aspect says of what is judged, each part with its list. */
export function saidOf({ aspect, bad, of }: Line, judged: Judged, asked: Asked, { t }: Text): Said[] {
  const { county, operator, from, to } = asked
  const numbers = { bad: count(bad), of: count(of) }
  if (aspect === 'late') {
    const { late, excused } = judged.changes
    const list = address('/quality/late', { county, operator, from, to })
    if (of === 0) return [{ text: t('qualityPage.lateNone') }]
    if (late === 0) return [{ text: t('qualityPage.lateAll', numbers) }]
    const said: Said[] = bad === 0 ? [] : [{ text: t('qualityPage.late', numbers), to: list }]
    return excused === 0
      ? said
      : [...said, { text: t('qualityPage.excused', { n: count(excused) }), to: list }]
  }
  if (aspect === 'months') {
    if (of === 0) return [{ text: t('qualityPage.monthsNone') }]
    if (bad === 0) return [{ text: t('qualityPage.monthsAll', numbers) }]
    // Which ones is named beside it where it is one operator; of many, the months themselves say it.
    const named = judged.months.missing.length > 0
    return [{ text: t('qualityPage.months', numbers), ...(named ? {} : { to: '#months' }) }]
  }
  if (aspect === 'facts') {
    const { vehicles, withoutRegistration, withoutEmission } = judged.facts
    if (of === 0 && bad === 0) return [{ text: t('qualityPage.factsNone') }]
    if (bad === 0) return [{ text: t('qualityPage.factsAll', { of: count(vehicles) }) }]
    const list = (fact: string) => address('/quality/missing', { fact, county, operator })
    return [
      { n: withoutRegistration, fact: 'registration' as const },
      { n: withoutEmission, fact: 'emission' as const },
    ]
      .filter(({ n }) => n > 0)
      .map(({ n, fact }) => ({ text: t(`qualityPage.${fact}`, { n: count(n) }), to: list(fact) }))
  }
  if (of === 0) return [{ text: t('qualityPage.warningsNone') }]
  if (bad === 0) return [{ text: t('qualityPage.warningsAll', numbers) }]
  return [
    { text: t('qualityPage.warnings', numbers), to: address('/quality/warnings', { county, operator }) },
  ]
}

/** Points with one decimal, and none where it is zero. */
export const points = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1))

/** What an aspect costs, in words. */
export const lostText = ({ lost }: Line, { t }: Text): string =>
  lost === 0 ? t('qualityPage.lostNone') : t('qualityPage.lost', { n: points(lost) })

/** How a score looks: good from 90 on, bad below 60. */
export const scoreTone = (score: number): 'good' | 'warn' | 'bad' =>
  score >= 90 ? 'good' : score >= 60 ? 'warn' : 'bad'
