import busboy from 'busboy'
import type { Request } from 'express'
import { invalidRequest, Problem } from '../http/problem.ts'
import { type Claim, claimFields } from './schema.ts'
import { documentType } from './sniff.ts'

/** A document as it came with a form, of a kind that we take. */
export interface ReceivedDocument {
  name: string
  type: string
  bytes: Buffer
}

/** The largest document, in bytes: a few scanned pages. */
export const DOCUMENT_LIMIT = 10 * 1024 * 1024

/**
 * Receives a claim and its document, a multipart form with `claim`, `wish`, `rules` and one file of any field name.
 * @throws Problem 400 for a claim that is none or without a document, 413 for one over 10 MB, 415 for another kind
 */
export async function receiveClaim(req: Request): Promise<{ claim: Claim; document: ReceivedDocument }> {
  const { fields, file } = await receiveForm(req)
  const claim = claimFields.safeParse(fields)
  if (!claim.success) throw invalidRequest(claim.error, 'body')
  if (!file || file.bytes.length === 0) throw new Problem(400, 'dispute.no-document')
  const type = documentType(file.bytes)
  if (!type) throw new Problem(415, 'dispute.document-type')
  return { claim: claim.data, document: { name: file.name, type, bytes: file.bytes } }
}

interface Form {
  fields: Record<string, string>
  file: { name: string; bytes: Buffer } | undefined
}

function receiveForm(req: Request): Promise<Form> {
  return new Promise((resolve, reject) => {
    const form = formOf(req)
    const fail = (problem: Problem) => {
      req.unpipe(form)
      req.resume()
      reject(problem)
    }
    const malformed = () => fail(new Problem(400, 'dispute.no-document'))
    const fields: Form['fields'] = {}
    let file: Form['file']
    form.on('field', (name, value) => {
      fields[name] = value
    })
    form.on('file', (_name, stream, info) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      // Without this a form that is cut off in the middle of its file would end the process.
      stream.on('error', malformed)
      stream.on('limit', () => fail(new Problem(413, 'dispute.document-too-large')))
      stream.on('close', () => {
        file = { name: cleanName(info.filename), bytes: Buffer.concat(parts) }
      })
    })
    form.on('error', malformed)
    form.on('close', () => resolve({ fields, file }))
    req.on('aborted', malformed)
    req.pipe(form)
  })
}

function formOf(req: Request): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fileSize: DOCUMENT_LIMIT + 1, fields: 10, fieldSize: 8192, parts: 20 },
    })
  } catch {
    throw new Problem(415, 'dispute.no-document', 'Send the claim as multipart/form-data with a document')
  }
}

/** The last part of a path, without control characters. */
const cleanName = (name: string | undefined): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  ((name ?? '').split(/[\\/]/).at(-1) ?? '').replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 200) || 'document'
