import type { ChangeModel } from '../changes/model.ts'
import type { RuleFigure } from '../compliance/schema.ts'
import type { LedgerViews } from '../compliance/views.ts'
import { becauseOf, type Corners } from '../domain/movement.ts'
import { emptySum, type Sum } from '../domain/series.ts'
import { Tally, type TallyFilter } from '../domain/tally.ts'
import type { PolicySource } from '../policies/source.ts'
import { correctedWithin } from './corrected.ts'
import type { Movement, Outline } from './schema.ts'

interface Parts {
  views: LedgerViews
  changes: ChangeModel
  policies: PolicySource
}

/** A day and what is known of it, by a version of the policy. */
export interface Moment {
  asOf: string
  knownAt: Date
  policyVersion: number
}

/** A part of the city, with its figures at both moments. */
export interface Part {
  filter: TallyFilter
  before: readonly RuleFigure[]
  after: readonly RuleFigure[]
}

/** What a rule's figure moved by, and of how many contributions of entries the parts are made. */
export interface MovedRule extends Movement {
  /** by the earlier moment's day: recorded since, said anew included */
  recorded: number
  /** withdrawn since */
  voided: number
}

/**
 * What moved from one moment to a later one, and why, for several parts of the city at once. Sums come from the
 * tallies at both moments; of the ledger only what was withdrawn in between is read.
 */
export async function movementsOf(
  parts: Parts,
  earlier: Moment,
  later: Moment,
  places: readonly Part[],
  signal?: AbortSignal,
): Promise<MovedRule[][]> {
  const { views, changes, policies } = parts
  const version = later.policyVersion
  const policy = await policies.asked(later.knownAt, version)
  const span = { from: earlier.knownAt, to: later.knownAt }
  const { withdrawn, saidAnew } = await correctedWithin(changes, policy, span, signal)
  const [taken, given] = [new Tally(), new Tally()]
  taken.take(withdrawn)
  given.take(saidAnew)
  // A view is used before anything else is waited for: it may move on.
  const sumsAt = async (knownAt: Date, days: string[]) => {
    const { tally } = await views.at(knownAt, version)
    return places.map(({ filter, after }) =>
      after.map(({ id }) => days.map((day) => tally.total(id, day, filter))),
    )
  }
  const was = await sumsAt(earlier.knownAt, [earlier.asOf])
  const is = await sumsAt(later.knownAt, [earlier.asOf, later.asOf])
  return places.map(({ filter, before, after }, i) =>
    after.map((figure, n) => {
      const earlierFigure = before.find(({ id }) => id === figure.id)
      const [beforeAnew = emptySum()] = was[i]?.[n] ?? []
      const [sameDay = emptySum(), now = emptySum()] = is[i]?.[n] ?? []
      const lost = taken.total(figure.id, earlier.asOf, filter)
      const got = given.total(figure.id, earlier.asOf, filter)
      const corners: Corners = {
        ...{ before: sumOf(earlierFigure), beforeAnew, sameDay, after: now },
        corrected: difference(got, lost),
      }
      return {
        rule: figure.id,
        before: earlierFigure ? outlineOf(earlierFigure) : null,
        after: outlineOf(figure),
        because: becauseOf(corners, figure.denominator === null),
        recorded: sameDay.entries - beforeAnew.entries + lost.entries,
        voided: lost.entries,
      }
    }),
  )
}

/** A movement as reports keep it. */
export const movementOf = ({ rule, before, after, because }: MovedRule): Movement => ({
  ...{ rule, before, after, because },
})

const sumOf = (figure: RuleFigure | undefined) => ({
  numerator: figure?.numerator ?? 0,
  denominator: figure?.denominator ?? 0,
})

const difference = (a: Sum, b: Sum) => ({
  numerator: a.numerator - b.numerator,
  denominator: a.denominator - b.denominator,
})

/** A figure in short. */
export const outlineOf = ({ value, numerator, denominator, status }: RuleFigure): Outline => ({
  ...{ value, numerator, denominator, status },
})
