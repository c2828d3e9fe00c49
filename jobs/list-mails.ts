import type { Addressee } from '../server/accounts/people.ts'
import type { NoticeDoc } from '../server/notices/model.ts'
import { isTrouble } from '../server/notices/schema.ts'
import type { JobLog } from './job.ts'
import { renderListMail } from './mail/list-mail.ts'
import type { Outbox } from './outbox/outbox.ts'
import { Sweep } from './sweep.ts'
import type { Troubles } from './trouble.ts'

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
  /** tells of a notice of which no mail can be made */
  trouble?: Pick<Troubles, 'tell'> | undefined
  log: JobLog
}

/** Puts notices about lists, disputes and troubles into mails. */
export class ListMails {
  private readonly sweeping: Sweep<NoticeDoc>

  constructor({ notices, people, outbox, publicUrl, trouble, log }: ListMailParts) {
    this.sweeping = new Sweep<NoticeDoc>({
      name: 'notices',
      due: (limit) => notices.mailDue(limit),
      key: ({ _id }) => _id.toHexString(),
      done: ({ _id }) => notices.mailDone(_id),
      async queue(notice, now) {
        const to = await people[isTrouble(notice.kind) ? 'dutyAddressee' : 'addressee'](notice.account)
        return to !== null && (await outbox.enqueue(mailOf(notice, to, publicUrl), now))
      },
      // One that tells of a trouble would be told of by another one.
      tells: ({ kind }) => !isTrouble(kind),
      ...{ trouble, log },
    })
  }

  /** Queues a mail for each notice that needs one. @returns how many mails were queued */
  sweep(now: Date): Promise<number> {
    return this.sweeping.run(now)
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
