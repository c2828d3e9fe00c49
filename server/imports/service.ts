import { setTimeout as pause } from 'node:timers/promises'
import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import type { Scope } from '../accounts/permissions.ts'
import type { Actor } from '../changes/model.ts'
import type { Effect } from '../changes/schema.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { Moves } from '../domain/moves.ts'
import { liesIn } from '../domain/regions.ts'
import { decodeCursor, isId, isInstant, isRowNumber, pageFrom } from '../http/cursor.ts'
import { invalidRequest, notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Operators } from '../operators/service.ts'
import { visibleTo } from './actions.ts'
import type { ImportFiles } from './files.ts'
import {
  type ImportDoc,
  type ImportModel,
  type ImportRowDoc,
  type ImportRowModel,
  type MappingDoc,
  type MappingModel,
  noCounts,
} from './model.ts'
import { keptMoves } from './moves.ts'
import { modeOf, planColumns, planSheets } from './plan.ts'
import type { KeptFile } from './receive.ts'
import {
  type ImportStatus,
  type ImportView,
  type importsQuery,
  OUTCOMES,
  type rowsQuery,
  sendFields,
} from './schema.ts'
import type { ImportThread } from './thread-host.ts'
import { importView, rowView, type WordIssue } from './view.ts'

export interface ImportParts {
  imports: ImportModel
  rows: ImportRowModel
  mappings: MappingModel
  files: ImportFiles
  operators: Operators
  compliance: ComplianceService
  thread: ImportThread
  timeZone: string
  wordIssue: WordIssue
}

/** A caller's limits without those that there are not: the database would keep them as null. */
const limitsOf = ({ scope: { county, operator } }: Caller): Scope => ({
  ...(county === undefined ? {} : { county }),
  ...(operator === undefined ? {} : { operator }),
})

export const actorOf = (caller: Caller): Actor => ({ id: caller.id, name: caller.name })

/** Under whose name the mapping of a list's columns and words is remembered. */
export const mappingKey = (doc: Pick<ImportDoc, 'operator' | 'sentBy'>): string =>
  doc.operator ?? `account:${doc.sentBy.id}`

/** So long a request waits for what a list moves to be counted anew; of a long one it is shown when it is asked again. */
const PATIENCE_MS = 5_000

/** Lists that were sent. */
export class ImportService {
  private readonly parts: ImportParts
  /** lists of which what they move is being counted anew */
  private readonly counting = new Map<string, Promise<null>>()

  constructor(parts: ImportParts) {
    this.parts = parts
  }

  /**
   * Takes in a list whose header can be recognised; its rows are checked in the background.
   * @throws Problem 422 for what is no list, 400 for wrong fields beside it: nothing is kept of it
   */
  async receive(file: KeptFile, caller: Caller, now: Date): Promise<{ id: string; status: ImportStatus }> {
    try {
      const doc = await this.documentOf(file, caller, now)
      await this.parts.imports.collection.insertOne(doc as never)
      this.parts.thread.kick()
      return { id: doc._id.toHexString(), status: 'parsing' }
    } catch (error) {
      await this.parts.files.remove(file.id)
      throw error
    }
  }

