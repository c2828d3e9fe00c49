/** Files of mails, encoded once for all the mails that share them. */
import type { MailContent, MailFile, Picture } from './model.ts'

/** A part of a message that needs no more work, as nodemailer takes it. */
export interface EncodedFile {
  cid?: string
  raw: Buffer
}

/** By file: contents are kept at hand while their mails go out, so their files are the very same objects. */
const encoded = new WeakMap<MailFile, Promise<Buffer>>()

/** The pictures and attachments of a mail as parts of its message. */
export const encodedFiles = ({ pictures, attachments = [] }: MailContent): Promise<EncodedFile[]> =>
  Promise.all([
    ...pictures.map(async (file) => ({ cid: file.cid, raw: await part(file, file.cid) })),
    ...attachments.map(async (file) => ({ raw: await part(file) })),
  ])

function part(file: Picture | MailFile, cid?: string): Promise<Buffer> {
  const known = encoded.get(file)
  if (known) return known
  const made = encode(file, cid)
  encoded.set(file, made)
  return made
}

async function encode({ filename, type, content }: MailFile, cid?: string): Promise<Buffer> {
  const { default: MimeNode } = await import('nodemailer/lib/mime-node')
  const node = new MimeNode(type, { filename })
  if (cid !== undefined) node.setHeader('Content-Id', `<${cid}>`)
  node.setHeader('Content-Disposition', cid === undefined ? 'attachment' : 'inline')
  node.setHeader('Content-Transfer-Encoding', 'base64')
  return node.setContent(content).build()
}
