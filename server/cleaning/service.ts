import type { Connection } from 'mongoose'
import { daysBefore } from '../domain/stale.ts'
import type { ImportFiles } from '../imports/files.ts'
import type { ImportModel } from '../imports/model.ts'
import { sweepFiles } from '../imports/sweep.ts'
import type { StaleLists } from './lists.ts'
import { removeAll } from './remove.ts'

export interface CleaningParts {
  connection: Connection
  imports: ImportModel
  files: ImportFiles
  lists: StaleLists
}

/** What was cleaned, in numbers. */
export interface Cleaned {
  [what: string]: number
}

/** What is being received by any process is left alone for so long. */
const RECEIVING_MS = 3600_000
/** What is kept for looking back on. */
const NOTICES_DAYS = 365
const TOKENS_DAYS = 365
const LINKS_DAYS = 7

/**
 * Removes what nobody needs any more: lists that were never submitted, files without a list, links and tokens that
 * open nothing, notices that were seen long ago. Nothing that the ledger, the audit log or a report refers to.
 */
export class Cleaning {
  private readonly parts: CleaningParts

  constructor(parts: CleaningParts) {
    this.parts = parts
  }

  /**
   * Cleans. Safe to repeat; stops between two batches when the signal says so.
   * @param machineNow by which files that are being received are judged
   */
  async run(now: Date, signal: AbortSignal, machineNow = new Date()): Promise<Cleaned> {
    const { connection, imports, files, lists } = this.parts
    const stale = await lists.sweep(now, signal)
    const before = new Date(machineNow.getTime() - RECEIVING_MS)
    const orphans = await sweepFiles(files, imports, before)
    signal.throwIfAborted()
    const links = await this.endedLinks(now)
    const ended = { expiresAt: { $lt: daysBefore(now, TOKENS_DAYS) } }
    const tokens = await removeAll(connection.collection('tokens'), ended, signal)
    const seen = { seen: { $lt: daysBefore(now, NOTICES_DAYS) }, mail: 'done' }
    const notices = await removeAll(connection.collection('notices'), seen, signal)
    return { ...stale, files: orphans, links, tokens, notices }
  }

  /** Links for a new password that ended a while ago. Invitations stay: they say who has not accepted yet. */
  private async endedLinks(now: Date): Promise<number> {
    const { modifiedCount } = await this.parts.connection
      .collection('accounts')
      .updateMany(
        { 'reset.expiresAt': { $lt: daysBefore(now, LINKS_DAYS) }, 'reset.mail': 'done' },
        { $unset: { reset: 1 } },
      )
    return modifiedCount
  }
}
