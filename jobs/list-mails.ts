import type { Addressee } from '../server/accounts/people.ts'
import type { NoticeDoc } from '../server/notices/model.ts'
import { isTrouble } from '../server/notices/schema.ts'
import { describeError, type JobLog } from './job.ts'
import { renderListMail } from './mail/list-mail.ts'
import type { Outbox } from './outbox/outbox.ts'

/** The notices that still need a mail, and who gets it. */
export interface ListMailParts {
  notices: {
    mailDue(limit: number): Promise<NoticeDoc[]>
    mailDone(id: NoticeDoc['_id']): Promise<void>
  }
  people: {
    addressee(id: string): Promise<Addressee | null>
    /** where an account is told what it cannot refuse to be told */
    dutyAddressee(id: string): Promise<Addressee | null>
  }
  outbox: Pick<Outbox, 'enqueue'>
  publicUrl?: string | undefined
  log: JobLog
}

const BATCH = 100

/** Puts notices about lists and disputes into mails. */
export class ListMails {
  private readonly parts: ListMailParts
  private round: Promise<number> = Promise.resolve(0)

  constructor(parts: ListMailParts) {
    this.parts = parts
  }

  /**
   * Queues a mail for each notice that needs one. A notice is marked after its mail is queued, and the outbox takes a
   * mail once: a crash in between changes nothing.
   * @returns how many mails were queued
   */
  sweep(now: Date): Promise<number> {
    this.round = this.round.catch(() => 0).then(() => this.queueAll(now))
    return this.round
  }

  private async queueAll(now: Date): Promise<number> {
    let queued = 0
    for (;;) {
      const due = await this.parts.notices.mailDue(BATCH)
      for (const notice of due) if (await this.queue(notice, now)) queued += 1
      if (due.length < BATCH) return queued
    }
  }

  private async queue(notice: NoticeDoc, now: Date): Promise<boolean> {
    const { people, notices, outbox, publicUrl, log } = this.parts
    const to = await people[isTrouble(notice.kind) ? 'dutyAddressee' : 'addressee'](notice.account)
    let queued = false
    try {
      if (to) queued = await outbox.enqueue(mailOf(notice, to, publicUrl), now)
    } catch (error) {
      // An address that no mail can have must not keep the others from theirs; a fault of the database must be tried again.
      if (!(error instanceof Error && error.name === 'ZodError')) throw error
      log.warn({ account: notice.account, error: describeError(error) }, 'recipient left out')
    }
    await notices.mailDone(notice._id)
    return queued
  }
}

function mailOf(notice: NoticeDoc, to: Addressee, publicUrl: string | undefined) {
  const { kind, period, account } = notice
  const { language, name, email } = to
  return {
    ...{ kind, period, account, language, to: { name, address: email }, pictures: [] },
    ...renderListMail(notice, { language, publicUrl }),
  }
}
