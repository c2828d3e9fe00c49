import { ObjectId } from 'mongodb'
import { inCounty } from '../compliance/evidence.ts'
import { addDays, startOfDay } from '../domain/civil-date.ts'
import { liesIn } from '../domain/regions.ts'
import { decodeCursor, isId, isInstant, pageFrom } from '../http/cursor.ts'
import { notFound } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { type AlertDoc, type AlertModel, CITY } from './model.ts'
import type { AlertsQuery, AlertView } from './schema.ts'

/** The alerts that there were. */
export class AlertService {
  private readonly alerts: AlertModel
  private readonly timeZone: string

  constructor(parts: { alerts: AlertModel; timeZone: string }) {
    this.alerts = parts.alerts
    this.timeZone = parts.timeZone
  }

  /** A page of the alerts that a caller may see, newest first: the city's are for who sees the whole city. */
  async list(query: AlertsQuery, caller: Caller) {
    const { rule, direction, from, to, limit } = query
    const [at, id] = query.cursor ? decodeCursor(query.cursor, 2, [isInstant, isId]) : []
    const within = {
      ...(from === undefined ? {} : { $gte: startOfDay(from, this.timeZone) }),
      ...(to === undefined ? {} : { $lt: startOfDay(addDays(to, 1), this.timeZone) }),
    }
    const filter = {
      $and: [
        placeOf(query.county, caller),
        ...(rule === undefined ? [] : [{ rule }]),
        ...(direction === undefined ? [] : [{ direction }]),
        ...(Object.keys(within).length === 0 ? [] : [{ at: within }]),
        ...(at && id ? [olderThan(new Date(at), new ObjectId(id))] : []),
      ],
    }
    const found = await this.alerts.collection
      .find<AlertDoc>(filter as never)
      .sort({ at: -1, _id: -1 })
      .limit(limit + 1)
      .toArray()
    const page = pageFrom(found, limit, (last) => [last.at.toISOString(), last._id.toHexString()])
    return { ...page, items: page.items.map(alertView) }
  }

  /** One alert. @throws Problem 404, also for one that the caller may not see */
  async get(id: string, caller: Caller): Promise<AlertView> {
    const filter = { $and: [{ _id: new ObjectId(id) }, placeOf(undefined, caller)] }
    const doc = await this.alerts.collection.findOne<AlertDoc>(filter as never)
    if (!doc) throw notFound()
    return alertView(doc)
  }
}

const NOTHING = { _id: { $in: [] } }

/** Whose alerts: an operator has none, a county's people their own, the bureau's all. */
function placeOf(asked: string | undefined, { scope }: Caller): Record<string, unknown> {
  if (scope.operator !== undefined) return NOTHING
  if (scope.county === undefined) {
    if (asked === undefined) return {}
    return { county: asked === CITY ? null : inCounty(asked) }
  }
  if (asked !== undefined && !liesIn(asked, scope.county)) return NOTHING
  return { county: inCounty(asked ?? scope.county) }
}

const olderThan = (at: Date, id: ObjectId) => ({ $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] })

export const alertView = ({ _id, key: _k, mail: _m, mailedAt: _a, ...doc }: AlertDoc): AlertView => ({
  ...doc,
  id: _id.toHexString(),
  at: doc.at.toISOString(),
  knownAt: doc.knownAt.toISOString(),
})
