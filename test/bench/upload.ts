import { type Collection, type Document, MongoClient } from 'mongodb'
import type { Client } from '../harness/client.ts'
import { report, timed } from './measure.ts'

const BATCH = 1000

/** From sending a list to its being applied, beside the bare driver's insert of the very documents that came of it. */
export async function benchUpload(
  client: Client,
  mongoUri: string,
  csv: string,
  rows: number,
): Promise<void> {
  const { ms } = await timed(async () => {
    const sent = await client.upload('bench.csv', csv)
    const checked = await client.importIn(sent.body.id, 'checked')
    if (checked.counts.new !== rows) throw new Error(`the list gave ${JSON.stringify(checked.counts)}`)
    await client.post(`/imports/${sent.body.id}/approve`)
    await client.importIn(sent.body.id, 'applied')
  })
  const bare = await bareInsert(mongoUri)
  const rate = (t: number) => `${Math.round((rows / t) * 1000).toLocaleString('en')} rows/s`
  report(
    '上传 upload to applied',
    ms / bare,
    5,
    `${rate(ms)} beside ${rate(bare)}, ${rows.toLocaleString('en')} rows`,
  )
}

/** Inserts copies of the ledger and the vehicles, with the same indexes and the same write concern. */
async function bareInsert(mongoUri: string): Promise<number> {
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
