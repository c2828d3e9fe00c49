import type { Scope } from '../accounts/permissions.ts'
import type { Compliance } from '../compliance/schema.ts'
import { shown } from './check.ts'
import { digestFor } from './digest.ts'
import type { Completeness, Exceptions, ReportContent, ReportItem } from './schema.ts'
import type { ReportHead } from './store.ts'

/**
 * A report's content for a scope. A county sees its own part alone, as it was frozen; an operator its own figures, and
 * of completeness and exceptions what names it.
 * @param figures the scope's, as the report gives them
 */
export function contentFor(content: ReportContent, scope: Scope, figures: Compliance): ReportContent {
  if (scope.operator !== undefined)
    return { ...partOf(content, figures), ...forOperator(content, scope.operator) }
  if (scope.county === undefined) return content
  const own = content.counties.find(({ code }) => code === scope.county)
  if (!own) return partOf(content, figures)
  const { completeness, exceptions, moved } = own
  return { ...partOf(content, own.figures), counties: [own], completeness, exceptions, moved }
}

/** What anybody may know of a report, with the figures of a part. */
const partOf = (content: ReportContent, figures: Compliance): ReportContent => ({
  ...content,
  ...{ figures, counties: [], courses: [], moved: [] },
  completeness: NOBODY(content.completeness),
  exceptions: NONE,
})

const NONE: Exceptions = {
  total: 0,
  byReason: { 'not-new-energy': 0, 'breach-confirmed': 0, undetermined: 0, 'recorded-late': 0 },
  items: [],
}

const NOBODY = ({ month, months }: Completeness): Completeness => ({
  ...{ completeTo: null, firstGap: null, month, expected: 0, reported: 0, missing: [] },
  months: months.map(({ month }) => ({ month, expected: 0, reported: 0, missing: 0 })),
})

/** What names an operator. Of exceptions only those that were listed; of one that lacks nothing, nothing is said. */
function forOperator({ completeness, exceptions }: ReportContent, operator: string) {
  const own = completeness.missing.find(({ id }) => id === operator)
  const items = exceptions.items.filter((item) => item.operator.id === operator)
  const count = (reason: keyof Exceptions['byReason']) => items.filter((i) => i.reason === reason).length
  const lacks = (month: string) => (own?.months.includes(month) ? 1 : 0)
  return {
    completeness: {
      ...NOBODY(completeness),
      expected: lacks(completeness.month),
      missing: own ? [own] : [],
      months: completeness.months.map(({ month }) => ({
        ...{ month, expected: lacks(month), reported: 0, missing: lacks(month) },
      })),
    },
    exceptions: {
      total: items.length,
      byReason: {
        'not-new-energy': count('not-new-energy'),
        'breach-confirmed': count('breach-confirmed'),
        undetermined: count('undetermined'),
        'recorded-late': count('recorded-late'),
      },
      items,
    },
  }
}

/** A report in a list, as a scope sees it. */
export function itemOf({ _id, digest, content, ...doc }: ReportHead, scope: Scope): ReportItem {
  const { previous, policy } = content
  const whole = scope.operator === undefined && scope.county === undefined
  const own = whole ? content : scope.operator === undefined ? content.counties?.[0] : undefined
  const { missing: _, ...nobody } = NOBODY({ ...content.completeness, missing: [] })
  return {
    ...{ id: _id.toHexString(), digest: digestFor(digest, scope), kind: doc.kind, period: doc.period },
    ...{ number: doc.number, shortNumber: doc.shortNumber, createdAt: doc.createdAt.toISOString() },
    ...{ occasion: content.occasion, standsFor: content.standsFor, from: content.from },
    ...{ asOf: doc.asOf, knownAt: content.knownAt },
    policy: { id: policy.id, version: policy.version },
    comparedWith: previous && {
      ...{ id: previous.id, number: previous.number, period: previous.period, asOf: previous.asOf },
    },
    completeness: own ? withoutNames(own.completeness) : nobody,
    exceptions: own?.exceptions.total ?? 0,
    rules: own?.figures.rules.map(shown) ?? [],
  }
}

const withoutNames = (all: Omit<Completeness, 'missing'>): Omit<Completeness, 'missing'> => {
  const { completeTo, firstGap, month, expected, reported, months } = all
  return { completeTo, firstGap, month, expected, reported, months }
}
