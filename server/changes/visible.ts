import { isWithin, type Scope } from '../accounts/permissions.ts'
import type { ChangeView } from './schema.ts'

/**
 * An entry without what lies outside a scope: where a vehicle came from, and the vehicles it replaced, as far as they
 * were others'. For entries whose own vehicle lies within.
 */
export function cutTo<T extends ChangeView>(view: T, scope: Scope): T {
  if (scope.county === undefined && scope.operator === undefined) return view
  const from = view.from && isWithin(view.from, scope) ? view.from : null
  return { ...view, from, retires: view.retires.filter((old) => isWithin(old, scope)) }
}

/**
 * An entry of a vehicle's life as a caller of some scope may see it, with whether a part is cut out; null when no part
 * of it may be seen. Of an entry whose own vehicle lies outside only what concerns this one is left: it was handed over,
 * or replaced by somebody else's. Who recorded it and by which list would tell whose.
 * @param vin the vehicle whose life it is
 */
export function entryWithin(
  view: ChangeView,
  vin: string,
  scope: Scope,
): (ChangeView & { partial: boolean }) | null {
  if (isWithin(view.vehicle, scope)) {
    const cut = cutTo(view, scope)
    const partial = cut.from !== view.from || cut.retires.length < view.retires.length
    return { ...cut, partial }
  }
  const retires = view.retires.filter((facts) => isWithin(facts, scope))
  const old = retires.find((facts) => facts.vin === vin)
  if (old) return { ...view, ...UNTOLD, vehicle: old, retires, partial: true }
  if (view.vehicle.vin !== vin || !view.from || !isWithin(view.from, scope)) return null
  const before = { ...view.vehicle, plate: '', ...view.from }
  return { ...view, ...UNTOLD, vehicle: before, retires: [], partial: true }
}

const nobody = { id: '', name: '' }
const UNTOLD = {
  operatorName: '',
  ...{ certificate: null, packs: null, batteries: null, note: null, breachReason: null, source: null },
  ...{ dispute: null, corrects: null, correctedBy: null, attachments: [], exemptFrom: [] },
  ...{ recordedBy: nobody, voidedBy: null, voidReason: null },
}

/** An entry that counts within a scope, without what lies outside it. */
export function seenWithin(view: ChangeView, scope: Scope): ChangeView {
  const own = isWithin(view.vehicle, scope) ? undefined : view.retires.find((facts) => isWithin(facts, scope))
  const entry = entryWithin(view, (own ?? view.vehicle).vin, scope)
  if (!entry) return { ...view, ...UNTOLD, vehicle: { ...view.vehicle, ...HIDDEN }, retires: [], from: null }
  const { partial: _, ...shown } = entry
  return shown
}

const HIDDEN = { vin: '', plate: '', operator: '', county: '' }

/** An entry as it was known at an instant: a later withdrawal had not happened yet. */
export const asKnownAt = <T extends ChangeView>(view: T, knownAt: Date | undefined): T =>
  knownAt === undefined || view.voidedAt === null || new Date(view.voidedAt) <= knownAt
    ? view
    : { ...view, voidedAt: null, voidedBy: null, voidReason: null, correctedBy: null }