  private async documentOf(file: KeptFile, caller: Caller, now: Date): Promise<ImportDoc> {
    const { thread, mappings, timeZone } = this.parts
    const given = sendFields.safeParse(file.fields)
    if (!given.success) throw invalidRequest(given.error, 'body')
    const { mode, asOf } = given.data
    const today = civilDateAt(now, timeZone)
    if (asOf !== undefined && asOf > today) throw fieldProblem('asOf', 'date.future', asOf)
    const operator = await this.operatorOf(given.data.operator, caller)
    const top = await thread.ask('peek', { file: file.id.toHexString(), filename: file.filename })
    const sentBy = actorOf(caller)
    const key = mappingKey({ operator: operator?._id ?? null, sentBy })
    const memory = (await mappings.collection.findOne({ _id: key as never })) as MappingDoc | null
    const sheets = planSheets(top.sheets)
    const columns = planColumns(top.sheets, memory)
    const { values, defaults } = remembered(memory, operator)
    const read = mode ?? modeOf(sheets, columns, defaults)
    return {
      ...blankImport(),
      filename: file.filename,
      size: file.size,
      sha256: file.sha256,
      file: file.id,
      ...{ format: top.format, encoding: top.encoding, notes: top.notes, sheets, columns, values, defaults },
      mode: read,
      modeFound: mode === undefined,
      asOf: read === 'fleet' ? (asOf ?? today) : null,
      operator: operator?._id ?? null,
      county: operator?.county ?? caller.scope.county ?? null,
      sentBy,
      sentAs: caller.role,
      scope: limitsOf(caller),
      sentAt: now,
      reportedAt: caller.role === 'operator' ? now : null,
    }
  }

  /** Whose list it is: an operator's account sends its own; an officer may say whose. */
  private async operatorOf(named: string | undefined, caller: Caller): Promise<OperatorDoc | null> {
    const { operators } = this.parts
    const find = await operators.finder()
    const ref = named === undefined ? undefined : find(named)
    const own = caller.scope.operator
    if (named !== undefined && (!ref || ref.isNew || (own !== undefined && ref.id !== own)))
      throw fieldProblem('operator', 'operator.unknown', named)
    const id = own ?? ref?.id
    return id === undefined ? null : operators.find(id)
  }

