import type { People } from '../accounts/people.ts'
import type { NewNotice, NoticeService } from '../notices/service.ts'
import type { Operators } from '../operators/service.ts'
import type { ImportDoc, ImportModel } from './model.ts'
import type { ImportStatus } from './schema.ts'

export interface ImportNoticeParts {
  imports: ImportModel
  people: People
  notices: NoticeService
  operators: Operators
}

/** The states of which people are told, with what they are told. */
const TOLD = {
  submitted: 'list-submitted',
  rejected: 'list-returned',
  applied: 'list-applied',
  failed: 'list-failed',
  withdrawn: 'list-withdrawn',
} as const satisfies Partial<Record<ImportStatus, NewNotice['kind']>>
type ToldStatus = keyof typeof TOLD

const BATCH = 100

/**
 * Tells people what became of operators' lists. What has been told is kept with the list, and each notice has a key
 * of its own, so that a crash anywhere only means that the next round does the rest. Officers' own lists tell nobody.
 */
export class ImportNotices {
  private readonly parts: ImportNoticeParts
  private round: Promise<void> = Promise.resolve()

  constructor(parts: ImportNoticeParts) {
    this.parts = parts
  }

  /** Tells all that nobody has been told of yet. Safe to repeat, and to call while a round is under way. */
  sweep(): Promise<void> {
    this.round = this.round.catch(() => undefined).then(() => this.tellAll())
    return this.round
  }

  private async tellAll(): Promise<void> {
    for (const status of Object.keys(TOLD) as ToldStatus[]) {
      for (;;) {
        const docs = await this.parts.imports.collection
          .find<ImportDoc>({ status, told: { $ne: status } } as never)
          .limit(BATCH)
          .toArray()
        for (const doc of docs) await this.tell(doc, status)
        if (docs.length < BATCH) break
      }
    }
  }

  private async tell(doc: ImportDoc, status: ToldStatus): Promise<void> {
    if (doc.sentAs === 'operator') {
      const { notices, operators } = this.parts
      const operator = doc.operator === null ? null : await operators.find(doc.operator)
      await notices.tell(noticeOf(doc, status, operator?.name ?? ''), await this.concerned(doc, status))
    }
    // Not when it has moved on meanwhile: then there is something else to tell.
    await this.parts.imports.collection.updateOne({ _id: doc._id, status, told: doc.told } as never, {
      $set: { told: status },
    })
  }

  private async concerned(doc: ImportDoc, status: ToldStatus): Promise<string[]> {
    const { people } = this.parts
    if (status === 'submitted') return people.inCharge(doc.county, doc.counties)
    const senders = doc.operator === null ? [doc.sentBy.id] : await people.ofOperator(doc.operator)
    // Whoever approved it believes it to be on the ledger.
    const decider = status === 'failed' && doc.decidedBy && !doc.automatic ? [doc.decidedBy.id] : []
    return [...senders, ...decider]
  }
}

/** What is told of a list in a state. */
function noticeOf(doc: ImportDoc, status: ToldStatus, operator: string): NewNotice {
  const at = {
    submitted: doc.submittedAt,
    rejected: doc.decidedAt,
    applied: doc.appliedAt,
    failed: doc.decidedAt,
    withdrawn: doc.withdrawn?.at ?? null,
  }[status]
  const instant = at ?? doc.sentAt
  const id = doc._id.toHexString()
  return {
    kind: TOLD[status],
    period: `${id}.${instant.getTime().toString(36)}`,
    at: instant,
    params: { filename: doc.filename, operator, ...paramsOf(doc, status) },
    link: `/uploads/${id}`,
  }
}

function paramsOf(doc: ImportDoc, status: ToldStatus): Record<string, string> {
  const { counts, decidedBy } = doc
  const rows = { total: String(counts.total), toRecord: String(counts.toRecord) }
  const by = decidedBy?.name ?? ''
  switch (status) {
    case 'submitted':
      return {
        ...rows,
        sender: doc.sentBy.name,
        warning: String(counts.warning),
        error: String(counts.error),
      }
    case 'rejected':
      return { by, reason: doc.rejectReason ?? '' }
    case 'applied':
      return { by, recorded: String(doc.recorded), error: String(counts.error), total: rows.total }
    case 'failed':
      return { code: doc.error?.code ?? 'internal' }
    case 'withdrawn':
      return { by: doc.withdrawn?.by.name ?? '', reason: doc.withdrawn?.reason ?? '' }
  }
}
