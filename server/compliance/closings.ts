import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { DateTime } from 'luxon'
import { Binary } from 'mongodb'
import { type Connection, Schema } from 'mongoose'
import type { Cell } from '../domain/cells.ts'
import { countingFingerprint } from '../domain/fingerprint.ts'
import type { Policy } from '../domain/policy.ts'

/** Cells of one document: with room to spare below the database's limit of 16 MB. */
const CELLS = 50_000
const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** A part of what one month of knowledge added to the figures of one version of the policy. */
interface ClosingDoc {
  /** `policy@version|to|part` */
  _id: string
  /** what was counted, and how (see countingFingerprint) */
  fingerprint: string
  /** `policy@version` */
  policy: string
  /** the last instant of the month */
  to: Date
  part: number
  parts: number
  /** the same in all parts that were written together */
  tag: string
  /** see `pack` */
  cells: Binary
}

type Row = [heading: number, on: string, ...amounts: [number, number, number, number, number]]

const schema = new Schema<ClosingDoc>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    policy: { type: String, required: true },
    to: { type: Date, required: true },
    part: { type: Number, required: true },
    parts: { type: Number, required: true },
    tag: { type: String, required: true },
    cells: { type: Schema.Types.Mixed, required: true },
  },
  { versionKey: false },
)
schema.index({ policy: 1, to: 1, part: 1 })

const closingModel = (connection: Connection) => connection.model<ClosingDoc>('Closing', schema, 'closings')

/**
 * What each month of knowledge added to the figures: entries that were recorded in it less those voided in it. As the
 * past of the ledger does not change, a month is added up once; figures of now and of any moment since are made from
 * months instead of from every entry. Nothing rests on them that the ledger does not say: a month that is not there
 * is added up again, `tally-check` compares all of them with the ledger, and deleting them loses nothing.
 */
export class Closings {
  private readonly model: ReturnType<typeof closingModel>
  private readonly timeZone: string
  private readonly cellsPerPart: number

  /** @param cellsPerPart for tests: how many cells a document holds */
  constructor(connection: Connection, timeZone: string, cellsPerPart = CELLS) {
    this.model = closingModel(connection)
    this.timeZone = timeZone
    this.cellsPerPart = cellsPerPart
  }

  /**
   * The last instants of the months that end behind one instant and not behind another.
   * @param first the months before this one are left out: nothing happened in them
   */
  endsWithin(behind: Date, first: Date, to: Date): Date[] {
    const ends: Date[] = []
    const start = DateTime.fromJSDate(first, { zone: this.timeZone }).startOf('month')
    for (let months = 0; ; months++) {
      const end = this.endOf(start.plus({ months }))
      if (end > to) return ends
      if (end > behind) ends.push(end)
    }
  }

  /** True for the last instant of a month. */
  isEnd(instant: Date): boolean {
    return this.endOf(DateTime.fromJSDate(instant, { zone: this.timeZone })).getTime() === instant.getTime()
  }

  private endOf(at: DateTime): Date {
    return at.endOf('month').toJSDate()
  }

  /** What a month added; undefined where that is not kept whole, cannot be read, or was counted otherwise. */
  async load(policy: Policy, end: Date): Promise<Cell[] | undefined> {
    const found = await this.model.collection
      .find<ClosingDoc>({ policy: nameOf(policy), to: end })
      .sort({ part: 1 })
      .toArray()
    const fingerprint = countingFingerprint(policy)
    const [first] = found
    if (!first || found.length !== first.parts || first.fingerprint !== fingerprint) return undefined
    if (found.some(({ tag, part }, i) => tag !== first.tag || part !== i)) return undefined
    try {
      return (await Promise.all(found.map(({ cells }) => unpack(cells)))).flat()
    } catch {
      // The ledger is added up instead.
      return undefined
    }
  }

  /**
   * Keeps what a month added. Parts of two that write at once, or of one that was cut off, are not taken for one
   * another's: such a month counts as not kept.
   */
  async save(policy: Policy, end: Date, cells: readonly Cell[]): Promise<void> {
    const own = { policy: nameOf(policy), to: end }
    const tag = randomUUID()
    const most = this.cellsPerPart
    const parts = Math.max(1, Math.ceil(cells.length / most))
    for (let part = 0; part < parts; part++) {
      const _id = `${own.policy}|${end.toISOString()}|${part}`
      const fingerprint = countingFingerprint(policy)
      const doc = {
        ...own,
        fingerprint,
        part,
        parts,
        tag,
        cells: await pack(cells.slice(part * most, (part + 1) * most)),
      }
      await this.model.collection.replaceOne({ _id } as never, doc as never, { upsert: true })
    }
    // Left over from one that was longer.
    await this.model.collection.deleteMany({ ...own, part: { $gte: parts } })
  }

  /** Forgets all of them; they are made again. @returns how many documents there were */
  async forget(): Promise<number> {
    return (await this.model.collection.deleteMany({})).deletedCount
  }
}

const nameOf = ({ id, version }: Policy): string => `${id}@${version}`

/** Cells, as a list of headings and a row of numbers for each day under a heading. */
async function pack(cells: readonly Cell[]): Promise<Binary> {
  const numbers = new Map<string, number>()
  const headings: string[][] = []
  const rows: Row[] = []
  for (const { rule, heading, on, sum } of cells) {
    const { county, operator, category, energy } = heading
    const key = [rule, county, operator, category, energy]
    const name = JSON.stringify(key)
    const number = numbers.get(name) ?? headings.push(key) - 1
    numbers.set(name, number)
    rows.push([number, on, sum.numerator, sum.denominator, sum.undetermined, sum.squares, sum.entries])
  }
  return new Binary(await zip(JSON.stringify({ headings, rows })))
}

async function unpack({ buffer }: Binary): Promise<Cell[]> {
  const { headings, rows } = JSON.parse((await unzip(buffer)).toString()) as {
    headings: string[][]
    rows: Row[]
  }
  const known = headings.map(([rule = '', county = '', operator = '', category = '', energy = '']) => ({
    rule,
    heading: { county, operator, category, energy },
  }))
  return rows.flatMap(([number, on, numerator, denominator, undetermined, squares, entries]) => {
    const under = known[number]
    return under ? [{ ...under, on, sum: { numerator, denominator, undetermined, squares, entries } }] : []
  })
}
