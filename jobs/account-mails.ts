import type { LinkMail } from '../server/accounts/links.ts'
import type { JobLog } from './job.ts'
import { renderAccountMail } from './mail/account-mail.ts'
import type { Outbox } from './outbox/outbox.ts'
import { Sweep } from './sweep.ts'
import type { Troubles } from './trouble.ts'

export interface AccountMailParts {
  links: {
    mailsDue(limit: number): Promise<LinkMail[]>
    mailDone(mail: LinkMail): Promise<void>
  }
  outbox: Pick<Outbox, 'enqueue'>
  /** where people reach the service */
  address: () => string
  timeZone: string
  /** tells of a link of which no mail can be made */
  trouble?: Pick<Troubles, 'tell'> | undefined
  log: JobLog
}

/** Puts invitations and links for new passwords into mails. */
export class AccountMails {
  private readonly sweeping: Sweep<LinkMail>

  constructor({ links, outbox, address, timeZone, trouble, log }: AccountMailParts) {
    this.sweeping = new Sweep<LinkMail>({
      name: 'account-links',
      due: (limit) => links.mailsDue(limit),
      key: ({ account, kind, nonce }) => `${account} ${kind} ${nonce.slice(0, 6)}`,
      done: (mail) => links.mailDone(mail),
      async queue(mail, now) {
        if (mail.expiresAt <= now) return false
        return outbox.enqueue(mailOf(mail, { address: address(), timeZone }), now)
      },
      ...{ trouble, log },
    })
  }

  /** Queues the mails of new links. @returns how many mails were queued */
  sweep(now: Date): Promise<number> {
    return this.sweeping.run(now)
  }
}

function mailOf(mail: LinkMail, options: { address: string; timeZone: string }) {
  const { kind, account, language, name, email, createdAt, expiresAt } = mail
  return {
    ...{ kind: `account-${kind}`, account, language, to: { name, address: email }, pictures: [] },
    // Two links of one millisecond have mails of their own.
    period: `${createdAt.toISOString()} ${mail.nonce.slice(0, 6)}`,
    ...renderAccountMail(mail, options),
    secretUntil: expiresAt,
  }
}
