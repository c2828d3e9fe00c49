import { isWithin, type Scope } from '../accounts/permissions.ts'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { changeViews } from '../changes/view.ts'
import { asKnownAt, entryWithin } from '../changes/visible.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import { type Life, type LifeEvent, plateSpells, stateOf, type VehicleState } from '../domain/life.ts'
import type { Operators } from '../operators/service.ts'
import type { Moment } from './past.ts'
import type { VehicleWithHistory } from './schema.ts'

/**
 * The last moment of a life that lies within a scope.
 * @returns the vehicle's state then, and the day on which it left the scope if it did; null when it never lay there
 */
export function lastWithin(
  life: Life,
  scope: Scope,
): { state: VehicleState; movedOn: CivilDate | null } | null {
  for (let length = life.length; length > 0; length--) {
    const state = stateOf(life.slice(0, length))
    if (state && isWithin(state.facts, scope)) return { state, movedOn: life[length]?.on ?? null }
  }
  return null
}

/** The plates that a vehicle carried while it lay within a scope. */
export function platesWithin(life: Life, scope: Scope): VehicleWithHistory['plates'] {
  const left = (event: LifeEvent): LifeEvent =>
    isWithin(event.facts, scope) ? event : { ...event, kind: 'retired' }
  return plateSpells(life.map(left))
}

/**
 * The entries of a vehicle's life within a scope, oldest first, and how many lie outside.
 * @param movedOn the day on which the vehicle left the scope: nothing is told of what others do with it since, not even
 *   how much
 * @param moment of a view of the past: what had not happened or was not known then is left out
 */
export async function historyWithin(
  vin: string,
  scope: Scope,
  movedOn: CivilDate | null,
  { changes, operators }: { changes: ChangeModel; operators: Pick<Operators, 'namesOf'> },
  moment?: Moment,
): Promise<Pick<VehicleWithHistory, 'history' | 'hiddenEntries'>> {
  const then = moment ? { on: { $lte: moment.asOf }, recordedAt: { $lte: moment.knownAt } } : {}
  const docs = await changes.collection
    .find<ChangeDoc>({ vins: vin, ...then } as never)
    .sort({ on: 1, recordedAt: 1, _id: 1 })
    .toArray()
  const names = await operators.namesOf(docs.map((doc) => doc.vehicle.operator))
  const views = await changeViews(docs, names, changes)
  const entries = views.map((view) => entryWithin(asKnownAt(view, moment?.knownAt), vin, scope))
  const ownUpTo = entries.findLastIndex((entry) => entry && (movedOn === null || entry.on <= movedOn))
  const own = movedOn === null ? entries : entries.slice(0, ownUpTo + 1)
  return {
    history: entries.filter((entry) => entry !== null),
    hiddenEntries: own.filter((entry) => entry === null).length,
  }
}
