import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import { narrow, type Scope } from '../accounts/permissions.ts'
import { countedBy, inCounty } from '../compliance/evidence.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { isCivilDate } from '../domain/civil-date.ts'
import { decodeCursor, isId, pageFrom } from '../http/cursor.ts'
import { Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import type { ChangeDoc, ChangeModel } from './model.ts'
import type { changeQuery } from './schema.ts'
import { changeViews } from './view.ts'

/** The ledger as a list. */
export class ChangeList {
  private readonly parts: { changes: ChangeModel; operators: Operators; compliance: ComplianceService }

  constructor(parts: { changes: ChangeModel; operators: Operators; compliance: ComplianceService }) {
    this.parts = parts
  }

  /** The ledger, newest effective date first. */
  async list(asked: z.output<typeof changeQuery>, scope: Scope, now: Date) {
    const { changes, operators, compliance } = this.parts
    const query = narrow(asked, scope)
    if (!query) return { items: [], nextCursor: null, total: 0 }
    const and: Record<string, unknown>[] = []
    if (!query.includeVoided) and.push({ voided: false })
    if (query.kind) and.push({ kind: { $in: query.kind } })
    if (query.from) and.push({ on: { $gte: query.from } })
    if (query.to) and.push({ on: { $lte: query.to } })
    if (query.county) and.push({ 'vehicle.county': inCounty(query.county) })
    if (query.operator) and.push({ 'vehicle.operator': query.operator })
    if (query.import) and.push({ 'source.import': new ObjectId(query.import) })
    if (query.rule) {
      const rule = compliance.policy.rules.find((r) => r.id === query.rule)
      if (!rule) throw new Problem(404, 'rule.unknown', `There is no rule ${query.rule}`)
      const everything = { asOf: '9999-12-31', knownAt: now, undetermined: false }
      and.push(countedBy(compliance.policy, rule, everything) as never)
    }
    const filter = and.length > 0 ? { $and: and } : {}
    const [on, id] = query.cursor ? decodeCursor(query.cursor, 2, [isCivilDate, isId]) : []
    const after = on && id ? { $or: [{ on: { $lt: on } }, { on, _id: { $lt: new ObjectId(id) } }] } : {}
    const found = await changes.collection
      .find<ChangeDoc>({ $and: [filter, after] } as never)
      .sort({ on: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray()
    const total = await changes.collection.countDocuments(filter as never)
    const names = await operators.names()
    const page = pageFrom(found, query.limit, (last) => [last.on, last._id.toHexString()])
    return { ...page, items: await changeViews(page.items, names, changes), total }
  }
}
