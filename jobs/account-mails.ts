import type { LinkMail } from '../server/accounts/links.ts'
import { describeError, type JobLog } from './job.ts'
import { renderAccountMail } from './mail/account-mail.ts'
import type { Outbox } from './outbox/outbox.ts'

export interface AccountMailParts {
  links: {
    mailsDue(limit: number): Promise<LinkMail[]>
    mailDone(mail: LinkMail): Promise<void>
  }
  outbox: Pick<Outbox, 'enqueue'>
  /** where people reach the service */
  address: () => string
  timeZone: string
  log: JobLog
}

const BATCH = 100

/** Puts invitations and links for new passwords into mails. */
export class AccountMails {
  private readonly parts: AccountMailParts

  constructor(parts: AccountMailParts) {
    this.parts = parts
  }

  /**
   * Queues the mails of new links. A link is marked after its mail is queued, and the outbox takes a mail once: a crash
   * in between changes nothing.
   * @returns how many mails were queued
   */
  async sweep(now: Date): Promise<number> {
    let queued = 0
    for (;;) {
      const due = await this.parts.links.mailsDue(BATCH)
      for (const mail of due) if (await this.queue(mail, now)) queued += 1
      if (due.length < BATCH) return queued
    }
  }

  private async queue(mail: LinkMail, now: Date): Promise<boolean> {
    const { links, outbox, log, address, timeZone } = this.parts
    const { kind, account, language, name, email, createdAt, expiresAt } = mail
    let queued = false
    try {
      if (expiresAt > now)
        queued = await outbox.enqueue(
          {
            ...{ kind: `account-${kind}`, account, language, to: { name, address: email }, pictures: [] },
            // Two links of one millisecond have mails of their own.
            period: `${createdAt.toISOString()} ${mail.nonce.slice(0, 6)}`,
            ...renderAccountMail(mail, { address: address(), timeZone }),
            secretUntil: expiresAt,
          },
          now,
        )
    } catch (error) {
      // An address that no mail can have must not keep the others from theirs; a fault of the database must be tried again.
      if (!(error instanceof Error && error.name === 'ZodError')) throw error
      log.warn({ account, error: describeError(error) }, 'recipient left out')
    }
    await links.mailDone(mail)
    return queued
  }
}
