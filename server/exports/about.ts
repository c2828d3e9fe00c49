import type { Scope } from '../accounts/permissions.ts'
import type { ChangeFilter } from '../changes/schema.ts'
import type { EvidenceAsked } from '../compliance/evidence-list.ts'
import { theCity } from '../domain/regions.ts'
import type { VehicleFilter } from '../vehicles/schema.ts'
import type { WordGroup, WordingKey } from '../wording/index.ts'
import { countyName, momentOf, type Words } from './columns.ts'

/** What lists can be narrowed by, but for the moment, which is said apart. */
type Filters = Partial<
  Omit<VehicleFilter & ChangeFilter & EvidenceAsked, 'asOf' | 'knownAt' | keyof EitherWay> & EitherWay
>
/** What lists take differently. */
interface EitherWay {
  category: string | readonly string[]
  energy: string | readonly string[]
}
type FilterName = Exclude<keyof Filters, 'ageFrom' | 'ageTo'>

/** What an exported list is, to be said in the file. */
export interface Made {
  by: { name: string; email: string }
  now: Date
  scope: Scope
  asOf?: string | undefined
  /** when the list is as known at another time than now */
  knownAt?: Date | undefined
  /** those that are not set are left out */
  filters: Filters
  /** a rule's own lines */
  more?: [string, string][]
}

/** The groups of words that the values of filters are taken from. */
const CODED: Partial<Record<FilterName, WordGroup>> = {
  category: 'category',
  energy: 'energy',
  emission: 'emission',
  kind: 'kind',
  status: 'vehicleStatus',
}
/** What each filter is called, in the order in which they are said. */
const HEADS: Record<FilterName, WordingKey> = {
  q: 'exported.filter.q',
  rule: 'exported.filter.rule',
  policyVersion: 'exported.filter.policyVersion',
  kind: 'field.kind',
  from: 'exported.filter.from',
  to: 'exported.filter.to',
  month: 'exported.filter.month',
  category: 'field.category',
  energy: 'field.energy',
  emission: 'field.emission',
  status: 'exported.column.status',
  county: 'field.county',
  operator: 'field.operator',
  inServiceOn: 'exported.filter.inServiceOn',
  import: 'exported.filter.import',
  includeVoided: 'exported.filter.includeVoided',
  undetermined: 'exported.filter.undetermined',
}

/**
 * The lines that say what a file holds: when and by whom it was made, of what, as of when, narrowed by what.
 * @param words with the names of the operators that its maker sees
 */
export function aboutLines(made: Made, words: Words): [string, string][] {
  const { t } = words.wording
  const filters = filterLines(made.filters, words)
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

function filterLines(filters: Filters, words: Words): [string, string][] {
  const { t } = words.wording
  const { ageFrom, ageTo } = filters
  const lines: [string, string][] = []
  for (const name of Object.keys(HEADS) as FilterName[]) {
    const value = filters[name]
    if (value === undefined || value === '' || value === false) continue
    lines.push([t(HEADS[name]), valueText(name, value, words)])
  }
  if (ageFrom !== undefined || ageTo !== undefined) {
    const which = ageFrom === undefined ? 'ageTo' : ageTo === undefined ? 'ageFrom' : 'ageBetween'
    const years = { from: String(ageFrom ?? ''), to: String(ageTo ?? '') }
    lines.push([t('exported.filter.age'), t(`exported.filter.${which}`, years)])
  }
  return lines
}

function valueText(name: FilterName, value: unknown, words: Words): string {
  const { t, label } = words.wording
  if (value === true) return t('exported.filter.yes')
  const texts = (Array.isArray(value) ? value : [value]).map(String)
  const group = CODED[name]
  return texts
    .map((text) => {
      if (name === 'emission' && text === 'none') return t('exported.filter.emissionNone')
      if (name === 'operator') return named(text, words)
      if (name === 'county') return place(text, words)
      return group ? label(group, text) : text
    })
    .join('、')
}

/** A limited account learns no name by asking for an id: `names` are those that it sees. */
const named = (operator: string, { names }: Words): string => names.get(operator) ?? operator
