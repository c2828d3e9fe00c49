import { type Assessment, type AssessmentStatus, assess, yearEarlier } from './assessment.ts'
import { breaksTarget } from './breach.ts'
import type { CivilDate } from './civil-date.ts'
import type { Contribution } from './contribution.ts'
import type { Policy, Rule } from './policy.ts'
import { liesIn } from './regions.ts'
import { emptySum } from './series.ts'

/** What is worth an alert: a status that changed, and what broke a target although the status stayed. */

/** A figure as an alert tells it. */
export type AlertFigure = Pick<Assessment, 'value' | 'numerator' | 'denominator' | 'status'>

/** Statuses between which nothing happens that anybody has to know: there was no data, or nothing to compare with. */
const QUIET: ReadonlySet<AssessmentStatus> = new Set<AssessmentStatus>(['no-data', 'reported', 'on-track'])

/** The order from bad to good, by which it is told whether a status was lost or regained. */
const GOODNESS: Record<AssessmentStatus, number> = {
  missed: 0,
  breached: 1,
  behind: 2,
  'at-risk': 3,
  'no-data': 4,
  reported: 4,
  'on-track': 5,
  met: 6,
}

/** Whether a change of status is told. */
export const isNews = (before: AssessmentStatus, after: AssessmentStatus): boolean =>
  before !== after && !(QUIET.has(before) && QUIET.has(after))

/** Which way a status went. */
export const DIRECTIONS = ['worse', 'better', 'same'] as const
export type Direction = (typeof DIRECTIONS)[number]

export function directionOf(before: AssessmentStatus, after: AssessmentStatus): Direction {
  if (GOODNESS[after] === GOODNESS[before]) return 'same'
  return GOODNESS[after] < GOODNESS[before] ? 'worse' : 'better'
}

/** What an entry moved in one rule: recorded, or taken away again by its withdrawal. */
export interface Move {
  /** the entry's id */
  id: string
  /** the day from which it counts */
  on: CivilDate
  numerator: number
  denominator: number
  /** the entry was both recorded and withdrawn between the two looks: nothing is left of it */
  undone?: boolean
}

/** Entries of one write that moved a rule alike: how many, and the first of them. */
interface Alike {
  /** of each entry */
  numerator: number
  denominator: number
  /** counts on the same day a year before, too */
  early: boolean
  undone: boolean
  total: number
  first: { id: string; place: number }[]
}

/** So many entries are named; the rest are counted. */
export const NAMED = 20

/**
 * What one write moved in a rule. What moved alike is counted and only the first of it named, so that the write of a
 * long list takes no more room than that of a short one.
 */
export class WriteMoves {
  private readonly kinds = new Map<string, Alike>()
  private readonly earlier: CivilDate
  private places = 0

  /** @param day on which the figures are compared */
  constructor(day: CivilDate) {
    this.earlier = yearEarlier(day)
  }

  add({ id, on, numerator, denominator, undone = false }: Move): void {
    const early = on <= this.earlier
    const name = `${numerator}/${denominator}/${early}/${undone}`
    let kind = this.kinds.get(name)
    if (!kind) {
      kind = { numerator, denominator, early, undone, total: 0, first: [] }
      this.kinds.set(name, kind)
    }
    kind.total += 1
    if (kind.first.length < NAMED) kind.first.push({ id, place: this.places })
    this.places += 1
  }

  get all(): Iterable<Alike> {
    return this.kinds.values()
  }
}

/** The sums of a rule on a day. */
export interface CourseSums {
  numerator: number
  denominator: number
  /** rising shares: those of the same day a year before */
  yearBefore?: { numerator: number; denominator: number } | undefined
}

/** How many entries moved a figure one way, and the first of them. */
export interface Movers {
  ids: string[]
  total: number
}

/** What happened to one rule's figure between two looks. */
export interface Course {
  worsening: Movers
  improving: Movers
  /** those that broke the target, or moved a target that is lost further away, and were not withdrawn again */
  breaking: Movers
  /** how the rule stood on the day of the later look before anything was recorded */
  base: AssessmentStatus
}

const noMovers = (): Movers => ({ ids: [], total: 0 })

/** Counts those of a write, and names the first of them in the order in which they were written. */
function note(movers: Movers, kinds: readonly Alike[]): void {
  for (const { total } of kinds) movers.total += total
  const first = kinds.flatMap((kind) => kind.first).sort((a, b) => a.place - b.place)
  movers.ids.push(...first.slice(0, NAMED - movers.ids.length).map(({ id }) => id))
}

/**
 * Follows a rule's figure from write to write.
 * @param writes the moves of each write, the earliest first; what was written together counts together
 * @param after the sums once all is counted, on the day
 * @param whole false for a county's figure
 */
export function followCourse(
  { policy, rule, day, whole }: { policy: Policy; rule: Rule; day: CivilDate; whole: boolean },
  writes: readonly WriteMoves[],
  after: CourseSums,
): Course {
  const { yearBefore, ...last } = after
  const sum = { ...emptySum(), ...last }
  const before = yearBefore && { ...emptySum(), ...yearBefore }
  const apply = (write: WriteMoves, sign: 1 | -1): void => {
    for (const kind of write.all) {
      add(sum, kind, sign * kind.total)
      if (before && kind.early) add(before, kind, sign * kind.total)
    }
  }
  for (const write of writes) apply(write, -1)
  const figure = () => assess(policy, rule, day, (asked) => (before && asked < day ? before : sum), whole)
  const course: Course = {
    ...{ worsening: noMovers(), improving: noMovers(), breaking: noMovers() },
    base: figure().status,
  }
  const aim = aimOf(rule, sum)
  for (const write of writes) {
    const stood = { ...figure() }
    apply(write, 1)
    const breaks = rule.kind !== 'rising-share' && breaksTarget(stood, figure())
    const kinds = [...write.all]
    const harming = kinds.filter((kind) => marginOf(kind, aim) < 0)
    note(
      course.improving,
      kinds.filter((kind) => marginOf(kind, aim) > 0),
    )
    note(course.worsening, harming)
    if (breaks)
      note(
        course.breaking,
        harming.filter(({ undone }) => !undone),
      )
  }
  return course
}

type Sums = Pick<Move, 'numerator' | 'denominator'>

function add(to: Sums, { numerator, denominator }: Sums, times: number): void {
  to.numerator += times * numerator
  to.denominator += times * denominator
}

interface Aim {
  over: number
  under: number
}

/** The share above which an entry helps: the target, or what the share is where it only has to rise. */
function aimOf(rule: Rule, sum: { numerator: number; denominator: number }): Aim {
  if (rule.kind === 'share') return { over: Math.round(rule.target * 100), under: 10_000 }
  if (rule.kind === 'rising-share') return { over: sum.numerator, under: Math.max(1, sum.denominator) }
  return { over: 0, under: 1 }
}

/** Positive for what helps, negative for what harms; exact, in integers. */
const marginOf = ({ numerator, denominator }: Sums, { over, under }: Aim): number =>
  numerator * under - denominator * over

/** What an entry moved in each rule, within a part of the city. @param county its code; undefined: all of the city */
export function movesOf(
  entry: Pick<Move, 'id' | 'undone'>,
  contributions: readonly Contribution[],
  sign: 1 | -1,
  county: string | undefined,
): Map<string, Move> {
  const moves = new Map<string, Move>()
  for (const c of contributions) {
    if (county !== undefined && !liesIn(c.county, county)) continue
    const move = moves.get(c.rule) ?? { ...entry, on: c.on, numerator: 0, denominator: 0 }
    add(move, c, sign)
    moves.set(c.rule, move)
  }
  return moves
}
