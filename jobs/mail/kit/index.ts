/** Mails from one content: HTML part, text part and pictures. See blocks.mjml for the layout. */
import type { Picture } from '../../outbox/model.ts'
import type { MailContent } from './content.ts'
import { htmlPart } from './html-part.ts'
import { textPart } from './text-part.ts'

export type { Block, Column, Footer, Line, MailContent, Row, Span, Tile, Tone } from './content.ts'
export { spansOf } from './content.ts'

/** A mail as the outbox takes it. */
export interface ComposedMail {
  subject: string
  html: string
  text: string
  pictures: Picture[]
}

const SUBJECT_LENGTH = 200

/**
 * Composes a mail. Both parts say the same, and whatever comes from users is escaped. Where `footer.unsubscribe` is
 * set, the outbox puts each recipient's own address in (`unsubscribe` of the mail that is queued).
 */
export function composeMail(content: MailContent): ComposedMail {
  return {
    subject: content.subject.replace(/\s+/g, ' ').trim().slice(0, SUBJECT_LENGTH),
    html: htmlPart(content),
    text: textPart(content),
    pictures: content.blocks.flatMap((block) => (block.kind === 'picture' ? [block.picture] : [])),
  }
}
