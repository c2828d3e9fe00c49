import type { Connection } from 'mongoose'
import type { z } from 'zod'
import { may } from '../accounts/permissions.ts'
import { isDuplicateKey, WriterLock } from '../changes/writer-lock.ts'
import { inCounty } from '../compliance/evidence.ts'
import type { OperatorRef } from '../domain/register.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { bareOperator, keysOf, type OperatorDoc, operatorIdFor, operatorKey, operatorModel } from './model.ts'
import type { createOperator, Operator, updateOperator } from './schema.ts'

/** How long names of operators are taken to be as they were read, in milliseconds. */
const NAMES_MS = 1000

export { operatorIdFor, operatorKey } from './model.ts'

/** The companies whose vehicles are on record, and what names lead to them. */
export class Operators {
  private readonly model
  private readonly lock: WriterLock
  /** names as last read; `until` by the process's own clock */
  private known: { names: ReadonlyMap<string, string>; until: number } = { names: new Map(), until: 0 }

  constructor(connection: Connection) {
    this.model = operatorModel(connection)
    this.lock = new WriterLock(connection, 'operators')
  }

  /**
   * The operators that a caller sees, by name: an operator itself; a county officer those of the county, those whose
   * county nobody has said, and those with vehicles there.
   */
  async list(caller: Caller): Promise<Operator[]> {
    const docs = await this.model.collection
      .find<OperatorDoc>((await this.seenBy(caller)) as never)
      .sort({ name: 1 })
      .toArray()
    const manages = may(caller, 'operator.manage')
    return docs.map((doc) => operatorView(doc, manages || doc._id === caller.scope.operator))
  }

  /** The names of the operators that a caller sees, by id. */
  async namesSeenBy(caller: Caller): Promise<ReadonlyMap<string, string>> {
    const seen = (await this.seenBy(caller)) as never
    const docs = await this.model.collection.find<OperatorDoc>(seen, { projection: { name: 1 } }).toArray()
    return new Map(docs.map((d) => [d._id, d.name]))
  }

  private async seenBy({ scope }: Caller): Promise<Record<string, unknown>> {
    if (scope.operator !== undefined) return { _id: scope.operator }
    if (scope.county === undefined) return {}
    const within = { county: inCounty(scope.county) }
    const vehicles = this.model.db.collection('vehicles')
    const present = await vehicles.distinct('operator', within)
    return { $or: [within, { county: null }, { _id: { $in: present } }] }
  }

  /** One operator as recorded; null for an id that is none. */
  find(id: string): Promise<OperatorDoc | null> {
    return this.model.collection.findOne({ _id: id } as never) as Promise<OperatorDoc | null>
  }

  /** One operator as those who manage operators see it. @throws Problem 404 */
  async get(id: string): Promise<Operator> {
    const doc = await this.find(id)
    if (!doc) throw notFound()
    return operatorView(doc, true)
  }

  /** All operators in a county, or in all, by name. */
  all(county?: string): Promise<OperatorDoc[]> {
    const filter = county === undefined ? {} : { county: inCounty(county) }
    return this.model.collection.find<OperatorDoc>(filter).sort({ name: 1 }).toArray()
  }

  /** Registers an operator. @throws Problem 409 `operator.exists` when a name or code leads to another */
  create(given: z.output<typeof createOperator>): Promise<Operator> {
    return this.lock.run(async () => {
      const doc: OperatorDoc = { _id: operatorIdFor(given.name), ...given, keys: keysOf(given) }
      await this.refuseTaken(doc)
      await orTaken(this.model.collection.insertOne(doc as never))
      return operatorView(doc, true)
    })
  }

  /**
   * Changes an operator. A former name stays as an alias: lists go on using it for long.
   * @throws Problem 404; 409 `operator.exists` when a name or code leads to another
   */
  update(id: string, given: z.output<typeof updateOperator>): Promise<Operator> {
    return this.lock.run(async () => {
      const before = await this.find(id)
      if (!before) throw notFound()
      const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
      const doc: OperatorDoc = { ...before, ...set }
      doc.aliases = aliasesOf(before, doc)
      doc.keys = keysOf(doc)
      await this.refuseTaken(doc, id)
      const { _id, ...rest } = doc
      await orTaken(this.model.collection.updateOne({ _id } as never, { $set: rest }))
      this.known.until = 0
      return operatorView(doc, true)
    })
  }

