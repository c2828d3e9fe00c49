/** The indexes that the models declare, made at start: uniqueness is what keeps anything from counting twice. */
import { createHash } from 'node:crypto'
import type { Connection } from 'mongoose'

/** An index that a model declares cannot be made; the message says which and why. */
export class IndexError extends Error {
  override name = 'IndexError'
}

/**
 * Makes the indexes that the models of a connection declare, where they are not there yet. Call it when all models
 * are registered. Indexes that nobody declares are left alone.
 * @param which only those that keep things unique, which must be there before the first write; only the others,
 *   which make things fast; or all
 * @returns how many are declared
 * @throws {IndexError} that names every index that could not be made
 */
export async function ensureIndexes(
  connection: Connection,
  which: 'unique' | 'others' | 'all' = 'all',
): Promise<number> {
  const failures: string[] = []
  const causes: unknown[] = []
  let declared = 0
  const models = Object.values(connection.models)
  await Promise.all(
    models.map(async (model) => {
      const indexes = model.schema
        .indexes()
        .filter(([, options]) => which === 'all' || (options.unique === true) === (which === 'unique'))
      declared += indexes.length
      const specifications = indexes.map(([key, options]) => ({
        key: key as IndexKey,
        ...withoutMongooseOptions(options),
      }))
      if (specifications.length === 0) return
      // All at once is one round trip; only when that fails does it matter which.
      if (await succeeds(model.collection.createIndexes(specifications))) return
      for (const { key, ...options } of specifications) {
        try {
          await model.collection.createIndex(key, options)
        } catch (error) {
          causes.push(error)
          const reason = error instanceof Error ? error.message : String(error)
          failures.push(`${model.collection.name} ${JSON.stringify(key)}: ${reason}`)
        }
      }
    }),
  )
  if (failures.length > 0) {
    throw new IndexError(
      `数据库索引无法建立 / Indexes of the database cannot be made:\n${failures.map((line) => `- ${line}`).join('\n')}\n` +
        'For a duplicate key, remove or merge the documents that share it; for a conflict with an existing index, ' +
        'drop that index. Then start again.',
      { cause: causes[0] },
    )
  }
  return declared
}

/** What the models of a connection declare, in short: the same as long as nobody changes a declaration. */
const declaredTag = (connection: Connection): string =>
  createHash('sha256')
    .update(
      JSON.stringify(Object.values(connection.models).map((m) => [m.collection.name, m.schema.indexes()])),
    )
    .digest('hex')

/**
 * Makes sure of the indexes at a start. Those that keep things unique are made before it returns, unless this very set
 * was made on this database before; then all are looked over in the background, so that one dropped by hand returns.
 * @returns the work in the background; it rejects with an IndexError
 */
export async function prepareIndexes(connection: Connection): Promise<{ rest: () => Promise<void> }> {
  const states = connection.collection<{ _id: string; tag: string }>('database-state')
  const tag = declaredTag(connection)
  const made = await states.findOne({ _id: 'indexes' })
  if (made?.tag !== tag) await ensureIndexes(connection, 'unique')
  return {
    async rest() {
      await ensureIndexes(connection)
      await dropFormer(connection)
      if (made?.tag !== tag) await states.updateOne({ _id: 'indexes' }, { $set: { tag } }, { upsert: true })
    },
  }
}

/** Indexes that the product declared once and has no use for any more: each costs every write. */
const FORMER: Record<string, readonly string[]> = {
  changes: [
    ...['kind_1_voided_1_on_-1__id_-1', 'kind_1_on_-1__id_-1', 'on_-1__id_-1', 'recordedAt_1', 'voidedAt_1'],
    ...['source.import_1_source.row_1', 'source.import_1_source.seq_1'],
  ],
}

/** Drops what was declared once; what somebody else made is left alone. */
async function dropFormer(connection: Connection): Promise<void> {
  for (const [name, former] of Object.entries(FORMER)) {
    const collection = connection.collection(name)
    const there = await collection.indexes().catch(() => [])
    const left = there.flatMap((index) => (index.name !== undefined ? [index.name] : []))
    for (const index of left.filter((n) => former.includes(n))) await collection.dropIndex(index)
  }
}

type IndexKey = Record<string, 1 | -1>

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

/** The options as the driver takes them: mongoose adds some of its own. */
function withoutMongooseOptions(options: object): Record<string, unknown> {
  const { _autoIndex, background, ...rest } = options as Record<string, unknown>
  return rest
}
