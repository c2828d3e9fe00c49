import type { LedgerClock } from '../changes/ledger-clock.ts'
import { type CivilDate, civilDateAt, endOfMonth, monthsBetween } from '../domain/civil-date.ts'
import type { Rule } from '../domain/policy.ts'
import { isSmall, places } from '../domain/ranking.ts'
import { emptySum, type Sum } from '../domain/series.ts'
import type { Tally, TallyFilter } from '../domain/tally.ts'
import type { Operators } from '../operators/service.ts'
import { figureOf, ruleOf } from './figure.ts'
import { KeptTexts } from './kept-texts.ts'
import { type Label, labelOf } from './labels.ts'
import type { LedgerView } from './ledger-view.ts'
import type { Breakdown, BreakdownBy, BreakdownPart, BreakdownQuery } from './schema.ts'
import type { LedgerViews } from './views.ts'

interface Parts {
  views: LedgerViews
  clock: LedgerClock
  operators: Operators
  timeZone: string
}

/** What is asked, and the sums that answer it: to be used at once, before the tally goes on. */
interface Look {
  view: LedgerView
  rule: Rule
  asOf: CivilDate
  query: BreakdownQuery
}

/** A figure in its parts: by county, operator, category, energy or month. The parts add up to it. */
export class Breakdowns {
  private readonly parts: Parts
  private readonly kept = new KeptTexts()

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * @param query narrowed to the caller's scope already
   * @throws Problem 404 `rule.unknown`, `policy.unknown-version`
   */
  async breakdown(ruleId: string, query: BreakdownQuery, now: Date): Promise<Breakdown> {
    const unnamed = await this.look(ruleId, query, now, inParts)
    return named(unnamed, await this.namesFor(unnamed))
  }

  /**
   * The same as JSON text in UTF-8. It is kept while its instant is the latest: many open the same page of the same
   * morning, and the text of two thousand operators takes longer to make than all else of the answer.
   */
  async json(ruleId: string, query: BreakdownQuery, now: Date): Promise<Buffer> {
    const names = query.by === 'operator' ? await this.parts.operators.namesOf([]) : NO_NAMES
    const [key, found] = await this.look(ruleId, query, now, (look) => {
      const key = this.keyOf(look)
      return [key, this.kept.get(key, names) ?? inParts(look)] as const
    })
    if (Buffer.isBuffer(found)) return found
    const latest = await this.namesFor(found)
    const text = Buffer.from(JSON.stringify(named(found, latest)))
    this.kept.keep(key, latest, text)
    return text
  }

  /** @param take called as soon as the view is there: it may be brought forward after the next `await` */
  private async look<T>(
    ruleId: string,
    query: BreakdownQuery,
    now: Date,
    take: (look: Look) => T,
  ): Promise<T> {
    const { views, clock, timeZone } = this.parts
    const asOf = query.asOf ?? civilDateAt(now, timeZone)
    const view = await views.at(await clock.settled(query.knownAt, now), query.policyVersion)
    return take({ view, rule: ruleOf(view.policy, ruleId), asOf, query })
  }

  /** All that an answer depends on but the names of operators. */
  private keyOf({ view, rule, asOf, query }: Look): string {
    const { by, county, operator, category, energy } = query
    const { generation } = this.parts.clock
    const moment = [generation, view.knownAt.getTime(), view.policy.version]
    return JSON.stringify([...moment, rule.id, asOf, by, county, operator, category, energy])
  }

  /** Of all other parts the words are known. */
  private async namesFor({ by, items }: Breakdown): Promise<ReadonlyMap<string, string>> {
    return by === 'operator' ? this.parts.operators.namesOf(items.map(({ key }) => key)) : NO_NAMES
  }
}

const NO_NAMES: ReadonlyMap<string, string> = new Map()
const NO_LABEL: Label = { zh: '', en: '' }

/** A figure in its parts, which have no words yet. */
function inParts({ view, rule, asOf, query }: Look): Breakdown {
  const { policy, tally, knownAt } = view
  const { by } = query
  const found = by === 'month' ? byMonth(tally, rule, asOf, query) : tally.breakdown(rule.id, by, asOf, query)
  const items: { key: string; sum: Sum }[] = []
  for (const key of [...found.keys()].sort()) {
    const sum = found.get(key)
    if (sum && (by === 'month' || sum.entries !== 0)) items.push({ key, sum })
  }
  const ranks = by === 'month' ? undefined : places(rule, items)
  const total = tally.total(rule.id, asOf, query)
  return {
    ...{ rule: rule.id, kind: rule.kind, by, asOf, knownAt: knownAt.toISOString() },
    policyVersion: policy.version,
    target: rule.kind === 'share' ? rule.target : null,
    total: {
      value: figureOf(rule, total).value,
      numerator: total.numerator,
      denominator: rule.kind === 'count' ? null : total.denominator,
      undetermined: total.undetermined,
      entries: total.entries,
    },
    items: items.map((item) => partOf(rule, by, item, ranks?.get(item) ?? null)),
  }
}

/** One part. Written out, as there may be thousands. */
function partOf(
  rule: Rule,
  by: BreakdownBy,
  { key, sum }: { key: string; sum: Sum },
  rank: number | null,
): BreakdownPart {
  const { value, numerator, denominator } = figureOf(rule, sum)
  return {
    key,
    label: NO_LABEL,
    // What a month brought to a fleet and took from it is no share of anything.
    value: by === 'month' && rule.kind === 'rising-share' ? null : value,
    numerator,
    denominator,
    undetermined: sum.undetermined,
    entries: sum.entries,
    small: by !== 'month' && isSmall(rule, sum),
    rank,
  }
}

/** Gives the parts their words, in place. */
function named(parts: Breakdown, names: ReadonlyMap<string, string>): Breakdown {
  for (const item of parts.items) item.label = labelOf(parts.by, item.key, names)
  return parts
}

/** Each month's own amounts, from the first in which something happened to the last. */
function byMonth(tally: Tally, rule: Rule, asOf: CivilDate, filter: TallyFilter): Map<string, Sum> {
  const course = tally.course(rule.id, filter)
  const days = [...course.byDay()].filter(({ on }) => on <= asOf)
  const [first, last] = [days[0], days.at(-1)]
  const months = new Map<string, Sum>()
  if (!first || !last) return months
  for (const month of monthsBetween(first.on, last.on)) {
    const sum = emptySum()
    const end = endOfMonth(month)
    course.addUpTo(end < asOf ? end : asOf, sum)
    course.addUpTo(`${month}-00`, sum, -1)
    months.set(month, sum)
  }
  return months
}
