import { ObjectId } from 'mongodb'
import type { People } from '../accounts/people.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { ImportModel, ImportRowModel } from '../imports/model.ts'
import type { NewNotice, NoticeService } from '../notices/service.ts'
import type { Operators } from '../operators/service.ts'
import type { DisputeDoc, DisputeModel } from './model.ts'
import { rowOf } from './rows.ts'

export interface SettlingParts {
  disputes: DisputeModel
  imports: ImportModel
  rows: ImportRowModel
  changes: ChangeModel
  operators: Operators
  people: People
  notices: NoticeService
}

/**
 * Lets lists and their rows say how disputes stand, and tells the people concerned. A dispute that still has to be
 * told says so itself, so that a crash anywhere leaves work that the next round does.
 */
export class DisputeSettling {
  private readonly parts: SettlingParts
  private begun = false

  constructor(parts: SettlingParts) {
    this.parts = parts
  }

  /** Settles all that is left. Safe to repeat. */
  async sweep(): Promise<void> {
    const left = await this.parts.disputes.collection
      .find<DisputeDoc>({ settled: false })
      .sort({ at: 1 })
      .toArray()
    for (const doc of left) await this.settle(doc)
  }

  /**
   * Lists were checked anew, and their rows say nothing of disputes any more: the next sweep says it again. A process
   * that has just begun cannot know which were, and takes all with open disputes.
   * @param lists ids of lists; emptied as they are done
   */
  async listsChanged(lists: Set<string>): Promise<void> {
    const { collection } = this.parts.disputes
    const unsettled = { $set: { settled: false } }
    if (!this.begun) await collection.updateMany({ status: 'open' }, unsettled)
    this.begun = true
    for (const list of lists) {
      lists.delete(list)
      await collection.updateMany({ import: new ObjectId(list) }, unsettled)
    }
  }

  private async settle(doc: DisputeDoc): Promise<void> {
    await this.mark(doc)
    await this.tell(doc)
    const { _id, status } = doc
    await this.parts.disputes.collection.updateOne({ _id, status }, { $set: { settled: true } })
  }

  private async mark(doc: DisputeDoc): Promise<void> {
    const { disputes, imports, rows, changes } = this.parts
    const { sheetIndex, row: number } = doc
    const about = { import: doc.import, sheetIndex, row: number }
    // A row can be disputed again after a denial: the latest dispute is the row's.
    const [latest] = await disputes.collection
      .find<DisputeDoc>(about)
      .sort({ at: -1, _id: -1 })
      .limit(1)
      .toArray()
    const row = await rowOf(doc, rows)
    if (latest && row) {
      const dispute = { id: latest._id, status: latest.status }
      await rows.collection.updateOne({ _id: row._id } as never, { $set: { dispute } })
    }
    const openDisputes = await disputes.collection.countDocuments({ import: doc.import, status: 'open' })
    const recorded =
      doc.status === 'upheld'
        ? { recorded: await changes.collection.countDocuments({ 'source.import': doc.import }) }
        : {}
    await imports.collection.updateOne({ _id: doc.import }, { $set: { openDisputes, ...recorded } })
  }

  private async tell(doc: DisputeDoc): Promise<void> {
    const { notices, people, operators } = this.parts
    const operator = doc.operator === null ? null : await operators.find(doc.operator)
    const about = { filename: doc.filename, row: String(doc.row), operator: operator?.name ?? doc.by.name }
    const id = doc._id.toHexString()
    const link = `/disputes/${id}`
    const opened: NewNotice = {
      ...{ kind: 'dispute-opened', period: id, at: doc.at, link },
      params: { ...about, claim: doc.claim },
    }
    const officers = await people.inCharge(doc.county, [])
    await notices.tell(
      opened,
      officers.filter((account) => account !== doc.by.id),
    )
    const { verdict } = doc
    if (doc.status === 'open' || !verdict) return
    const { decision, answer, by, at } = verdict
    const claimants = doc.operator === null ? [] : await people.ofOperator(doc.operator)
    await notices.tell(
      {
        ...{ kind: 'dispute-decided', period: `${id}.${at.getTime().toString(36)}`, at, link },
        params: { ...about, decision, answer, by: by.name },
      },
      [...claimants, doc.by.id],
    )
  }
}
