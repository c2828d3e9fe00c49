import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import type { Scope } from '../accounts/permissions.ts'
import type { Actor } from '../changes/model.ts'
import { decodeCursor, isId, isInstant, isRowNumber, pageFrom } from '../http/cursor.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { ImportFiles } from './files.ts'
import type { ImportDoc, ImportModel, ImportRowDoc, ImportRowModel } from './model.ts'
import { noCounts } from './model.ts'
import { ListProblem } from './reading/problem.ts'
import type { ReceivedFile } from './receive.ts'
import type { ImportRowView, ImportStatus, ImportView, rowsQuery } from './schema.ts'
import type { ImportWorker } from './worker.ts'

export interface ImportParts {
  imports: ImportModel
  rows: ImportRowModel
  files: ImportFiles
  worker: ImportWorker
  /** words an issue for a person */
  wordIssue: (code: string, params: Record<string, string>, field: string | null) => string
}

/** A caller's limits without those that there are not: the database would keep them as null. */
const limitsOf = ({ scope: { county, operator } }: Caller): Scope => ({
  ...(county === undefined ? {} : { county }),
  ...(operator === undefined ? {} : { operator }),
})

const actorOf = (caller: Caller): Actor => ({ id: caller.id, name: caller.name })

/** Lists that were sent, and what is decided of them. */
export class ImportService {
  private readonly parts: ImportParts

  constructor(parts: ImportParts) {
    this.parts = parts
  }

  /**
   * Takes in a list whose header can be recognised; its rows are checked in the background.
   * @throws Problem 422 for what is no list: nothing is kept of it
   */
  async receive(
    file: ReceivedFile,
    caller: Caller,
    now: Date,
  ): Promise<{ id: string; status: ImportStatus }> {
    const list = await readable(file)
    const id = new ObjectId()
    const fileId = new ObjectId()
    await this.parts.files.put(fileId, file.filename, file.bytes)
    const doc: ImportDoc = {
      _id: id,
      filename: file.filename,
      size: file.bytes.length,
      sha256: file.sha256,
      file: fileId,
      status: 'parsing',
      progress: { done: 0, total: 0 },
      counts: noCounts(),
      codes: [],
      effects: [],
      columns: list.columns.map(({ letter, header, field }) => ({ letter, header, field })),
      sheet: list.sheet,
      headerRow: list.headerRow,
      newOperators: [],
      recorded: 0,
      sentBy: actorOf(caller),
      scope: limitsOf(caller),
      sentAt: now,
      reportedAt: caller.role === 'operator' ? now : null,
      decidedBy: null,
      decidedAt: null,
      rejectReason: null,
      appliedAt: null,
      error: null,
      lease: null,
      tries: 0,
      failures: 0,
    }
    await this.parts.imports.collection.insertOne(doc as never)
    this.parts.worker.kick()
    return { id: id.toHexString(), status: 'parsing' }
  }

