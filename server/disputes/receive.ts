import type { Request } from 'express'
import { receiveForm } from '../documents/form.ts'
import { documentType } from '../documents/type.ts'
import { invalidRequest, Problem } from '../http/problem.ts'
import { type Claim, claimFields } from './schema.ts'

/** A document as it came with a form, of a kind that we take. */
export interface ReceivedDocument {
  name: string
  type: string
  bytes: Buffer
}

/**
 * Receives a claim and its document, a multipart form with `claim`, `wish`, `rules` and one file of any field name.
 * @throws Problem 400 for a claim that is none or without a document, 413 for one over 10 MB, 415 for another kind
 */
export async function receiveClaim(req: Request): Promise<{ claim: Claim; document: ReceivedDocument }> {
  const codes = { noFile: 'dispute.no-document', tooLarge: 'dispute.document-too-large' } as const
  const { fields, file } = await receiveForm(req, codes)
  const claim = claimFields.safeParse(fields)
  if (!claim.success) throw invalidRequest(claim.error, 'body')
  if (!file || file.bytes.length === 0) throw new Problem(400, 'dispute.no-document')
  const type = documentType(file.bytes)
  if (!type) throw new Problem(415, 'dispute.document-type')
  return { claim: claim.data, document: { name: file.name, type, bytes: file.bytes } }
}
