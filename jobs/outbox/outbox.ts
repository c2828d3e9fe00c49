import { createHash } from 'node:crypto'
import { Types } from 'mongoose'
import { z } from 'zod'
import { LANGUAGES } from '../../server/accounts/schema.ts'
import { notFound, Problem } from '../../server/http/problem.ts'
import { isDuplicate } from '../database.ts'
import { accountWords } from '../mail/account-words.ts'
import { html } from '../mail/html.ts'
import { newestFirst, type PageQuery } from '../paging.ts'
import type { MailView, MailWithContent } from '../schema.ts'
import { Delivery, type DeliveryResult, giveUpSecrets } from './delivery.ts'
import { bytesOf, type MailDoc, type MailModel } from './model.ts'
import type { Send } from './transport.ts'
import { GIVE_UP_AFTER_MS } from './verdict.ts'

/** A mail to be queued. */
export const newMail = z.object({
  kind: z.string().min(1).max(60),
  period: z.string().min(1).max(60),
  account: z.string().min(1).max(60),
  to: z.object({ name: z.string().max(200), address: z.email().max(254) }),
  language: z.enum(LANGUAGES),
  subject: z.string().min(1).max(400),
  html: z.string().min(1),
  text: z.string().min(1),
  /** opens an account until then: nobody reads it here, and from then on it is not tried any more */
  secretUntil: z.date().optional(),
  pictures: z.array(
    z.object({
      cid: z.string().regex(/^[\w.@-]+$/),
      filename: z.string(),
      type: z.string(),
      content: z.instanceof(Buffer),
    }),
  ),
})
export type NewMail = z.infer<typeof newMail>

export interface OutboxParts {
  mails: MailModel
  /** absent when no mail server is set: mails stay queued, to be read in the application */
  send: Send | undefined
  /** the domain in Message-IDs */
  domain: string
  machineNow?: () => Date
  leaseMs?: number
  /** encrypts what opens an account; without it no such mail is taken */
  seal?: Seal | undefined
}

/** Encrypts the content of secret mails, and opens it to send them. */
export interface Seal {
  seal(text: string, context: string): string
  /** null when it cannot be opened any more */
  open(sealed: string, context: string): string | null
}

const CONTENT = { html: 0, text: 0, pictures: 0 }

/** Mails on their way: queued once for each kind, period and account, then delivered, with retries. */
export class Outbox {
  private readonly mails: MailModel
  private readonly domain: string
  private readonly delivery: Delivery | undefined
  private readonly seal: Seal | undefined
  private readonly machineNow: () => Date

  constructor(parts: OutboxParts) {
    this.mails = parts.mails
    this.machineNow = parts.machineNow ?? (() => new Date())
    this.domain = parts.domain
    this.seal = parts.seal
    this.delivery = parts.send && new Delivery({ ...parts, send: parts.send })
  }

