import { type Collection, type Document, MongoClient } from 'mongodb'
import { timed } from './measure.ts'

const BATCH = 1000

/**
 * How long the bare driver takes, in milliseconds, to insert copies of the ledger and the vehicles, with the same
 * indexes and the same write concern on the same engine.
 */
export async function bareInsert(mongoUri: string): Promise<number> {
  const client = new MongoClient(mongoUri, { writeConcern: { w: 1, journal: true } })
  const db = client.db()
  let total = 0
  for (const name of ['changes', 'vehicles']) {
    const documents = await db.collection(name).find().toArray()
    const copy = db.collection(`bench-${name}`)
    const indexes = (await db.collection(name).indexes()).filter((i) => i.name !== '_id_')
    await copy.createIndexes(indexes.map(({ v: _v, ns: _n, ...index }) => index as never))
    total += (await timed(() => insertAll(copy, documents))).ms
    await copy.drop()
  }
  await client.close()
  return total
}

async function insertAll(collection: Collection, documents: Document[]): Promise<void> {
  for (let i = 0; i < documents.length; i += BATCH) {
    await collection.insertMany(documents.slice(i, i + BATCH), { ordered: false })
  }
}
