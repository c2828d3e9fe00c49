import { createHash } from 'node:crypto'
import { isDuplicateKey } from '../../server/changes/writer-lock.ts'
import { bytesOf, type ContentDoc, type ContentModel, type MailContent } from './model.ts'

/** What is kept at hand of contents that were read: a report's mails come one after the other. */
const KEPT_BYTES = 32_000_000
/** How many digests are remembered as stored already. */
const KNOWN = 1_000

type InlineContent = Partial<MailContent> & { content?: string }

/** Contents of mails, each stored once under its digest however many mails share it. They are never removed. */
export class Contents {
  private readonly contents: ContentModel
  private readonly stored = new Set<string>()
  private readonly read = new Map<string, MailContent>()
  private readBytes = 0

  constructor(contents: ContentModel) {
    this.contents = contents
  }

  /** Stores a content unless it is stored. @returns its digest */
  async put(content: MailContent, now: Date): Promise<string> {
    const { html, text, pictures, attachments = [] } = content
    const digest = digestOf(content)
    if (this.stored.has(digest)) return digest
    const doc: ContentDoc = { _id: digest, html, text, pictures, attachments, createdAt: now }
    try {
      // Looked for first: the bulk need not be sent again.
      if (!(await this.contents.collection.findOne({ _id: digest as never }, { projection: { _id: 1 } })))
        await this.contents.collection.insertOne(doc as never)
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
    }
    if (this.stored.size >= KNOWN) this.stored.clear()
    this.stored.add(digest)
    return digest
  }

  /** The content of a mail, wherever it stands; empty for a secret one that has ended, null when it is missing. */
  async of(mail: InlineContent): Promise<MailContent | null> {
    if (mail.content === undefined) return whole(mail)
    const kept = this.read.get(mail.content)
    if (kept) return kept
    const doc = await this.contents.collection.findOne<ContentDoc>({ _id: mail.content as never })
    if (!doc) return null
    const content = whole(doc)
    this.keep(mail.content, content)
    return content
  }

  private keep(digest: string, content: MailContent): void {
    const files = [...content.pictures, ...(content.attachments ?? [])]
    const bytes = files.reduce((sum, f) => sum + f.content.length, content.html.length + content.text.length)
    if (this.readBytes + bytes > KEPT_BYTES) {
      this.read.clear()
      this.readBytes = 0
    }
    if (!this.read.has(digest)) this.readBytes += bytes
    this.read.set(digest, content)
  }
}

/** With real buffers, and nothing missing. */
function whole({ html, text, pictures, attachments }: Partial<MailContent>): MailContent {
  const real = <F extends { content: Buffer }>(file: F): F => ({
    ...file,
    content: Buffer.from(bytesOf(file.content)),
  })
  return {
    html: html ?? '',
    text: text ?? '',
    pictures: (pictures ?? []).map(real),
    attachments: (attachments ?? []).map(real),
  }
}

function digestOf({ html, text, pictures, attachments = [] }: MailContent): string {
  const sha = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
  return sha(
    JSON.stringify([
      html,
      text,
      pictures.map((p) => [p.cid, p.filename, p.type, sha(p.content)]),
      attachments.map((a) => [a.filename, a.type, sha(a.content)]),
    ]),
  )
}
