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

/** So many entries are named; the rest are counted. */
export const NAMED = 20

const noMovers = (): Movers => ({ ids: [], total: 0 })

function note(movers: Movers, id: string): void {
  movers.total += 1
  if (movers.ids.length < NAMED) movers.ids.push(id)
}

/**
 * Follows a rule's figure from write to write.
 * @param groups the moves of each write, the earliest first; what was written together counts together
 * @param after the sums once all is counted, on the day
 * @param whole false for a county's figure
 */
export function followCourse(
  { policy, rule, day, whole }: { policy: Policy; rule: Rule; day: CivilDate; whole: boolean },
  groups: readonly (readonly Move[])[],
  after: CourseSums,
): Course {
  const { yearBefore, ...last } = after
  const sum = { ...emptySum(), ...last }
  const before = yearBefore && { ...emptySum(), ...yearBefore }
  const earlier = yearEarlier(day)
  const apply = (move: Move, sign: 1 | -1): void => {
    add(sum, move, sign)
    if (before && move.on <= earlier) add(before, move, sign)
  }
  const remains = remaining(groups.flat())
  for (const move of groups.flat()) apply(move, -1)
  const figure = () => assess(policy, rule, day, (asked) => (before && asked < day ? before : sum), whole)
  const course: Course = {
    ...{ worsening: noMovers(), improving: noMovers(), breaking: noMovers() },
    base: figure().status,
  }
  const aim = aimOf(rule, sum)
  for (const group of groups) {
    const stood = { ...figure() }
    for (const move of group) apply(move, 1)
    const breaks = rule.kind !== 'rising-share' && breaksTarget(stood, figure())
    for (const move of group) {
      const margin = marginOf(move, aim)
      if (margin > 0) note(course.improving, move.id)
      if (margin < 0) note(course.worsening, move.id)
      if (margin < 0 && breaks && remains(move.id)) note(course.breaking, move.id)
    }
  }
  return course
}

/** Whether anything is left of what an entry moved: one that was recorded and withdrawn again moved nothing. */
function remaining(moves: readonly Move[]): (id: string) => boolean {
  const net = new Map<string, { numerator: number; denominator: number }>()
  for (const move of moves) {
    const sum = net.get(move.id) ?? { numerator: 0, denominator: 0 }
    add(sum, move, 1)
    net.set(move.id, sum)
  }
  return (id) => {
    const { numerator = 0, denominator = 0 } = net.get(id) ?? {}
    return numerator !== 0 || denominator !== 0
  }
}

function add(to: { numerator: number; denominator: number }, move: Move, sign: 1 | -1): void {
  to.numerator += sign * move.numerator
  to.denominator += sign * move.denominator
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
const marginOf = ({ numerator, denominator }: Move, { over, under }: Aim): number =>
  numerator * under - denominator * over

/** What an entry moved in each rule, within a part of the city. @param county its code; undefined: all of the city */
export function movesOf(
  id: string,
  contributions: readonly Contribution[],
  sign: 1 | -1,
  county: string | undefined,
): Map<string, Move> {
  const moves = new Map<string, Move>()
  for (const c of contributions) {
    if (county !== undefined && !liesIn(c.county, county)) continue
    const move = moves.get(c.rule) ?? { id, on: c.on, numerator: 0, denominator: 0 }
    move.numerator += sign * c.numerator
    move.denominator += sign * c.denominator
    moves.set(c.rule, move)
  }
  return moves
}
