import type { Scope } from '../accounts/permissions.ts'
import type { Compliance } from '../compliance/schema.ts'
import { shown } from './check.ts'
import { digestFor } from './digest.ts'
import { inOrder, noneByReason } from './exception-lists.ts'
import type { Completeness, Exceptions, ReportContent, ReportException, ReportItem } from './schema.ts'
import type { HeadPart, ReportHead } from './store.ts'

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

const NONE: Exceptions = { total: 0, byReason: noneByReason(), items: [] }

const NOBODY = ({ month, months }: Pick<Completeness, 'month' | 'months'>): Completeness => ({
  ...{ completeTo: null, firstGap: null, month, expected: 0, reported: 0, missing: [] },
  months: months.map(({ month }) => ({ month, expected: 0, reported: 0, missing: 0 })),
})

/** What names an operator; of one that need not report, nothing is said. */
function forOperator({ completeness, exceptions, counties }: ReportContent, operator: string) {
  const own = completeness.missing.find(({ id }) => id === operator)
  const others = completeness.operators?.find(({ id }) => id === operator)
  const count = (months: readonly string[] | undefined, month: string) => (months?.includes(month) ? 1 : 0)
  const months = completeness.months.map(({ month, dueOn }) => {
    const [missing, reported] = [count(own?.months, month), count(others?.reported, month)]
    const pending = dueOn === undefined ? {} : { pending: count(others?.pending, month), dueOn }
    return { month, expected: missing + reported + (pending.pending ?? 0), reported, missing, ...pending }
  })
  const { expected, reported } = months.find(({ month }) => month === completeness.month) ?? {}
  return {
    completeness: {
      ...NOBODY(completeness),
      ...{ expected: expected ?? 0, reported: reported ?? 0, months, missing: own ? [own] : [] },
    },
    exceptions: ownExceptions([exceptions, ...counties.map((county) => county.exceptions)], operator),
  }
}

/**
 * An operator's exceptions: as many as were counted when the report was made, and of them those that stand in one of
 * its lists. A report of an earlier form counted none apart: of it there are those in the lists.
 */
function ownExceptions(lists: readonly Exceptions[], operator: string): Exceptions {
  const listed = lists.flatMap(({ items }) => items.filter((item) => item.operator.id === operator))
  const key = ({ change, vin, rule, reason }: ReportException) => [change, vin, rule, reason].join(' ')
  const items = inOrder([...new Map(listed.map((item) => [key(item), item])).values()])
  const counted = noneByReason()
  for (const { reason } of items) counted[reason]++
  const owners = lists[0]?.operators
  const byReason = owners?.find(({ id }) => id === operator)?.byReason ?? counted
  return { total: Object.values(byReason).reduce((sum, n) => sum + n, 0), byReason, items }
}

/** A report in a list, as a scope sees it. */
export function itemOf({ _id, digest, content, ...doc }: ReportHead, scope: Scope): ReportItem {
  const { previous, policy } = content
  const whole = scope.operator === undefined && scope.county === undefined
  const own = whole ? content : scope.operator === undefined ? content.counties?.[0] : undefined
  return {
    ...{
      id: _id.toHexString(),
      digest: own ? digestFor(digest, scope, []) : null,
      kind: doc.kind,
      period: doc.period,
    },
    ...{ number: doc.number, shortNumber: doc.shortNumber, createdAt: doc.createdAt.toISOString() },
    ...{ occasion: content.occasion, standsFor: content.standsFor, from: content.from },
    ...{ asOf: doc.asOf, knownAt: content.knownAt },
    policy: { id: policy.id, version: policy.version },
    comparedWith: previous && {
      ...{ id: previous.id, number: previous.number, period: previous.period, asOf: previous.asOf },
    },
    completeness: withoutNames(own?.completeness ?? NOBODY(content.completeness)),
    exceptions: own?.exceptions.total ?? 0,
    rules: own?.figures.rules.map(shown) ?? [],
  }
}

function withoutNames(all: HeadPart['completeness']): ReportItem['completeness'] {
  const { completeTo, firstGap, month, expected, reported, months, missing } = all
  return { completeTo, firstGap, month, expected, reported, months, lacking: missing.length }
}
