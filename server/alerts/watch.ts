import { ObjectId } from 'mongodb'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import { isInserted } from '../changes/writer-lock.ts'
import type { LedgerViews } from '../compliance/views.ts'
import { directionOf, followCourse, isNews } from '../domain/alert.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import type { Policy, Rule } from '../domain/policy.ts'
import type { Operators } from '../operators/service.ts'
import type { PolicySource } from '../policies/source.ts'
import { anythingSince, inOrder, type WritesOf, writesBetween } from './between.ts'
import { changesBehind } from './entries.ts'
import { type AlertDoc, type AlertModel, alertState, CITY, type Look, type LookDoc } from './model.ts'
import type { Tell } from './readers.ts'
import { countyOf, placesOf, standingsAt } from './standings.ts'

export interface AlertWatchParts {
  alerts: AlertModel
  changes: ChangeModel
  views: Pick<LedgerViews, 'at'>
  clock: LedgerClock
  policies: PolicySource
  operators: Operators
  timeZone: string
  /** what tells people in the application; asked for once a look */
  telling(): Promise<Tell>
}

const LEDGER = { _id: 'ledger' as const }

/** Where and between which looks a figure is compared. */
interface Step {
  from: Look
  to: Look & { at: Date }
  n: number
  policy: Policy
  writes: WritesOf
  tell: Tell
}

/**
 * Watches the figures. Each look continues the last one, which the database keeps: what is to be told between two looks
 * is fixed before any of it is told, so that a crash anywhere, or another process, tells the same under the same keys.
 */
export class AlertWatch {
  private readonly parts: AlertWatchParts
  private readonly looks

  constructor(parts: AlertWatchParts) {
    this.parts = parts
    this.looks = alertState(parts.alerts.db).looks
  }

  /**
   * Looks whether anything happened, and tells what did. Cheap when nothing has. The very first look only remembers how
   * things stand.
   * @returns how many alerts there are more
   */
  async look(now: Date): Promise<number> {
    let told = await this.finish()
    // Once more than anything can be new: what is recorded meanwhile is for the next tick.
    if (await this.begin(now)) told += await this.finish()
    return told
  }

  /** Fixes the next look, where there is anything new. @returns whether it did */
  private async begin(now: Date): Promise<boolean> {
    const { changes, views, clock, policies, timeZone } = this.parts
    const day = civilDateAt(now, timeZone)
    const last = await this.looks.findOne(LEDGER, { projection: { standings: 0, 'pending.standings': 0 } })
    if (last?.pending) return true
    if (
      last &&
      last.day === day &&
      last.policyVersion === policies.current().version &&
      !(await anythingSince(changes, last.knownAt))
    )
      return false
    const knownAt = await clock.horizon(now)
    if (last && knownAt <= last.knownAt && last.day === day) return false
    const { policy, standings } = await standingsAt(views, knownAt, day)
    const look: Look = { knownAt, day, policyVersion: policy.version, standings }
    if (!last) {
      await isInserted(this.looks.insertOne({ ...LEDGER, n: 0, ...look, pending: null }))
      return false
    }
    const done = await this.looks.updateOne(
      { ...LEDGER, n: last.n, pending: null },
      { $set: { pending: { ...look, at: now } } },
    )
    return done.modifiedCount === 1
  }

  /** Tells what lies between the last look and the one that was begun, and makes this the last. */
  private async finish(): Promise<number> {
    const doc = await this.looks.findOne(LEDGER)
    if (!doc?.pending) return 0
    const { pending, n } = doc
    const policy = await this.parts.policies.at(pending.knownAt)
    const places = placesOf(policy)
    const span = { from: doc.knownAt, to: pending.knownAt, day: pending.day }
    const writes = await writesBetween(this.parts.changes, policy, places, span)
    let telling: Promise<Tell> | undefined
    const tell: Tell = async (alert) => {
      telling ??= this.parts.telling()
      await (await telling)(alert)
    }
    const step: Step = { from: lookOf(doc), to: pending, n, policy, writes, tell }
    let told = 0
    for (const place of places)
      for (const rule of policy.rules) if (await this.compare(step, place, rule)) told += 1
    const { at: _, ...look } = pending
    await this.looks.updateOne(
      { ...LEDGER, n, 'pending.knownAt': pending.knownAt },
      { $set: { ...look, n: n + 1, pending: null } },
    )
    return told
  }

  /** Tells what happened to a rule in a place. @returns whether there is an alert that was not there before */
  private async compare(step: Step, place: string, rule: Rule): Promise<boolean> {
    const { from, to, policy, writes } = step
    const before = from.standings[place]?.[rule.id]
    const after = to.standings[place]?.[rule.id]
    if (!before || !after) return false
    const groups = inOrder(writes(place, rule.id))
    const changed = isNews(before.status, after.status)
    if (!changed && groups.length === 0) return false
    const whole = place === CITY
    const { numerator, yearBefore } = after
    const sums = { numerator, denominator: after.denominator ?? 0, yearBefore }
    const course = followCourse({ policy, rule, day: to.day, whole }, groups, sums)
    if (!changed && course.breaking.total === 0) return false
    const direction = changed ? directionOf(before.status, after.status) : 'worse'
    const { improving, worsening, breaking } = course
    const behind = direction === 'better' ? improving : changed ? worsening : breaking
    const county = countyOf(place)
    const { needed, yearBefore: _year, ...now } = after
    const { needed: _, yearBefore: _before, ...then } = before
    const doc: AlertDoc = {
      ...{ _id: new ObjectId(), key: `${step.n}|${place}|${rule.id}`, at: to.at },
      ...{ kind: changed ? ('status' as const) : ('breach' as const), direction },
      ...{ county: county ?? null, rule: rule.id, title: rule.title },
      unit: rule.kind === 'count' ? rule.unit : 'percent',
      target:
        rule.kind === 'rising-share' || (rule.kind === 'count' && !whole) ? null : (rule.target ?? null),
      ...{ before: then, after: now, needed },
      because: causesOf(step, before.status, course.base, groups.length > 0),
      changes: await changesBehind(behind, county, to.knownAt, this.parts),
      ...{ asOf: to.day, knownAt: to.knownAt, policy: { id: policy.id, version: policy.version } },
      ...{ mail: 'due' as const, mailedAt: null },
    }
    return this.keep(doc, step.tell)
  }

  /** Keeps an alert and tells of it; of one that is there already it is told again, which nobody notices. */
  private async keep(doc: AlertDoc, tell: Tell): Promise<boolean> {
    const isNew = await isInserted(this.parts.alerts.collection.insertOne(doc as never))
    const kept = isNew ? doc : await this.parts.alerts.collection.findOne<AlertDoc>({ key: doc.key } as never)
    if (kept) await tell(kept)
    return isNew
  }
}

const lookOf = ({ knownAt, day, policyVersion, standings }: LookDoc): Look => ({
  ...{ knownAt, day, policyVersion, standings },
})

/** Why a figure stands otherwise. `base`: the status on the later day, by the later rules, without what was recorded. */
function causesOf({ from, to }: Step, before: string, base: string, moved: boolean): AlertDoc['because'] {
  const turned = base !== before
  const anew = from.policyVersion !== to.policyVersion
  return [
    ...(moved ? (['changes'] as const) : []),
    ...(turned && anew ? (['policy'] as const) : []),
    ...(turned && !anew && from.day !== to.day ? (['day'] as const) : []),
  ]
}
