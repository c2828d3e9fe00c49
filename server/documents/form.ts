import busboy from 'busboy'
import type { Request } from 'express'
import { Problem } from '../http/problem.ts'
import type { ProblemCode } from '../http/schema.ts'

/** The largest document, in bytes: a few scanned pages. */
const DOCUMENT_LIMIT = 10 * 1024 * 1024

/** A form as it came: its plain fields, and its file if it has one. */
export interface Form {
  fields: Record<string, string>
  file: { name: string; bytes: Buffer } | undefined
}

/**
 * Receives a multipart form with one file of any field name.
 * @param codes of the problems: a form without a file or cut off in its middle, a file that is too large
 * @throws Problem 400 for one that is cut off, 413 for a file over 10 MB, 415 for something else than a form
 */
export function receiveForm(
  req: Request,
  codes: { noFile: ProblemCode; tooLarge: ProblemCode },
): Promise<Form> {
  return new Promise((resolve, reject) => {
    const form = formOf(req, codes.noFile)
    const fail = (problem: Problem) => {
      req.unpipe(form)
      req.resume()
      reject(problem)
    }
    const malformed = () => fail(new Problem(400, codes.noFile))
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
      stream.on('limit', () => fail(new Problem(413, codes.tooLarge)))
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

function formOf(req: Request, noFile: ProblemCode): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fileSize: DOCUMENT_LIMIT + 1, fields: 10, fieldSize: 8192, parts: 20 },
    })
  } catch {
    throw new Problem(415, noFile, 'Send it as multipart/form-data with a document')
  }
}

/** The last part of a path, without control characters and those that turn the direction of writing. */
const cleanName = (name: string | undefined): string =>
  ((name ?? '').split(/[\\/]/).at(-1) ?? '').replace(/[\p{Cc}\p{Bidi_Control}]/gu, '').slice(0, 200) ||
  'document'
