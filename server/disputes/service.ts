import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import type { ComplianceService } from '../compliance/service.ts'
import { decodeCursor, isId, isInstant, pageFrom } from '../http/cursor.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { refuseUnless } from '../imports/actions.ts'
import { bySeq, type ImportDoc, type ImportRowDoc, type ImportRowModel } from '../imports/model.ts'
import type { ImportService } from '../imports/service.ts'
import type { WordIssue } from '../imports/view.ts'
import type { Operators } from '../operators/service.ts'
import type { DisputeDocuments } from './documents.ts'
import type { DisputeDoc, DisputeModel } from './model.ts'
import { exemptible } from './plan.ts'
import type { ReceivedDocument } from './receive.ts'
import type { Claim, DisputeView, disputesQuery } from './schema.ts'
import { disputeView } from './view.ts'
import { visibleTo } from './visible.ts'

export interface DisputeParts {
  disputes: DisputeModel
  documents: DisputeDocuments
  imports: ImportService
  rows: ImportRowModel
  operators: Operators
  compliance: ComplianceService
  wordIssue: WordIssue
  /** has the list, its row and the people concerned follow, in the background */
  settleSoon: () => void
}

/** Claims about rows of lists: that they are right, or exempt, with a document to show it. */
export class DisputeService {
  private readonly parts: DisputeParts

  constructor(parts: DisputeParts) {
    this.parts = parts
  }

  /**
   * Opens a dispute about a row.
   * @throws Problem 404, 403; 409 `dispute.not-disputable` for a row with nothing to dispute, `dispute.open` for one
   *   that is disputed already
   */
  async open(
    at: { list: string; seq: number },
    { claim, document }: { claim: Claim; document: ReceivedDocument },
    caller: Caller,
    now: Date,
  ): Promise<DisputeView> {
    const list = await this.parts.imports.find(at.list, caller)
    refuseUnless(list, caller, 'dispute')
    const row = await this.parts.rows.collection.findOne<ImportRowDoc>(bySeq(list._id, [at.seq]) as never)
    if (!row) throw notFound()
    if (!isDisputable(list, row)) throw new Problem(409, 'dispute.not-disputable')
    this.refuseRules(claim)
    const doc = disputeOf(list, row, claim, document, caller, now)
    await this.keep(doc, document)
    this.parts.settleSoon()
    return this.show(doc, caller)
  }

  private refuseRules({ wish, rules }: Claim): void {
    const known = exemptible(this.parts.compliance.policy)
    if (wish === 'record' || rules.every((id) => known.includes(id))) return
    const code = 'rules.invalid'
    throw new Problem(400, 'request.invalid', undefined, [{ path: 'body.rules', code, message: code }])
  }

  /** The document is kept first: a dispute never lacks it. */
  private async keep(doc: DisputeDoc, { name, bytes }: ReceivedDocument): Promise<void> {
    const { disputes, documents } = this.parts
    await documents.put(doc.document.file, name, bytes)
    try {
      await disputes.collection.insertOne(doc as never)
    } catch (error) {
      await documents.remove(doc.document.file)
      if (isDuplicateKey(error)) throw new Problem(409, 'dispute.open')
      throw error
    }
  }

  /** The disputes that a caller sees, newest first. */
  async list(query: z.output<typeof disputesQuery>, caller: Caller) {
    const seen: Record<string, unknown>[] = [visibleTo(caller)]
    if (query.status) seen.push({ status: query.status })
    if (query.import) seen.push({ import: new ObjectId(query.import) })
    const [at, id] = query.cursor ? decodeCursor(query.cursor, 2, [isInstant, isId]) : []
    const before =
      at && id
        ? { $or: [{ at: { $lt: new Date(at) } }, { at: new Date(at), _id: { $lt: new ObjectId(id) } }] }
        : {}
    const { collection } = this.parts.disputes
    const found = await collection
      .find<DisputeDoc>({ $and: [...seen, before] } as never)
      .sort({ at: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray()
    const total = await collection.countDocuments({ $and: seen } as never)
    const names = await this.parts.operators.names()
    const page = pageFrom(found, query.limit, (last) => [last.at.toISOString(), last._id.toHexString()])
    const items = page.items.map((doc) => disputeView(doc, caller, names, this.parts.wordIssue))
    return { ...page, items, total }
  }

  /** One dispute. @throws Problem 404 */
  async get(id: string, caller: Caller): Promise<DisputeView> {
    return this.show(await this.find(id, caller), caller)
  }

  /** A dispute as a caller sees it. */
  async show(doc: DisputeDoc, caller: Caller): Promise<DisputeView> {
    return disputeView(doc, caller, await this.parts.operators.names(), this.parts.wordIssue)
  }

  /** A dispute's document. @throws Problem 404 */
  async document(id: string, caller: Caller) {
    const { document } = await this.find(id, caller)
    return { ...document, stream: this.parts.documents.read(document.file) }
  }

  /** The dispute as kept, for those who see it. @throws Problem 404 */
  async find(id: string, caller: Caller): Promise<DisputeDoc> {
    const filter = { $and: [{ _id: new ObjectId(id) }, visibleTo(caller)] }
    const doc = await this.parts.disputes.collection.findOne<DisputeDoc>(filter as never)
    if (!doc) throw notFound()
    return doc
  }
}

/** A row that was not taken and could be: of a returned list, with an error, or left out for its warning. */
function isDisputable(list: ImportDoc, row: ImportRowDoc): boolean {
  if (row.row === 0 || row.dispute?.status === 'upheld') return false
  if (row.outcome === 'error') return true
  if (row.outcome !== 'new') return false
  const leftOut = list.approved === 'clean' && (row.codes?.includes('warning') ?? false)
  return list.status === 'rejected' || (list.status === 'applied' && leftOut)
}

function disputeOf(
  list: ImportDoc,
  row: ImportRowDoc,
  { claim, wish, rules }: Claim,
  { name, type, bytes }: ReceivedDocument,
  caller: Caller,
  now: Date,
): DisputeDoc {
  const several = list.sheets.filter((s) => s.chosen).length > 1
  const sheet = several ? (list.sheets.find((s) => s.index === row.sheet)?.name ?? null) : null
  return {
    _id: new ObjectId(),
    import: list._id,
    filename: list.filename,
    ...{ seq: row.seq, sheetIndex: row.sheet, sheet, row: row.row },
    ...{ operator: list.operator, county: list.county },
    ...{ cells: row.cells, issues: row.issues },
    ...{ claim, wish, rules: wish === 'exempt' ? rules : [] },
    document: { file: new ObjectId(), name, type, size: bytes.length },
    status: 'open',
    by: { id: caller.id, name: caller.name },
    at: now,
    verdict: null,
    change: null,
    settled: false,
  }
}
