import type { ChangeModel } from '../changes/model.ts'
import type { Compliance } from '../compliance/schema.ts'
import type { ComplianceService } from '../compliance/service.ts'
import type { Trends } from '../compliance/trends.ts'
import type { LedgerViews } from '../compliance/views.ts'
import { addDays, civilDateAt, startOfDay } from '../domain/civil-date.ts'
import type { Policy } from '../domain/policy.ts'
import { monthsJudged, type ReportPeriod } from '../domain/report-period.ts'
import type { ImportModel } from '../imports/model.ts'
import type { Operators } from '../operators/service.ts'
import type { PolicySource } from '../policies/source.ts'
import type { QualityViews } from '../quality/views.ts'
import type { NilReportModel } from '../reporting/model.ts'
import { completenessOf, reportingOf } from './completeness.ts'
import { exceptionsOf } from './exceptions.ts'
import type { ReportDoc } from './model.ts'
import { type MovedRule, movementOf, movementsOf } from './movements.ts'
import { numberOf, shortNumberOf } from './number.ts'
import { type ReportContent, reportContent } from './schema.ts'

export interface ComposeParts {
  compliance: ComplianceService
  views: LedgerViews
  trends: Trends
  policies: PolicySource
  changes: ChangeModel
  operators: Operators
  imports: ImportModel
  nilReports: NilReportModel
  qualityViews: QualityViews
  /** the day of the month by which lists of the month before are due */
  dueDay: () => Promise<number>
  timeZone: string
}

/** What a report is to be of. */
export interface ToCompose {
  period: ReportPeriod
  /** the city's figures as they were frozen for it */
  figures: Compliance
  occasion: ReportContent['occasion']
  standsFor: string[]
  createdAt: Date
  /** the report that it is compared with */
  previous: ReportDoc | null
}

/**
 * Works out all that a report says, at the day, instant and version of the policy of its figures. Nothing is written.
 * @param signal ends the work between its steps
 */
export async function composeReport(
  parts: ComposeParts,
  given: ToCompose,
  signal?: AbortSignal,
): Promise<ReportContent> {
  const { period, figures, createdAt, previous } = given
  const { asOf, knownAt } = figures
  const { id, version, title, number } = figures.policy
  const policy = await parts.policies.asked(new Date(knownAt), version)
  const at = { asOf, knownAt, policyVersion: version }
  const places = [{ county: undefined, figures }, ...(await countiesOf(parts, policy, at, createdAt))]
  signal?.throwIfAborted()
  const moved = await movedFrom(parts, previous, at, places, signal)
  const reporting = await reportingOf(parts, {
    ...{ months: monthsJudged(period), planFrom: policy.period.from, knownAt: new Date(knownAt) },
    ...{ reportingDays: policy.reportingDays, dueDay: await parts.dueDay() },
    madeOn: civilDateAt(createdAt, parts.timeZone),
  })
  signal?.throwIfAborted()
  const exceptions = await exceptionsOf(
    parts,
    { policy, figures, asOf, knownAt: new Date(knownAt), since: sinceOf(period, previous, parts.timeZone) },
    signal,
  )
  const courses = []
  for (const rule of policy.rules) courses.push(await courseOf(parts, rule.id, at, createdAt))
  const content: ReportContent = {
    ...{ kind: period.kind, period: period.name },
    ...{ number: numberOf(period, policy), shortNumber: shortNumberOf(period) },
    ...{ createdAt: createdAt.toISOString(), occasion: given.occasion, standsFor: given.standsFor },
    ...{ from: period.from, asOf, knownAt },
    city: { code: policy.city.code, name: policy.city.name },
    policy: { id, version, title, number, issuer: policy.issuer, reportingDays: policy.reportingDays },
    figures,
    counties: policy.regions.map(({ code, name, english }, i) => ({
      ...{ code, name: { zh: name, en: english } },
      figures: places[i + 1]?.figures ?? figures,
      completeness: completenessOf(reporting, code),
      exceptions: exceptions.of(code),
      moved: moved[i + 1] ?? [],
    })),
    courses,
    completeness: completenessOf(reporting),
    exceptions: exceptions.of(),
    previous: previous && previousOf(previous, figures),
    moved: moved[0] ?? [],
  }
  // Exactly what the schema says, and nothing that JSON does not have.
  return reportContent.parse(content)
}

interface At {
  asOf: string
  knownAt: string
  policyVersion: number
}

interface Place {
  county: string | undefined
  figures: Compliance
}

/** Each county's figures, in the policy's order. */
async function countiesOf({ compliance }: ComposeParts, policy: Policy, at: At, now: Date): Promise<Place[]> {
  const places: Place[] = []
  for (const { code: county } of policy.regions)
    places.push({ county, figures: await compliance.figures({ ...at, county }, now) })
  return places
}

async function movedFrom(
  parts: ComposeParts,
  previous: ReportDoc | null,
  at: At,
  places: readonly Place[],
  signal: AbortSignal | undefined,
): Promise<ReportContent['moved'][]> {
  if (!previous) return []
  const { content } = previous
  const earlier = {
    ...{ asOf: content.asOf, knownAt: new Date(content.knownAt) },
    policyVersion: content.policy.version,
  }
  const compared = places.map(({ county, figures }) => ({
    filter: { county },
    before: (county === undefined ? content.figures : countyFigures(content, county))?.rules ?? [],
    after: figures.rules,
  }))
  const later = { ...at, knownAt: new Date(at.knownAt) }
  const moved: MovedRule[][] = await movementsOf(parts, earlier, later, compared, signal)
  return moved.map((rules) => rules.map(movementOf))
}

const countyFigures = ({ counties }: ReportContent, county: string): Compliance | undefined =>
  counties.find(({ code }) => code === county)?.figures

/** From when on something is new to a report: since the one before, or since its own period began. */
function sinceOf(period: ReportPeriod, previous: ReportDoc | null, timeZone: string) {
  if (previous) return { on: previous.content.asOf, knownAt: new Date(previous.content.knownAt) }
  return { on: addDays(period.from, -1), knownAt: startOfDay(period.from, timeZone) }
}

async function courseOf({ trends }: ComposeParts, rule: string, at: At, now: Date) {
  const { points } = await trends.trend(rule, { ...at, operator: undefined, as: 'known-today' }, now)
  return { rule, points }
}

function previousOf({ _id, content }: ReportDoc, { rules }: Compliance): ReportContent['previous'] {
  const still = new Set(rules.map(({ id }) => id))
  const { number, period, asOf, knownAt, policy } = content
  return {
    ...{ id: _id.toHexString(), number, period, asOf, knownAt, policyVersion: policy.version },
    dropped: content.figures.rules
      .filter(({ id }) => !still.has(id))
      .map(({ id: rule, title }) => ({ rule, title })),
  }
}
