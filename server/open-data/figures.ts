import { figureOf, requiredOn } from '../compliance/figure.ts'
import { type CivilDate, endOfMonth, monthOf, monthsBetween } from '../domain/civil-date.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import type { Sum } from '../domain/series.ts'
import type { Tally } from '../domain/tally.ts'
import type { Field } from './fields.ts'

/** A rule's figure of a place on a day. */
export interface FigureRow {
  rule: Rule
  place: { code: string; zh: string; en: string; isCity: boolean }
  on: CivilDate
  sum: Sum
}

/** What every row of a file says alike. */
export interface Made {
  policy: Policy
  knownAt: Date
  english: boolean
}

/** The columns of the figures. */
export function figureFields({ policy, knownAt, english }: Made): Field<FigureRow>[] {
  const said = (text: { zh: string; en: string }) => (english ? text.en : text.zh)
  const figure = ({ rule, sum }: FigureRow) => figureOf(rule, sum)
  return [
    { name: 'rule', type: 'string', described: 'rule', required: true, value: (r) => r.rule.id },
    { name: 'title', type: 'string', described: 'title', required: true, value: (r) => said(r.rule.title) },
    { name: 'kind', type: 'string', described: 'kind', required: true, value: (r) => r.rule.kind },
    { name: 'place', type: 'string', described: 'place', required: true, value: (r) => r.place.code },
    { name: 'place_name', type: 'string', described: 'place_name', value: (r) => said(r.place) },
    { name: 'month', type: 'yearmonth', described: 'month', required: true, value: (r) => monthOf(r.on) },
    { name: 'as_of', type: 'date', described: 'as_of', required: true, value: (r) => r.on },
    { name: 'value', type: 'number', described: 'value', value: (r) => figure(r).value },
    { name: 'unit', type: 'string', described: 'unit', value: ({ rule }) => unitOf(rule) },
    { name: 'numerator', type: 'integer', described: 'numerator', value: (r) => figure(r).numerator },
    { name: 'denominator', type: 'integer', described: 'denominator', value: (r) => figure(r).denominator },
    { name: 'undetermined', type: 'integer', described: 'undetermined', value: (r) => r.sum.undetermined },
    {
      ...{ name: 'target', type: 'number', described: 'target' },
      value: ({ rule, place }) => targetOf(rule, place.isCity, policy),
    },
    { name: 'known_at', type: 'datetime', described: 'known_at', value: () => knownAt.toISOString() },
    { name: 'policy_version', type: 'integer', described: 'policy_version', value: () => policy.version },
  ]
}

const unitOf = (rule: Rule): string => (rule.kind === 'count' ? rule.unit : 'percent')

/** A share's target is every place's, a count's the city's alone. */
function targetOf(rule: Rule, isCity: boolean, policy: Policy): number | null {
  if (rule.kind === 'share') return requiredOn(rule, policy, policy.period.to)
  return rule.kind === 'count' && isCity ? (rule.target ?? null) : null
}

/** Every rule's figures at the ends of the period's months up to a day, the last on that day, of the city and its regions. */
export function figureRows(tally: Tally, policy: Policy, today: CivilDate): FigureRow[] {
  const days = daysOf(policy, today)
  const { city } = policy
  const places = [
    { code: city.code, ...city.name, isCity: true },
    ...policy.regions.map(({ code, name, english }) => ({ code, zh: name, en: english, isCity: false })),
  ]
  return policy.rules.flatMap((rule) =>
    places.flatMap((place) =>
      days.map((on) => {
        const sum = place.isCity ? tally.total(rule.id, on) : tally.total(rule.id, on, { county: place.code })
        return { rule, place, on, sum }
      }),
    ),
  )
}

function daysOf({ period }: Policy, today: CivilDate): CivilDate[] {
  const from = today < period.from ? today : period.from
  return monthsBetween(from, today).map((month) => (endOfMonth(month) < today ? endOfMonth(month) : today))
}
