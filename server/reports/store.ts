import { type Connection, Types } from 'mongoose'
import type { OwnDeed } from '../audit/service.ts'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import { isCivilDate } from '../domain/civil-date.ts'
import { decodeCursor, isId, pageFrom } from '../http/cursor.ts'
import { digestOf } from './digest.ts'
import { type ReportDoc, reportModel } from './model.ts'
import type { NotedReport } from './noted.ts'
import {
  type Completeness,
  type Exceptions,
  type ReportContent,
  type ReportKind,
  type ShownFigure,
  shownFigure,
} from './schema.ts'

/** Notes in the audit log what the service did. */
export type Note = (deed: OwnDeed) => Promise<void>

/** Where reports are noted when they are made. */
export interface ReportLog {
  note: Note
  /** what was noted under a report's id, its number, or on its period */
  noted(report: Pick<ReportDoc, '_id' | 'number' | 'period'>): Promise<NotedReport[]>
}

/** Whole reports: those of an earlier form wait to be completed (see earlier.ts). */
const WHOLE = { digest: { $exists: true } } as const

/** What a list shows of a report: of counties, the one that is asked for. */
export type ReportHead = Omit<ReportDoc, 'content'> & { content: HeadContent }
type HeadContent = Pick<
  ReportContent,
  'from' | 'knownAt' | 'occasion' | 'standsFor' | 'policy' | 'previous'
> &
  HeadPart & { counties?: HeadPart[] }
/** The city's, or a county's. */
export interface HeadPart {
  figures: { rules: ShownFigure[] }
  completeness: Omit<Completeness, 'missing' | 'operators'> & { missing: { id: string }[] }
  exceptions: Pick<Exceptions, 'total'>
}

/** The frozen reports: each is written once, and noted in the audit log with its digest. */
export class ReportStore {
  readonly model: ReturnType<typeof reportModel>
  private readonly log: ReportLog

  constructor(connection: Connection, log: ReportLog) {
    this.model = reportModel(connection)
    this.log = log
  }

  /** The report on a period, by its name; null where there is none. */
  async find(kind: ReportKind, period: string): Promise<ReportDoc | null> {
    return this.model.collection.findOne<ReportDoc>({ kind, period, ...WHOLE })
  }

  /** A report by its id. */
  async byId(id: string): Promise<ReportDoc | null> {
    return this.model.collection.findOne<ReportDoc>({ _id: new Types.ObjectId(id), ...WHOLE })
  }

  /** A report by its number, long or short. */
  async byNumber(number: string): Promise<ReportDoc | null> {
    return this.model.collection.findOne<ReportDoc>({ $or: [{ shortNumber: number }, { number }] })
  }

  /** The latest report of a kind on a period that ended before a day. */
  async before(kind: ReportKind, day: string): Promise<ReportDoc | null> {
    return this.model.collection.findOne<ReportDoc>(
      { kind, asOf: { $lt: day }, ...WHOLE },
      { sort: { asOf: -1 } },
    )
  }

  /** The latest report of a kind that was made at its time, on a period that ended before a day. */
  async lastScheduled(kind: ReportKind, day: string): Promise<Pick<ReportDoc, 'asOf'> | null> {
    return this.model.collection.findOne<Pick<ReportDoc, 'asOf'>>(
      { kind, asOf: { $lt: day }, 'content.occasion': 'scheduled' },
      { sort: { asOf: -1 }, projection: { asOf: 1 } },
    )
  }

  /** The reports that some periods of a kind have, the earliest first. */
  async of(kind: ReportKind, periods: readonly string[]): Promise<ReportDoc[]> {
    if (periods.length === 0) return []
    const which = { kind, period: { $in: [...periods] }, ...WHOLE }
    return this.model.collection.find<ReportDoc>(which).sort({ asOf: 1 }).toArray()
  }

  /** Of some periods of a kind, those that have a report. */
  async having(kind: ReportKind, periods: readonly string[]): Promise<Set<string>> {
    const found = await this.model.collection
      .find<Pick<ReportDoc, 'period'>>({ kind, period: { $in: [...periods] } }, { projection: { period: 1 } })
      .toArray()
    return new Set(found.map(({ period }) => period))
  }

  /**
   * Freezes a report, unless its period has one by now: what was frozen once stays.
   * @returns the report that the period has
   */
  async freeze(content: ReportContent): Promise<{ report: ReportDoc; isNew: boolean }> {
    const report = docOf(new Types.ObjectId(), content)
    try {
      await this.model.collection.insertOne(report)
    } catch (error) {
      const other = isDuplicateKey(error) ? await this.find(content.kind, content.period) : null
      if (!other) throw error
      return { report: other, isNew: false }
    }
    await this.noteDown(report)
    return { report, isNew: true }
  }

