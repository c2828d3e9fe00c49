import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import { may } from '../accounts/permissions.ts'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import { inCounty } from '../compliance/evidence.ts'
import { liesIn } from '../domain/regions.ts'
import { decodeCursor, isId, isInstant, pageFrom } from '../http/cursor.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import type { ScenarioFigures } from './figures.ts'
import { type Person, type ScenarioDoc, type ScenarioModel, takenName } from './model.ts'
import type { changeScenario, newScenario, ScenarioResult, ScenarioView } from './schema.ts'

interface Parts {
  scenarios: ScenarioModel
  figures: ScenarioFigures
  operators: Operators
}

/** What if, kept: named, shared within the part of the city whose figures it holds, changed by its maker. */
export class ScenarioService {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** The scenarios that a caller sees and nobody has deleted, the latest changed first. */
  async list(query: { limit: number; cursor?: string | undefined }, caller: Caller) {
    const [at, id] = query.cursor ? decodeCursor(query.cursor, 2, [isInstant, isId]) : []
    const before =
      at && id
        ? [
            {
              $or: [
                { changedAt: { $lt: new Date(at) } },
                { changedAt: new Date(at), _id: { $lt: new ObjectId(id) } },
              ],
            },
          ]
        : []
    const found = await this.parts.scenarios.collection
      .find<ScenarioDoc>({ $and: [{ deletedAt: null, ...seenBy(caller) }, ...before] } as never)
      .sort({ changedAt: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray()
    const { items, nextCursor } = pageFrom(found, query.limit, (last) => [
      last.changedAt.toISOString(),
      last._id.toHexString(),
    ])
    const names = await this.parts.operators.names()
    return { items: items.map((doc) => viewOf(doc, caller, names)), nextCursor }
  }

  /** One scenario; also a deleted one, for those who might restore it. @throws Problem 404 */
  async get(id: string, caller: Caller): Promise<ScenarioView> {
    const doc = await this.find(id, caller)
    if (doc.deletedAt !== null && !isEditor(doc, caller)) throw notFound()
    return viewOf(doc, caller, await this.parts.operators.names())
  }

  /**
   * Keeps a scenario with the figures that it leads to.
   * @throws Problem as ScenarioFigures.result; 409 `scenario.name-taken`
   */
  async save(given: z.output<typeof newScenario>, caller: Caller, now: Date): Promise<ScenarioView> {
    const { result, inputs, county } = await this.parts.figures.result(given, caller, now, true)
    const doc: ScenarioDoc = {
      ...{ _id: new ObjectId(), name: given.name, note: given.note, inputs, ...result, county, revision: 1 },
      ...{ createdBy: { id: caller.id, name: caller.name }, createdAt: now, changedAt: now, deletedAt: null },
      taken: takenName(county, given.name),
    }
    await orTaken(this.parts.scenarios.collection.insertOne(doc as never), given.name)
    return viewOf(doc, caller, await this.parts.operators.names())
  }

  /**
   * Changes a scenario. Its figures are made anew from those that it started from, or from today's when asked to.
   * @returns as it was and as it is
   * @throws Problem 403 for somebody else's, 404, 409 `scenario.superseded` when it was changed meanwhile,
   *   `scenario.name-taken`, and as ScenarioFigures.result
   */
  async change(
    id: string,
    given: z.output<typeof changeScenario>,
    caller: Caller,
    now: Date,
  ): Promise<{ before: ScenarioView; after: ScenarioView }> {
    const doc = await this.find(id, caller)
    if (doc.deletedAt !== null) throw notFound()
    if (!isEditor(doc, caller)) throw new Problem(403, 'permission.denied')
    const { revision, name = doc.name, note = doc.note } = given
    if (doc.revision !== revision) throw superseded(doc)
    const made = await this.madeAnew(doc, given, caller, now)
    const set = {
      ...{ name, note, ...made, revision: revision + 1, changedAt: now },
      taken: takenName(doc.county, name),
    }
    const filter = { _id: doc._id, revision, deletedAt: null }
    const done = await orTaken(
      this.parts.scenarios.collection.updateOne(filter as never, { $set: set } as never),
      name,
    )
    if (done.matchedCount === 0) throw superseded(doc)
    const names = await this.parts.operators.names()
    return { before: viewOf(doc, caller, names), after: viewOf({ ...doc, ...set }, caller, names) }
  }

  private async madeAnew(
    doc: ScenarioDoc,
    { inputs, basis }: z.output<typeof changeScenario>,
    caller: Caller,
    now: Date,
  ): Promise<Partial<ScenarioResult & Pick<ScenarioDoc, 'inputs'>>> {
    if (!inputs && !basis) return {}
    const { asOf, knownAt, policyVersion } = doc.basis
    const from = basis === 'today' ? {} : { asOf, knownAt, policyVersion }
    // Of the same part of the city as before, whoever changes it.
    const given = { inputs: inputs ?? doc.inputs, basis: from, county: doc.county }
    const made = await this.parts.figures.result(given, caller, now, true)
    return { inputs: made.inputs, ...made.result }
  }

  /** Deletes a scenario; it can be restored. Deleting twice is no error. @throws Problem 403, 404 */
  async remove(id: string, caller: Caller, now: Date): Promise<ScenarioView> {
    const doc = await this.editable(id, caller)
    const update = { $set: { deletedAt: now }, $unset: { taken: 1 } }
    await this.parts.scenarios.collection.updateOne(
      { _id: doc._id, deletedAt: null } as never,
      update as never,
    )
    return viewOf({ ...doc, deletedAt: doc.deletedAt ?? now }, caller, await this.parts.operators.names())
  }

  /** Brings a deleted scenario back. @throws Problem 403, 404, 409 `scenario.name-taken` when another has its name by now */
  async restore(id: string, caller: Caller): Promise<ScenarioView> {
    const doc = await this.editable(id, caller)
    const set = { deletedAt: null, taken: takenName(doc.county, doc.name) }
    await orTaken(
      this.parts.scenarios.collection.updateOne({ _id: doc._id } as never, { $set: set } as never),
      doc.name,
    )
    return viewOf({ ...doc, ...set }, caller, await this.parts.operators.names())
  }

  private async editable(id: string, caller: Caller): Promise<ScenarioDoc> {
    const doc = await this.find(id, caller)
    if (!isEditor(doc, caller)) throw new Problem(403, 'permission.denied')
    return doc
  }

  private async find(id: string, caller: Caller): Promise<ScenarioDoc> {
    const doc = await this.parts.scenarios.collection.findOne<ScenarioDoc>({
      _id: new ObjectId(id),
      ...seenBy(caller),
    } as never)
    if (!doc) throw notFound()
    return doc
  }
}

/** Scenarios hold the figures of a part of the city: whoever sees no more than a county sees those of it. */
const seenBy = ({ scope }: Caller): Record<string, unknown> =>
  scope.county === undefined ? {} : { county: inCounty(scope.county) }

/** Its maker, and administrators: as long as they may plan and see that part of the city. */
const isEditor = (doc: ScenarioDoc, caller: Caller): boolean =>
  may(caller, 'scenario.write') &&
  (caller.role === 'administrator' || doc.createdBy.id === caller.id) &&
  (caller.scope.county === undefined || (doc.county !== null && liesIn(doc.county, caller.scope.county)))

/** The operators that steps name, with their names of now. */
export const operatorsOf = ({ steps }: ScenarioDoc['inputs'], names: ReadonlyMap<string, string>): Person[] =>
  [...new Set(steps.flatMap((s) => s.operators))].map((id) => ({ id, name: names.get(id) ?? id }))

function viewOf(doc: ScenarioDoc, caller: Caller, names: ReadonlyMap<string, string>): ScenarioView {
  const { name, note, county, revision, createdBy, basis, rules, steps } = doc
  const inputs = {
    ...doc.inputs,
    steps: doc.inputs.steps.map((s) => ({ ...s, operators: [...s.operators] })),
  }
  return {
    ...{ id: doc._id.toHexString(), name, note, inputs, county, basis, rules, steps },
    operators: operatorsOf(inputs, names),
    ...{ revision, createdBy },
    createdAt: doc.createdAt.toISOString(),
    changedAt: doc.changedAt.toISOString(),
    editable: isEditor(doc, caller),
    deleted: doc.deletedAt !== null,
  }
}

const superseded = ({ revision }: ScenarioDoc): Problem =>
  new Problem(409, 'scenario.superseded', `The latest revision is ${revision}`)

async function orTaken<T>(write: Promise<T>, name: string): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (isDuplicateKey(error)) throw new Problem(409, 'scenario.name-taken', `There is a scenario ${name}`)
    throw error
  }
}
