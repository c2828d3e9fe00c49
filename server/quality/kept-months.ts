import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { Binary } from 'mongodb'
import { type Connection, Schema } from 'mongoose'
import type { QualityCells } from '../domain/quality-tally.ts'

const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** What is counted, and how; another number makes what is kept be counted again. */
const METHOD = 1

/** What one month of knowledge added to the tally. */
interface KeptMonthDoc {
  /** `reportingDays|to` */
  _id: string
  method: number
  /** QualityCells as JSON, compressed */
  cells: Binary
}

const schema = new Schema<KeptMonthDoc>(
  {
    _id: { type: String, required: true },
    method: { type: Number, required: true },
    cells: { type: Schema.Types.Mixed, required: true },
  },
  { versionKey: false },
)

/**
 * What each month of knowledge (entries recorded in it less those voided in it) added to the tally of the quality, so
 * that a new process need not read the whole ledger. The ledger's past does not change, so that a month is counted
 * once; deleting them loses nothing.
 */
export class KeptMonths {
  private readonly model

  constructor(connection: Connection) {
    this.model = connection.model<KeptMonthDoc>('QualityMonth', schema, 'quality-months')
  }

  /** What a month added; undefined where that is not kept, or was counted otherwise. */
  async load(reportingDays: number, end: Date): Promise<QualityCells | undefined> {
    const doc = await this.model.collection.findOne<KeptMonthDoc>({ _id: idOf(reportingDays, end) } as never)
    if (!doc || doc.method !== METHOD) return undefined
    return JSON.parse((await unzip(doc.cells.buffer)).toString()) as QualityCells
  }

  /** Keeps what a month added. The same is written by whoever does it, so that two at once do no harm. */
  async save(reportingDays: number, end: Date, cells: QualityCells): Promise<void> {
    const _id = idOf(reportingDays, end)
    const doc = { method: METHOD, cells: new Binary(await zip(JSON.stringify(cells))) }
    await this.model.collection.replaceOne({ _id } as never, doc as never, { upsert: true })
  }

  /** Forgets all of them; they are made again. */
  async forget(): Promise<void> {
    await this.model.collection.deleteMany({})
  }
}

const idOf = (reportingDays: number, end: Date): string => `${reportingDays}|${end.toISOString()}`
