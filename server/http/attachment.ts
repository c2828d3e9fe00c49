import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'

/** A file to send: what it is called, what is in it, and what is to be done once it is sent or given up. */
export interface Attachment {
  filename: string
  content: Readable
  /** in bytes, if known */
  size?: number | undefined
  done?: (() => Promise<void>) | undefined
}

/**
 * Answers with a file that a browser saves, or shows in a document of its own that can do nothing, whatever it holds
 * and is called.
 * @param inline show it; for types that are no program, such as pictures
 * @throws what reading the file throws before anything was sent
 */
export async function sendAttachment(
  res: Response,
  file: Attachment,
  type: string,
  inline = false,
): Promise<void> {
  try {
    // What cannot be read is told before anything is sent.
    await once(file.content, 'readable')
    // Sets the name in both of RFC 6266's ways; and a type by the name's ending, which is not to be trusted.
    res.attachment(safeName(file.filename))
    if (inline)
      res.set('Content-Disposition', String(res.get('Content-Disposition')).replace(/^\w+/, 'inline'))
    res.type(type)
    res.set({ 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': POLICY })
    if (file.size !== undefined) res.set('Content-Length', String(file.size))
    await pipeline(file.content, res)
  } catch (error) {
    // Whoever stopped fetching it wants no answer either.
    if (!isGone(error)) throw error
  } finally {
    file.content.destroy()
    await file.done?.()
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'

/** A browser's own page around a picture has a style; nothing else is let in. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** A name without what no header or file system can hold. */
function safeName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .trim()
  return plain === '' || /^\.+$/.test(plain) ? 'file' : plain
}