  /** Queues a mail. @returns false when the account has this one already, in whatever state */
  async enqueue(mail: NewMail, now: Date): Promise<boolean> {
    const { secretUntil, ...data } = newMail.parse(mail)
    const key = `${data.kind}|${data.period}|${data.account}`
    const hash = createHash('sha256').update(key).digest('hex').slice(0, 32)
    try {
      await this.mails.collection.insertOne({
        ...{ _id: new Types.ObjectId(), key, ...data, messageId: `<${hash}@${this.domain}>` },
        ...(secretUntil ? this.sealed(data, key) : {}),
        ...{ status: 'queued', attempts: 0, createdAt: now, nextAttemptAt: now },
        ...{
          giveUpAt: secretUntil ?? new Date(now.getTime() + GIVE_UP_AFTER_MS),
          sentAt: null,
          lastError: null,
          lease: null,
        },
      } satisfies MailDoc)
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }

  private sealed({ html, text }: { html: string; text: string }, key: string) {
    if (!this.seal) throw new Error('a secret mail needs a key')
    return {
      html: this.seal.seal(html, key),
      text: this.seal.seal(text, key),
      secret: true as const,
    }
  }

  /** Whether an account has its mail of a kind and period. */
  async has(kind: string, period: string, account: string): Promise<boolean> {
    const found = await this.mails.collection.findOne(
      { key: `${kind}|${period}|${account}` },
      { projection: { _id: 1 } },
    )
    return found !== null
  }

  /** Sends what is due; without a mail server mails wait, until what they open is over. Never throws for a mail that cannot be sent. */
  async deliverDue(now: Date): Promise<DeliveryResult> {
    if (this.delivery) return this.delivery.run(now)
    await giveUpSecrets(this.mails, now, this.machineNow())
    return { sent: 0, postponed: 0, failed: 0 }
  }

  /**
   * Sends a mail that is not sent yet as soon as possible.
   * @throws Problem 404, or 409 for a mail that is sent or being sent
   */
  async retry(id: string, now: Date): Promise<MailView> {
    const found = await this.mails.collection.findOneAndUpdate(
      {
        _id: new Types.ObjectId(id),
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
          },
        },
      ],
      { returnDocument: 'after', projection: CONTENT },
    )
    if (found) return this.view(found as unknown as MailDoc)
    const known = await this.mails.collection.findOne(
      { _id: new Types.ObjectId(id) },
      { projection: { _id: 1 } },
    )
    throw known ? new Problem(409, 'mail.not-resendable') : notFound()
  }

  /** A page of the mails, newest first. */
  list(query: PageQuery & { status?: MailDoc['status'] | undefined }) {
    const filter = query.status ? { status: query.status } : {}
    return newestFirst<MailDoc, MailView>(this.mails, query, (mail) => this.view(mail), {
      filter,
      projection: CONTENT,
    })
  }

  /** A mail with its content; its pictures stand in the HTML as data addresses. @throws Problem 404 */
  async get(id: string): Promise<MailWithContent> {
    const mail = await this.mails.findById(id).lean<MailDoc>()
    if (!mail) throw notFound()
    if (mail.secret) return { ...this.view(mail), ...hiddenContent(mail.language) }
    return { ...this.view(mail), html: withPictures(mail), text: mail.text }
  }

  /** Ends the leases of processes that are known to be gone. */
  async releaseAll(): Promise<void> {
    await this.mails.collection.updateMany({ status: 'sending' }, { $set: { 'lease.until': new Date(0) } })
  }

  /** Ends what is being sent, as failed attempts. */
  async stop(patienceMs?: number): Promise<void> {
    await this.delivery?.stop(patienceMs)
  }

  private view(mail: Omit<MailDoc, 'html' | 'text' | 'pictures'>): MailView {
    const waiting = mail.status === 'queued'
    return {
      id: mail._id.toHexString(),
      kind: mail.kind,
      period: mail.period,
      to: mail.to.address,
      subject: mail.subject,
      status: mail.status,
      attempts: mail.attempts,
      createdAt: mail.createdAt.toISOString(),
      nextAttemptAt: (waiting && this.delivery && mail.nextAttemptAt?.toISOString()) || null,
      sentAt: mail.sentAt?.toISOString() ?? null,
      lastError: mail.lastError,
      language: mail.language,
      secret: mail.secret === true,
      note: waiting && !this.delivery ? 'no-mail-server' : null,
    }
  }
}

/** What is shown of a mail that opens an account: that it does. */
function hiddenContent(language: string) {
  const { hidden } = accountWords(language === 'en' ? 'en' : 'zh-CN')
  return { html: html`<p>${hidden}</p>`.toString(), text: hidden }
}

/** The HTML with each `cid:` replaced by the picture itself. */
function withPictures(mail: MailDoc): string {
  return mail.pictures.reduce((html, picture) => {
    const data = Buffer.from(bytesOf(picture.content)).toString('base64')
    return html.replaceAll(`cid:${picture.cid}`, `data:${picture.type};base64,${data}`)
  }, mail.html)
}
