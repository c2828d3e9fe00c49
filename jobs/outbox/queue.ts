import { createHash } from 'node:crypto'
import { Types } from 'mongoose'
import { refusedAsDuplicates } from '../../server/changes/entries.ts'
import { isDuplicateKey } from '../../server/changes/writer-lock.ts'
import type { Contents } from './contents.ts'
import { addressKey, type DisabledAddresses, toDisabled } from './disabled.ts'
import type { MailContent, MailDoc, MailModel } from './model.ts'
import {
  type MailAddressee,
  mailAddressee,
  type NewMail,
  newMail,
  type SharedMail,
  sharedMail,
} from './new-mail.ts'
import { GIVE_UP_AFTER_MS } from './verdict.ts'

/** Encrypts the content of secret mails, and opens it to send them. */
export interface Seal {
  seal(text: string, context: string): string
  /** null when it cannot be opened any more */
  open(sealed: string, context: string): string | null
}

export interface QueueParts {
  mails: MailModel
  contents: Contents
  disabled: DisabledAddresses
  /** the domain in Message-IDs */
  domain: string
  seal: Seal | undefined
  /** whether there is a mail server to send by */
  server: boolean
}

/** What became of recipients. */
export interface Queued {
  /** mails that are new */
  queued: number
  /** those of them whose address is disabled: recorded as failed */
  disabled: number
  /** recipients who had this mail already */
  known: number
  /** recipients to whom no mail can be written */
  unusable: number
}

/** Mails put in at a time. */
const CHUNK = 1_000

export const keyOf = (mail: Pick<MailDoc, 'kind' | 'period' | 'account'>): string =>
  `${mail.kind}|${mail.period}|${mail.account}`

/** A mail's Message-ID: the same whenever the mail is made or sent anew. */
export const messageIdOf = (key: string, domain: string): string =>
  `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@${domain}>`

/** Puts mails into the outbox: one for each kind, period and account, however often it is repeated. */
export class Queue {
  private readonly parts: QueueParts

  constructor(parts: QueueParts) {
    this.parts = parts
  }

  /** Queues a mail. @returns false when the account has this one already, in whatever state */
  async enqueue(mail: NewMail, now: Date): Promise<boolean> {
    const { secretUntil, ...data } = newMail.parse(mail)
    const { contents, disabled, mails } = this.parts
    const key = keyOf(data)
    const content = secretUntil
      ? { ...this.sealed(data, key), pictures: data.pictures, secret: true as const, giveUpAt: secretUntil }
      : { content: await contents.put(contentOf(data), now) }
    const refused = await disabled.among([data.to.address])
    const doc = { ...this.mail(data, data, refused, now), ...content }
    if (secretUntil && doc.status !== 'queued') Object.assign(doc, { html: '', text: '' })
    try {
      await mails.collection.insertOne(doc)
      return true
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
  }

  /**
   * Queues one content for many. The content is stored first and once; a call that was cut off is completed by
   * repeating it. A recipient to whom no mail can be written keeps nobody from theirs.
   */
  async enqueueMany(shared: SharedMail, recipients: readonly MailAddressee[], now: Date): Promise<Queued> {
    const mail = sharedMail.parse(shared)
    const usable = recipients.flatMap((given) => mailAddressee.safeParse(given).data ?? [])
    const result = { queued: 0, disabled: 0, known: 0, unusable: recipients.length - usable.length }
    if (usable.length === 0) return result
    const content = await this.parts.contents.put(contentOf(mail), now)
    for (let from = 0; from < usable.length; from += CHUNK) {
      const some = usable.slice(from, from + CHUNK)
      const refused = await this.parts.disabled.among(some.map((who) => who.to.address))
      const docs = some.map((who) => ({ ...this.mail(mail, who, refused, now), content }))
      const known = await this.insert(docs)
      result.known += known.size
      for (const [i, doc] of docs.entries()) {
        if (known.has(i)) continue
        result.queued += 1
        if (doc.status !== 'queued') result.disabled += 1
      }
    }
    return result
  }

  /** Whether an account has its mail of a kind and period. */
  async has(kind: string, period: string, account: string): Promise<boolean> {
    const key = keyOf({ kind, period, account })
    const found = await this.parts.mails.collection.findOne({ key }, { projection: { _id: 1 } })
    return found !== null
  }

  /** @returns the places of those that were there already */
  private async insert(docs: MailDoc[]): Promise<Set<number>> {
    try {
      await this.parts.mails.collection.insertMany(docs, { ordered: false })
      return new Set()
    } catch (error) {
      const known = refusedAsDuplicates(error)
      if (!known) throw error
      return known
    }
  }

  private mail(
    shared: Omit<SharedMail, 'html' | 'text' | 'pictures' | 'attachments'>,
    who: MailAddressee,
    refused: Map<string, string>,
    now: Date,
  ): MailDoc {
    const { kind, period, topic, language, subject } = shared
    const { account, to, unsubscribe } = who
    const key = keyOf({ kind, period, account })
    const address = addressKey(to.address)
    const reason = refused.get(address)
    const values = { ...who.values, ...(unsubscribe === undefined ? {} : { unsubscribe }) }
    return {
      ...{ _id: new Types.ObjectId(), key, kind, period, account, to, address, language, subject },
      ...(topic === undefined ? {} : { topic }),
      ...(unsubscribe === undefined ? {} : { unsubscribe }),
      ...(Object.keys(values).length === 0 ? {} : { values }),
      messageId: messageIdOf(key, this.parts.domain),
      ...{ status: 'queued' as const, attempts: 0, createdAt: now, nextAttemptAt: now },
      giveUpAt: new Date(now.getTime() + GIVE_UP_AFTER_MS),
      ...{ sentAt: null, lastError: null, lease: null },
      ...(this.parts.server ? { served: true as const } : {}),
      ...(reason === undefined ? {} : toDisabled(reason)),
    }
  }

  private sealed({ html, text }: { html: string; text: string }, key: string) {
    const { seal } = this.parts
    if (!seal) throw new Error('a secret mail needs a key')
    return { html: seal.seal(html, key), text: seal.seal(text, key) }
  }
}

const contentOf = ({ html, text, pictures, attachments }: SharedMail): MailContent => ({
  ...{ html, text, pictures },
  ...(attachments === undefined ? {} : { attachments }),
})
