import type { Request } from 'express'
import { receiveForm } from '../documents/form.ts'
import { documentType } from '../documents/type.ts'
import { Problem } from '../http/problem.ts'

/**
 * Receives a document as a multipart form with one file.
 * @throws Problem 400 without one, 413 for one over 10 MB, 415 for another kind than PDF, JPEG and PNG by its content
 */
export async function receiveAttachment(
  req: Request,
): Promise<{ name: string; type: string; bytes: Buffer }> {
  const { file } = await receiveForm(req, { noFile: 'attachment.no-file', tooLarge: 'attachment.too-large' })
  if (!file || file.bytes.length === 0) throw new Problem(400, 'attachment.no-file')
  const type = documentType(file.bytes)
  if (!type) throw new Problem(415, 'attachment.type')
  return { ...file, type }
}
