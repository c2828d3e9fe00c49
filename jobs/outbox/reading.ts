import { Types } from 'mongoose'
import { literal } from '../../server/database/pattern.ts'
import { notFound } from '../../server/http/problem.ts'
import { accountWords } from '../mail/account-words.ts'
import { html } from '../mail/html.ts'
import { newestFirst } from '../paging.ts'
import type { Contents } from './contents.ts'
import type { MailContent, MailDoc, MailFile, MailModel } from './model.ts'
import { personal } from './new-mail.ts'
import { MAIL_STATUSES, type MailView, type MailWithContent, type OutboxQuery } from './schema.ts'

export interface ReadingParts {
  mails: MailModel
  contents: Contents
  /** whether there is a mail server to send by */
  server: boolean
}

const NOTHING: MailContent = { html: '', text: '', pictures: [] }
const CONTENT = { html: 0, text: 0, pictures: 0, attachments: 0 }

/** The filter of a list. Every one goes along an index; a period is one of a kind. */
export function mailFilter({ status, kind, period, to }: Omit<OutboxQuery, 'limit' | 'cursor'>): object {
  return {
    // An index by kind, status and period finds a period's mails.
    ...(status ? { status } : period ? { status: { $in: [...MAIL_STATUSES] } } : {}),
    ...(period ? { period } : {}),
    ...(kind ? { kind } : {}),
    ...(to ? { $or: [{ address: beginsWith(to.toLowerCase()) }, { 'to.name': beginsWith(to) }] } : {}),
  }
}

const beginsWith = (text: string) => new RegExp(`^${literal(text)}`)

/** A mail by its id. @throws Problem 404 */
export async function findMail(mails: MailModel, id: string): Promise<MailDoc> {
  const found = await mails.collection.findOne({ _id: new Types.ObjectId(id) })
  if (!found) throw notFound()
  return found as unknown as MailDoc
}

/** The mails as people read them. */
export class Reading {
  private readonly parts: ReadingParts

  constructor(parts: ReadingParts) {
    this.parts = parts
  }

  /** A page of the mails, newest first. */
  list({ limit, cursor, ...wanted }: OutboxQuery) {
    const { mails } = this.parts
    const query = { limit, cursor }
    return newestFirst<MailDoc, MailView>(mails, query, (mail) => this.view(mail), {
      filter: mailFilter(wanted),
      projection: CONTENT,
    })
  }

  /** A mail with its content; its pictures stand in the HTML as data addresses. @throws Problem 404 */
  async get(id: string): Promise<MailWithContent> {
    const mail = await findMail(this.parts.mails, id)
    const common = { ...this.view(mail), repeats: await this.repeats(mail) }
    if (mail.secret) return { ...common, ...hiddenContent(mail.language), attachments: [] }
    const content = (await this.parts.contents.of(mail)) ?? NOTHING
    const { html, text } = personal(content, withoutLinks(mail.values))
    const attachments = (content.attachments ?? []).map(({ filename, type, content: bytes }) => ({
      ...{ filename, type, bytes: bytes.length },
    }))
    return { ...common, html: withPictures(html, content), text, attachments }
  }

  /** An attachment of a mail, by its place. @throws Problem 404 */
  async attachment(id: string, place: number): Promise<MailFile & { mail: MailView }> {
    const mail = await findMail(this.parts.mails, id)
    const file = mail.secret ? undefined : (await this.parts.contents.of(mail))?.attachments?.[place]
    if (!file) throw notFound()
    return { ...file, mail: this.view(mail) }
  }

  view(mail: MailDoc): MailView {
    const waiting = mail.status === 'queued'
    return {
      id: mail._id.toHexString(),
      kind: mail.kind,
      period: mail.period,
      to: mail.to.address,
      name: mail.to.name,
      subject: mail.subject,
      status: mail.status,
      attempts: mail.attempts,
      createdAt: mail.createdAt.toISOString(),
      nextAttemptAt: (waiting && this.parts.server && mail.nextAttemptAt?.toISOString()) || null,
      sentAt: mail.sentAt?.toISOString() ?? null,
      lastError: mail.lastError,
      cause: mail.cause ?? null,
      resendOf: mail.resendOf?.toHexString() ?? null,
      language: mail.language,
      secret: mail.secret === true,
      note: waiting && !this.parts.server ? 'no-mail-server' : null,
    }
  }

  /** A mail and all that repeat it on purpose, if any does. */
  private async repeats(mail: MailDoc): Promise<MailWithContent['repeats']> {
    const { collection } = this.parts.mails
    const first = mail.resendOf ?? mail._id
    const projection = { createdAt: 1, status: 1 }
    const others = (await collection
      .find({ resendOf: first }, { projection })
      .sort({ _id: 1 })
      .toArray()) as unknown as MailDoc[]
    if (others.length === 0) return []
    const original = (await collection.findOne({ _id: first }, { projection })) as unknown as MailDoc | null
    return [...(original ? [original] : []), ...others].map(({ _id, createdAt, status }) => ({
      ...{ id: _id.toHexString(), createdAt: createdAt.toISOString(), status },
    }))
  }
}

/** What is shown of a mail that opens an account: that it does. */
function hiddenContent(language: string) {
  const { hidden } = accountWords(language === 'en' ? 'en' : 'zh-CN')
  return { html: html`<p>${hidden}</p>`.toString(), text: hidden }
}

/** A recipient's own values for other eyes: a link acts for the recipient, whoever follows it. */
const withoutLinks = (values: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, /^https?:/i.test(value) ? '#' : value]),
  )

/** The HTML with each `cid:` replaced by the picture itself. */
const withPictures = (text: string, { pictures }: MailContent): string =>
  pictures.reduce(
    (whole, { cid, type, content }) =>
      whole.replaceAll(`cid:${cid}`, `data:${type};base64,${content.toString('base64')}`),
    text,
  )
