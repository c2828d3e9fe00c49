import type { Scope } from '../accounts/permissions.ts'
import { theCity } from '../domain/regions.ts'
import type { WordGroup, WordingKey } from '../wording/index.ts'
import { countyName, momentOf, type Words } from './columns.ts'

/** What an exported list is, to be said in the file. */
export interface Made {
  by: { name: string; email: string }
  now: Date
  scope: Scope
  asOf?: string | undefined
  /** when the list is as known at another time than now */
  knownAt?: Date | undefined
  /** filters by name; those that are not set are left out */
  filters: Readonly<Record<string, unknown>>
  /** a rule's own lines */
  more?: [string, string][]
}

/** The groups of words that the values of filters are taken from. */
const CODED: Readonly<Record<string, WordGroup>> = {
  category: 'category',
  energy: 'energy',
  emission: 'emission',
  kind: 'kind',
  status: 'vehicleStatus',
}
const HEADS: Readonly<Record<string, WordingKey>> = {
  category: 'field.category',
  energy: 'field.energy',
  emission: 'field.emission',
  kind: 'field.kind',
  county: 'field.county',
  operator: 'field.operator',
  status: 'exported.column.status',
}

/** The lines that say what a file holds: when and by whom it was made, of what, as of when, narrowed by what. */
export function aboutLines(made: Made, words: Words): [string, string][] {
  const { t } = words.wording
  const filters = filterLines(made.filters, made.scope, words)
  return [
    [t('exported.madeAt'), instantText(made.now, words)],
    [t('exported.madeBy'), `${made.by.name} <${made.by.email}>`],
    [t('exported.scope'), scopeText(made.scope, words)],
    ...(made.more ?? []),
    [t('exported.view'), viewText(made, words)],
    ...(filters.length > 0 ? filters : [[t('exported.filters'), t('exported.none')] as [string, string]]),
  ]
}

const instantText = (instant: Date, { timeZone }: Words): string => {
  const { date, clock } = momentOf(instant, timeZone)
  return `${date} ${clock}`
}

function scopeText({ county, operator }: Scope, words: Words): string {
  if (operator !== undefined) return named(operator, words)
  return county === undefined ? words.wording.t('exported.wholeCity') : place(county, words)
}

function place(code: string, { wording }: Words): string {
  const city = theCity()
  if (code !== city.code) return countyName(code, wording)
  return wording.language === 'en' ? city.name.en : city.name.zh
}

function viewText({ asOf, knownAt }: Made, words: Words): string {
  const { t } = words.wording
  const parts = [
    asOf === undefined ? '' : t('exported.asOf', { day: asOf }),
    knownAt === undefined ? '' : t('exported.knownAt', { instant: instantText(knownAt, words) }),
  ].filter((part) => part !== '')
  return parts.length === 0
    ? t('exported.present')
    : parts.join(words.wording.language === 'en' ? ', ' : '，')
}

function filterLines(filters: Made['filters'], scope: Scope, words: Words): [string, string][] {
  const { t } = words.wording
  const { ageFrom, ageTo, ...rest } = filters
  const lines: [string, string][] = []
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || value === '' || value === false) continue
    lines.push([
      t(HEADS[name] ?? (`exported.filter.${name}` as WordingKey)),
      valueText(name, value, scope, words),
    ])
  }
  if (ageFrom !== undefined || ageTo !== undefined) {
    const which = ageFrom === undefined ? 'ageTo' : ageTo === undefined ? 'ageFrom' : 'ageBetween'
    const years = { from: String(ageFrom ?? ''), to: String(ageTo ?? '') }
    lines.push([t('exported.filter.age'), t(`exported.filter.${which}`, years)])
  }
  return lines
}

function valueText(name: string, value: unknown, scope: Scope, words: Words): string {
  const { t, label } = words.wording
  if (value === true) return t('exported.filter.yes')
  const texts = (Array.isArray(value) ? value : [value]).map(String)
  const group = CODED[name]
  return texts
    .map((text) => {
      if (name === 'emission' && text === 'none') return t('exported.filter.emissionNone')
      if (name === 'operator') return isLimited(scope) && text !== scope.operator ? text : named(text, words)
      if (name === 'county') return place(text, words)
      return group ? label(group, text) : text
    })
    .join('、')
}

const named = (operator: string, { names }: Words): string => names.get(operator) ?? operator

/** A limited account learns no name by asking for an id. */
const isLimited = ({ county, operator }: Scope): boolean => county !== undefined || operator !== undefined