  /** The lists that a caller may see, newest first. */
  async list(query: z.output<typeof importsQuery>, caller: Caller) {
    const seen: Record<string, unknown>[] = [visibleTo(caller)]
    if (query.status) seen.push({ status: { $in: query.status } })
    if (query.operator) seen.push({ operator: query.operator })
    if (query.waiting) seen.push(WAITING)
    if (query.mine) seen.push({ 'sentBy.id': caller.id })
    const [at, id] = query.cursor ? decodeCursor(query.cursor, 2, [isInstant, isId]) : []
    const before = at && id ? olderThan(new Date(at), new ObjectId(id)) : {}
    const { collection } = this.parts.imports
    const found = await collection
      .find<ImportDoc>({ $and: [...seen, before] } as never)
      .sort({ sentAt: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray()
    const total = await collection.countDocuments({ $and: seen } as never)
    const names = await this.parts.operators.names()
    const page = pageFrom(found, query.limit, (last) => [last.sentAt.toISOString(), last._id.toHexString()])
    return { ...page, items: page.items.map((doc) => importView(doc, caller, names)), total }
  }

  /** One list. @throws Problem 404 */
  async get(id: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.find(id, caller)
    const view = await this.show(doc, caller)
    return isOpen(doc.status) ? { ...view, effects: await this.effectsNow(doc, caller, now) } : view
  }

  /** What approving a list would do to the figures that a caller sees, as they are now. */
  private async effectsNow(doc: ImportDoc, caller: Caller, now: Date): Promise<Effect[]> {
    const { compliance, rows } = this.parts
    const { scope } = caller
    // Of a list that reaches beyond the caller's county only the bureau sees what it does.
    if (scope.county !== undefined && !doc.counties.every((c) => liesIn(c, scope.county ?? ''))) return []
    let moves = await keptMoves(rows.db, doc._id, compliance)
    if (moves && !(moves instanceof Moves)) {
      await this.countAnew(doc._id.toHexString())
      moves = await keptMoves(rows.db, doc._id, compliance)
    }
    return moves instanceof Moves ? compliance.effectsOf(moves, now, scope) : []
  }

  /** Has what a list would move counted by the policy of now, once however many ask, and waits a while for it. */
  private async countAnew(id: string): Promise<void> {
    let counting = this.counting.get(id)
    if (!counting) {
      // The list is shown without it: the thread has said what was wrong, and whoever asks again has it tried again.
      const asked = this.parts.thread.ask('countMoves', { id }).catch(() => null)
      counting = asked.finally(() => this.counting.delete(id))
      this.counting.set(id, counting)
    }
    await Promise.race([counting, pause(PATIENCE_MS, undefined, { ref: false })])
  }

  /** A list as a caller sees it. */
  async show(doc: ImportDoc, caller: Caller): Promise<ImportView> {
    return importView(doc, caller, await this.parts.operators.names())
  }

  /** A page of a list's rows, in the file's order. */
  async listRows(id: string, query: z.output<typeof rowsQuery>, caller: Caller) {
    const doc = await this.find(id, caller)
    const filter: Record<string, unknown> = { import: doc._id }
    if (query.outcome === 'warning') filter.codes = 'warning'
    // Named one by one they are read from one index in order, as a single one is.
    else filter.outcome = query.outcome ?? { $in: [...OUTCOMES] }
    if (query.code)
      filter.codes = query.outcome === 'warning' ? { $all: ['warning', query.code] } : query.code
    if (query.code && !query.outcome) delete filter.outcome
    const [seq] = query.cursor ? decodeCursor(query.cursor, 1, [isRowNumber]) : []
    const found = await this.parts.rows.collection
      .find<ImportRowDoc>((seq ? { ...filter, seq: { $gt: Number(seq) } } : filter) as never)
      .sort({ seq: 1 })
      .limit(query.limit + 1)
      .toArray()
    const page = pageFrom(found, query.limit, (last) => [String(last.seq)])
    return { ...page, items: await this.showRows(page.items, doc) }
  }

  /** Rows as the API shows them. */
  async showRows(rows: readonly ImportRowDoc[], doc: ImportDoc) {
    const names = await this.parts.operators.names()
    return rows.map((row) => rowView(row, doc, names, this.parts.wordIssue))
  }

  /** The document of a list that a caller may see. @throws Problem 404 */
  async find(id: string, caller: Caller): Promise<ImportDoc> {
    const filter = { $and: [{ _id: new ObjectId(id) }, visibleTo(caller)] }
    const doc = await this.parts.imports.collection.findOne<ImportDoc>(filter as never)
    if (!doc) throw notFound()
    return doc
  }
}

/** What waits for an officer: what operators submitted, and officers' own lists that are checked. */
const WAITING = {
  $or: [{ status: 'submitted' }, { status: 'checked', sentAs: { $ne: 'operator' } }],
}

const isOpen = (status: ImportStatus): boolean => ['checked', 'submitted', 'rejected'].includes(status)

const olderThan = (at: Date, id: ObjectId) => ({
  $or: [{ sentAt: { $lt: at } }, { sentAt: at, _id: { $lt: id } }],
})

const fieldProblem = (field: string, code: string, value: string): Problem =>
  new Problem(422, 'request.invalid', undefined, [
    { path: `body.${field}`, code, message: code, params: { value } },
  ])

/** What was said of the words and gaps of the sender's lists before. */
function remembered(memory: MappingDoc | null, operator: OperatorDoc | null) {
  const values = (memory?.values ?? []).map((v) => ({ ...v, rows: 0, by: 'remembered' as const }))
  const defaults: ImportDoc['defaults'] = { ...memory?.defaults }
  if (operator) defaults.operator = operator.name
  return { values, defaults }
}

/** A list of which nothing is known yet. */
const blankImport = () => ({
  _id: new ObjectId(),
  status: 'parsing' as const,
  progress: { done: 0, total: 0 },
  counts: noCounts(),
  codes: [],
  effects: [],
  effectsCity: [],
  touches: [],
  counties: [],
  newOperators: [],
  recorded: 0,
  openDisputes: 0,
  submittedAt: null,
  decidedBy: null,
  decidedAt: null,
  approved: null,
  automatic: false,
  rejectReason: null,
  appliedAt: null,
  withdrawn: null,
  error: null,
  lease: null,
  tries: 0,
  failures: 0,
  told: null,
})
