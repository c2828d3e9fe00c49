import type { z } from 'zod'
import { narrow, type Scope } from '../accounts/permissions.ts'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { changeView } from '../changes/view.ts'
import { inCounty } from '../compliance/evidence.ts'
import { literal } from '../database/pattern.ts'
import { isCivilDate } from '../domain/civil-date.ts'
import { plateSpells } from '../domain/life.ts'
import { normalisePlate } from '../domain/plate.ts'
import { isVin, normaliseVin } from '../domain/vin.ts'
import { isNewEnergy } from '../domain/vocabulary.ts'
import { decodeCursor, pageFrom } from '../http/cursor.ts'
import { notFound } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleDoc, VehicleModel } from './model.ts'
import type { Vehicle, VehicleWithHistory, vehicleQuery } from './schema.ts'

/** Vehicles as they are, and their lives. */
export class VehicleService {
  private readonly vehicles: VehicleModel
  private readonly changes: ChangeModel
  private readonly operators: Operators

  constructor(parts: { vehicles: VehicleModel; changes: ChangeModel; operators: Operators }) {
    this.vehicles = parts.vehicles
    this.changes = parts.changes
    this.operators = parts.operators
  }

  /** A page of the vehicles that meet the filters, the latest to come into service first. */
  async list(asked: z.output<typeof vehicleQuery>, scope: Scope) {
    const query = narrow(asked, scope)
    if (!query) return { items: [], nextCursor: null, total: 0 }
    const filter = filterOf(query)
    const [on, id] = query.cursor ? decodeCursor(query.cursor, 2, [isCivilDate, isVin]) : []
    const after = on && id ? { $or: [{ enteredOn: { $lt: on } }, { enteredOn: on, _id: { $gt: id } }] } : {}
    const found = await this.vehicles.collection
      .find<VehicleDoc>({ $and: [filter, after] } as never, { projection: { life: 0 } })
      .sort({ enteredOn: -1, _id: 1 })
      .limit(query.limit + 1)
      .toArray()
    const total = await this.vehicles.collection.countDocuments(filter as never)
    const names = await this.operators.names()
    const page = pageFrom(found, query.limit, (last) => [last.enteredOn, last._id])
    return { ...page, items: page.items.map((doc) => vehicleView(doc, names)), total }
  }

  /** One vehicle with its life. @throws Problem 404, also for one outside the scope */
  async get(vin: string, scope: Scope): Promise<VehicleWithHistory> {
    const doc = await this.vehicles.collection.findOne<VehicleDoc>({ _id: vin } as never)
    if (!doc || !narrow({ county: doc.county, operator: doc.operator }, scope)) throw notFound()
    const history = await this.changes.collection
      .find<ChangeDoc>({ vins: vin })
      .sort({ on: 1, recordedAt: 1, _id: 1 })
      .toArray()
    const names = await this.operators.names()
    return {
      ...vehicleView(doc, names),
      plates: plateSpells(doc.life),
      history: history.map((change) => changeView(change, names)),
    }
  }
}

function filterOf(query: z.output<typeof vehicleQuery>): Record<string, unknown> {
  const and: Record<string, unknown>[] = []
  if (query.category) and.push({ category: { $in: query.category } })
  if (query.energy) and.push({ energy: { $in: query.energy } })
  if (query.status) and.push({ status: query.status })
  if (query.county) and.push({ county: inCounty(query.county) })
  if (query.operator) and.push({ operator: query.operator })
  if (query.q) {
    // A fragment of which nothing is left, such as a lone dash, matches nothing rather than everything.
    const fragment = (field: 'plates' | '_id', text: string) =>
      text === '' ? [] : [{ [field]: { $regex: literal(text) } }]
    const either = [...fragment('plates', normalisePlate(query.q)), ...fragment('_id', normaliseVin(query.q))]
    and.push(either.length > 0 ? { $or: either } : { _id: { $in: [] } })
  }
  return and.length > 0 ? { $and: and } : {}
}

function vehicleView(doc: VehicleDoc, names: ReadonlyMap<string, string>): Vehicle {
  const { _id, plates: _p, life: _l, ...rest } = doc
  return {
    id: _id,
    vin: _id,
    ...rest,
    newEnergy: isNewEnergy(doc.energy),
    operatorName: names.get(doc.operator) ?? doc.operator,
  }
}