  /** The lists that a caller may see, newest first. */
  async list(query: { limit: number; cursor?: string | undefined }, caller: Caller) {
    const own = ownOnly(caller)
    const [at, id] = query.cursor ? decodeCursor(query.cursor, 2, [isInstant, isId]) : []
    const before =
      at && id
        ? {
            $or: [
              { sentAt: { $lt: new Date(at) } },
              { sentAt: new Date(at), _id: { $lt: new ObjectId(id) } },
            ],
          }
        : {}
    const found = await this.parts.imports.collection
      .find<ImportDoc>({ $and: [own, before] } as never)
      .sort({ sentAt: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray()
    const total = await this.parts.imports.collection.countDocuments(own as never)
    const page = pageFrom(found, query.limit, (last) => [last.sentAt.toISOString(), last._id.toHexString()])
    return { ...page, items: page.items.map(importView), total }
  }

  /** One list. @throws Problem 404 */
  async get(id: string, caller: Caller): Promise<ImportView> {
    return importView(await this.find(id, caller))
  }

  /** A page of a list's rows, in the sheet's order. */
  async listRows(id: string, query: z.output<typeof rowsQuery>, caller: Caller) {
    const doc = await this.find(id, caller)
    const filter: Record<string, unknown> = { import: doc._id }
    if (query.outcome === 'warning') filter.codes = 'warning'
    else if (query.outcome) filter.outcome = query.outcome
    if (query.code)
      filter.codes = query.outcome === 'warning' ? { $all: ['warning', query.code] } : query.code
    const [row] = query.cursor ? decodeCursor(query.cursor, 1, [isRowNumber]) : []
    const after = row ? { ...filter, row: { $gt: Number(row) } } : filter
    const found = await this.parts.rows.collection
      .find<ImportRowDoc>(after as never)
      .sort({ row: 1 })
      .limit(query.limit + 1)
      .toArray()
    const page = pageFrom(found, query.limit, (last) => [String(last.row)])
    return { ...page, items: page.items.map((r) => this.rowView(r, doc)) }
  }

  /** Approves: the good rows are recorded in the background. Approving twice has one effect. */
  async approve(id: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.find(id, caller)
    if (doc.status === 'checked' && doc.counts.new === 0)
      throw new Problem(409, 'import.nothing-to-apply', 'No row of this list has anything new to record')
    const set = {
      status: 'applying',
      decidedBy: actorOf(caller),
      decidedAt: now,
      progress: { done: 0, total: doc.counts.total },
      lease: null,
      tries: 0,
    }
    const decided = await this.decide(doc, set)
    this.parts.worker.kick()
    return importView(decided)
  }

  /** Returns a list to its sender with a reason; nothing of it is recorded. */
  async reject(id: string, reason: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.find(id, caller)
    const set = { status: 'rejected', decidedBy: actorOf(caller), decidedAt: now, rejectReason: reason }
    return importView(await this.decide(doc, set))
  }

  /** Checks a list again, against the register as it has become. */
  async recheck(id: string, caller: Caller): Promise<ImportView> {
    const doc = await this.find(id, caller)
    const decided = await this.decide(doc, {
      status: 'parsing',
      progress: { done: 0, total: doc.counts.total },
      lease: null,
      tries: 0,
    })
    this.parts.worker.kick()
    return importView(decided)
  }

  /** Moves a checked list on; of two who press at once, one does. @throws Problem 409 when it is not `checked` */
  private async decide(doc: ImportDoc, set: Record<string, unknown>): Promise<ImportDoc> {
    const decided = (await this.parts.imports.collection.findOneAndUpdate(
      { _id: doc._id, status: 'checked' },
      { $set: set },
      { returnDocument: 'after' },
    )) as ImportDoc | null
    if (decided) return decided
    const current = await this.parts.imports.collection.findOne<ImportDoc>({ _id: doc._id })
    throw new Problem(409, 'import.wrong-status', `The list is ${current?.status ?? doc.status}, not checked`)
  }

  private async find(id: string, caller: Caller): Promise<ImportDoc> {
    const doc = await this.parts.imports.collection.findOne<ImportDoc>({
      _id: new ObjectId(id),
      ...ownOnly(caller),
    } as never)
    if (!doc) throw notFound()
    return doc
  }

  private rowView(row: ImportRowDoc, doc: ImportDoc): ImportRowView {
    const header = (field: string | null) =>
      doc.columns.find((c) => c.field === field && field !== null)?.header ?? null
    return {
      row: row.row,
      outcome: row.outcome,
      values: row.cells,
      issues: row.issues.map(({ code, severity, field, params }) => ({
        code,
        severity,
        field,
        column: header(field),
        message: this.parts.wordIssue(code, params, field),
        params,
      })),
    }
  }
}

/** Whoever is limited to a part of the city sees the lists that they sent. */
const ownOnly = (caller: Caller): Record<string, unknown> =>
  caller.scope.county === undefined && caller.scope.operator === undefined ? {} : { 'sentBy.id': caller.id }

/** The head of a list. The readers are loaded when the first list comes: they are large. */
async function readable(file: ReceivedFile) {
  const { peekList } = await import('./reading/index.ts')
  try {
    return peekList(file.bytes, file.filename)
  } catch (error) {
    if (!(error instanceof ListProblem)) throw error
    const { code, params } = error
    throw new Problem(422, code, undefined, [{ path: 'file', code, message: code, params: { ...params } }])
  }
}

function importView(doc: ImportDoc): ImportView {
  const { _id, codes, sentAt, decidedAt, appliedAt } = doc
  const { filename, size, status, progress, counts, effects, columns, sheet, headerRow, recorded } = doc
  const { sentBy, decidedBy, rejectReason, error } = doc
  return {
    id: _id.toHexString(),
    filename,
    size,
    status,
    progress,
    counts,
    codes: Object.fromEntries(codes.map((c) => [c.code, c.rows])),
    effects,
    columns,
    sheet,
    headerRow,
    recorded,
    sentBy,
    sentAt: sentAt.toISOString(),
    decidedBy,
    decidedAt: decidedAt?.toISOString() ?? null,
    rejectReason,
    appliedAt: appliedAt?.toISOString() ?? null,
    error,
  }
}