  /** Gives a report of an earlier form its content, unless another process did. */
  async complete(id: Types.ObjectId, content: ReportContent): Promise<void> {
    const report = docOf(id, content)
    const done = await this.model.collection.updateOne(
      { _id: id, digest: { $exists: false } },
      { $set: { ...report, unnoted: true } },
    )
    if (done.modifiedCount > 0) await this.noteDown(report)
  }

  /** Notes down reports whose process ended before it did. */
  async noteAll(): Promise<void> {
    const found = this.model.collection.find<ReportDoc>({ unnoted: true, ...WHOLE })
    for await (const report of found) await this.noteDown(report)
  }

  /**
   * Notes a report down, once. One of which the log has something else, or that stands in another's place, stays
   * as it is: noting it would make it genuine.
   */
  async noteDown(report: ReportDoc): Promise<void> {
    const { period, number, digest, content } = report
    const { asOf, knownAt, standsFor, occasion } = content
    const id = report._id.toHexString()
    const known = await this.log.noted(report)
    if (known.some((noted) => noted.id !== id || noted.digest !== digest)) return
    if (known.length === 0)
      await this.log.note({
        ...{ at: report.createdAt, action: 'report.make', outcome: 'done' },
        target: { kind: 'report', id, label: number },
        detail: { period, number, digest, asOf, knownAt, standsFor, occasion },
      })
    await this.model.collection.updateOne({ _id: report._id }, { $unset: { unnoted: '' } })
  }

  /** A page of the reports, the latest period first; without what a list does not show. */
  async list(
    query: { kind?: ReportKind | undefined; limit: number; cursor?: string | undefined },
    county?: string,
  ) {
    const { kind, limit, cursor } = query
    const filter = { ...(kind ? { kind } : {}), ...WHOLE }
    const [day, id] = cursor ? decodeCursor(cursor, 2, [isCivilDate, isId]) : []
    const after =
      day === undefined
        ? {}
        : { $or: [{ asOf: { $lt: day } }, { asOf: day, _id: { $lt: new Types.ObjectId(id) } }] }
    const own = county === undefined ? {} : { 'content.counties': only(county) }
    const found = await this.model.collection
      .find<ReportHead>({ $and: [filter, after] } as never, { projection: { ...LISTED, ...own } })
      .sort({ asOf: -1, _id: -1 })
      .limit(limit + 1)
      .toArray()
    const page = pageFrom(found, limit, (last) => [last.asOf, last._id.toHexString()])
    return { ...page, total: await this.model.collection.countDocuments(filter) }
  }
}

/** What is shown of each figure. */
const SHOWN = shownFigure.keyof().options

const ABOUT = ['completeTo', 'firstGap', 'month', 'months', 'expected', 'reported'] as const

/** Of the counties, what is shown of one. */
const only = (code: string) => {
  const pick = (of: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `$$${of}.${name}`]))
  const rules = { $map: { input: '$$county.figures.rules', as: 'rule', in: pick('rule', SHOWN) } }
  const missing = { $map: { input: '$$county.completeness.missing', as: 'one', in: pick('one', ['id']) } }
  return {
    $map: {
      input: { $filter: { input: '$content.counties', cond: { $eq: ['$$this.code', code] } } },
      as: 'county',
      in: {
        figures: { rules },
        completeness: { ...pick('county.completeness', ABOUT), missing },
        exceptions: pick('county.exceptions', ['total']),
      },
    },
  }
}

const under = (path: string, names: readonly string[]): Record<string, 1> =>
  Object.fromEntries(names.map((name) => [`${path}.${name}`, 1 as const]))

const LISTED = {
  ...{ kind: 1, period: 1, number: 1, shortNumber: 1, createdAt: 1, asOf: 1, digest: 1 },
  ...under('content', ['from', 'knownAt', 'occasion', 'standsFor', 'policy', 'previous']),
  ...under('content.figures.rules', SHOWN),
  ...under('content.completeness', [...ABOUT, 'missing.id']),
  ...under('content.exceptions', ['total']),
}

function docOf(_id: Types.ObjectId, content: ReportContent): ReportDoc {
  const { kind, period, number, shortNumber, asOf } = content
  const createdAt = new Date(content.createdAt)
  const heads = { kind, period, number, shortNumber, asOf, createdAt }
  return { _id, ...heads, content, digest: digestOf(content), unnoted: true }
}
