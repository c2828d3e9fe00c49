/** What people decide about mails: another try, another mail, or none any more. */
import { Types } from 'mongoose'
import { isDuplicateKey } from '../../server/changes/writer-lock.ts'
import { Problem } from '../../server/http/problem.ts'
import type { DisabledAddresses } from './disabled.ts'
import { addressKey } from './disabled.ts'
import type { MailDoc, MailModel } from './model.ts'
import { keyOf, messageIdOf } from './queue.ts'
import { findMail } from './reading.ts'
import { WITHOUT_SECRET, withdrawnBecause } from './stale.ts'
import { GIVE_UP_AFTER_MS } from './verdict.ts'

/** Which mails. */
export interface Which {
  kind: string
  period?: string | undefined
  accounts?: readonly string[] | undefined
}

export interface DecideParts {
  mails: MailModel
  disabled: DisabledAddresses
  domain: string
  /** whether there is a mail server to send by */
  server: boolean
}

const CONTENT = { html: 0, text: 0, pictures: 0 }
/** What was said of an end that is none any more. */
const PAST = ['cause', 'withdrawn', 'interrupted', 'told'] as const

export class Decisions {
  private readonly parts: DecideParts

  constructor(parts: DecideParts) {
    this.parts = parts
  }

  /**
   * Gives up mails that are not sent yet because nobody wants them any more. One that is being sent at this moment goes
   * out, or else is not tried again.
   * @param reason why, for people to read on the mail's page
   * @returns how many were given up
   */
  async withdraw({ kind, period, accounts }: Which, reason: string): Promise<number> {
    const { collection } = this.parts.mails
    const which = {
      kind,
      ...(period === undefined ? {} : { period }),
      ...(accounts === undefined ? {} : { account: { $in: [...accounts] } }),
    }
    // Said of all first: one that is taken up to be sent meanwhile is given up by whoever took it.
    await collection.updateMany(
      { ...which, status: { $in: ['queued', 'sending'] } },
      { $set: { withdrawn: reason } },
    )
    const { modifiedCount } = await collection.updateMany({ ...which, status: 'queued' }, [
      { $set: { ...withdrawnBecause(reason), ...WITHOUT_SECRET } },
    ])
    return modifiedCount
  }

  /**
   * Sends a mail that is not sent yet as soon as possible.
   * @throws Problem 404, or 409 for a mail that is sent, being sent, or to a disabled address
   */
  async retry(id: string, now: Date): Promise<MailDoc> {
    const { mails } = this.parts
    const mail = await findMail(this.parts.mails, id)
    await this.requireEnabled(mail)
    const found = await mails.collection.findOneAndUpdate(
      {
        _id: mail._id,
        // A secret one that was given up has no content any more: a new link is made instead.
        $or: [{ status: 'queued' }, { status: { $in: ['failed', 'given-up'] }, secret: { $ne: true } }],
      },
      [
        {
          $set: {
            ...{ status: 'queued', nextAttemptAt: now },
            giveUpAt: {
              $cond: [{ $eq: ['$secret', true] }, '$giveUpAt', new Date(now.getTime() + GIVE_UP_AFTER_MS)],
            },
            ...this.served,
          },
        },
        { $unset: [...PAST] },
      ],
      { returnDocument: 'after', projection: CONTENT },
    )
    if (!found) throw new Problem(409, 'mail.not-resendable')
    return found as unknown as MailDoc
  }

  /**
   * Sends a mail that has ended once more, on purpose: as a mail of its own, which its receiver takes for a new one.
   * Two who ask at once get the same one.
   * @throws Problem 404, or 409 for a mail that has not ended, opens an account, or goes to a disabled address
   */
  async resend(id: string, now: Date): Promise<MailDoc> {
    const mail = await findMail(this.parts.mails, id)
    if (mail.secret) throw new Problem(409, 'mail.one-time')
    if (mail.status === 'queued' || mail.status === 'sending') throw new Problem(409, 'mail.on-its-way')
    await this.requireEnabled(mail)
    const first = mail.resendOf ?? mail._id
    const { mails, domain } = this.parts
    const repeats = await mails.collection.find({ resendOf: first }).toArray()
    // Somebody was a moment faster: counted after theirs, this one would be another.
    const onItsWay = repeats.find(({ status }) => status === 'queued' || status === 'sending')
    if (onItsWay) return onItsWay as unknown as MailDoc
    const key = `${keyOf(mail)}#${repeats.length + 2}`
    const content: MailDoc = { ...mail }
    for (const name of [...PAST, 'serverFault'] as const) delete content[name]
    const again: MailDoc = {
      ...content,
      ...{ _id: new Types.ObjectId(), key, messageId: messageIdOf(key, domain), resendOf: first },
      ...{ status: 'queued', attempts: 0, createdAt: now, nextAttemptAt: now, sentAt: null },
      ...{ giveUpAt: new Date(now.getTime() + GIVE_UP_AFTER_MS), lastError: null, lease: null },
      ...this.served,
    }
    try {
      await mails.collection.insertOne(again)
      return again
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      return (await mails.collection.findOne({ key })) as unknown as MailDoc
    }
  }

  private get served(): { served?: true } {
    return this.parts.server ? { served: true } : {}
  }

  private async requireEnabled({ to }: MailDoc): Promise<void> {
    const refused = await this.parts.disabled.among([addressKey(to.address)])
    if (refused.size > 0) throw new Problem(409, 'mail.address-disabled')
  }
}
