import { createHash } from 'node:crypto'
import { type Connection, Schema } from 'mongoose'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import { normaliseCreditCode } from '../domain/credit-code.ts'
import type { OperatorRef } from '../domain/register.ts'
import type { Category } from '../domain/vocabulary.ts'
import type { Operator } from './schema.ts'

interface OperatorDoc {
  _id: string
  name: string
  aliases: string[]
  /** every name that leads here, normalised; unique over all operators */
  keys: string[]
  creditCode: string | null
  county: string | null
  categories: Category[]
}

const schema = new Schema<OperatorDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    aliases: [String],
    keys: [String],
    creditCode: { type: String, default: null },
    county: { type: String, default: null },
    categories: [String] as never,
  },
  { versionKey: false },
)
schema.index({ keys: 1 }, { unique: true })

/** A name as it is compared: NFKC, without spaces and brackets' kinds, upper case. */
export const operatorKey = (name: string): string =>
  name
    .normalize('NFKC')
    .toUpperCase()
    .replace(/\s/g, '')
    .replace(/[[【〔]/g, '(')
    .replace(/[\]】〕]/g, ')')

/** The id that an operator registered under a name gets: the same wherever and whenever it is made. */
export const operatorIdFor = (name: string): string =>
  `op-${createHash('sha256').update(operatorKey(name)).digest('hex').slice(0, 16)}`

export class Operators {
  private readonly model

  constructor(connection: Connection) {
    this.model = connection.model<OperatorDoc>('Operator', schema, 'operators')
  }

  /** All operators, by name. */
  async list(only?: string): Promise<Operator[]> {
    const docs = await this.model.collection
      .find<OperatorDoc>(only === undefined ? {} : ({ _id: only } as never))
      .sort({ name: 1 })
      .toArray()
    return docs.map(({ _id, keys: _, ...rest }) => ({ id: _id, ...rest }))
  }

  /** Operators' names by id. */
  async names(): Promise<Map<string, string>> {
    const docs = await this.model.collection.find<OperatorDoc>({}, { projection: { name: 1 } }).toArray()
    return new Map(docs.map((d) => [d._id, d.name]))
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
      const name = given.normalize('NFKC').trim()
      const key = operatorKey(name)
      if (await this.model.collection.findOne({ keys: key })) continue
      const creditCode = /^[0-9A-Z]{18}$/.test(key) ? normaliseCreditCode(key) : null
      const doc = {
        _id: operatorIdFor(name),
        name,
        aliases: [],
        keys: [key],
        creditCode,
        county: null,
        categories: [],
      }
      try {
        await this.model.collection.insertOne(doc as never)
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    }
  }
}