  /** @param id of the operator itself, none for a new one: its id may then be that of one that has another name by now */
  private async refuseTaken(doc: OperatorDoc, id?: string): Promise<void> {
    const names = { keys: { $in: doc.keys } }
    const filter = id === undefined ? { $or: [names, { _id: doc._id }] } : { ...names, _id: { $ne: id } }
    const taken = await this.model.collection.findOne<OperatorDoc>(filter as never)
    if (!taken) return
    const held = (text: string | null) => text !== null && taken.keys.includes(operatorKey(text))
    const field = held(doc.creditCode) ? 'creditCode' : doc.aliases.some(held) ? 'aliases' : 'name'
    throw new Problem(409, 'operator.exists', undefined, [
      { path: `body.${field}`, code: 'operator.exists', message: taken.name, params: { name: taken.name } },
    ])
  }

  /** Operators' names by id, as they are now: the very map as before while nobody is renamed. */
  async names(): Promise<ReadonlyMap<string, string>> {
    const docs = await this.model.collection.find<OperatorDoc>({}, { projection: { name: 1 } }).toArray()
    const same =
      docs.length === this.known.names.size && docs.every((d) => this.known.names.get(d._id) === d.name)
    const names = same ? this.known.names : new Map(docs.map((d) => [d._id, d.name]))
    this.known = { names, until: performance.now() + NAMES_MS }
    return names
  }

  /**
   * The same for pages that show many operators again and again: what this process renames is known at once, what
   * another one renames within a second, and an operator that has just been registered is never missing.
   */
  async namesOf(ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const { known } = this
    if (known.until <= performance.now()) return this.names()
    for (const id of ids) if (!known.names.has(id)) return this.names()
    return known.names
  }

  /** Some of them, by their ids. */
  async some(ids: readonly string[]): Promise<ReadonlyMap<string, OperatorDoc>> {
    const docs = await this.model.collection.find<OperatorDoc>({ _id: { $in: [...ids] } } as never).toArray()
    return new Map(docs.map((doc) => [doc._id, doc]))
  }

  /** What leads names, aliases, credit codes and ids to operators; a name nobody registered leads to a new one. */
  async finder(): Promise<(name: string) => OperatorRef | undefined> {
    const docs = await this.model.collection.find<OperatorDoc>({}).toArray()
    const known = new Map<string, string>()
    for (const doc of docs) {
      known.set(doc._id, doc._id)
      for (const key of doc.keys) known.set(key, doc._id)
    }
    return (name) => {
      const id = known.get(operatorKey(name)) ?? known.get(name)
      return id === undefined ? { id: operatorIdFor(name), isNew: true } : { id, isNew: false }
    }
  }

  /** Registers operators by their names; those that are there already stay as they are. Safe to repeat. */
  async register(names: Iterable<string>): Promise<void> {
    for (const given of new Set(names)) {
      const doc = bareOperator(given)
      if (await this.model.collection.findOne({ keys: doc.keys[0] })) continue
      try {
        await this.model.collection.insertOne(doc as never)
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    }
  }
}

/** A name that a list registered in this very moment is taken, too. */
async function orTaken(write: Promise<unknown>): Promise<void> {
  try {
    await write
  } catch (error) {
    if (isDuplicateKey(error)) throw new Problem(409, 'operator.exists')
    throw error
  }
}

/** Aliases as asked for, with the former name, and the first one: the id is made of it. */
function aliasesOf(before: OperatorDoc, after: OperatorDoc): string[] {
  const former = [before.name, ...before.aliases]
  const kept = former.filter((name) => name === before.name || operatorIdFor(name) === before._id)
  const own = operatorKey(after.name)
  const byKey = new Map([...after.aliases, ...kept].map((name) => [operatorKey(name), name]))
  byKey.delete(own)
  return [...byKey.values()]
}

const operatorView = (doc: OperatorDoc, withContacts: boolean): Operator => ({
  id: doc._id,
  name: doc.name,
  aliases: doc.aliases,
  creditCode: doc.creditCode,
  county: doc.county,
  categories: doc.categories,
  trusted: doc.trusted ?? false,
  reportsMonthly: doc.reportsMonthly ?? true,
  ...(withContacts ? { contacts: doc.contacts ?? [] } : {}),
})
