import { createHash } from 'node:crypto'
import busboy from 'busboy'
import type { Request } from 'express'
import { Problem } from '../http/problem.ts'

/** A file as it came in with a form. */
export interface ReceivedFile {
  filename: string
  bytes: Buffer
  sha256: string
  fields: Record<string, string>
}

/**
 * Receives one file of a multipart form.
 * @throws Problem 415 for another kind of request, 400 without a file, 413 for one over the limit
 */
export function receiveFile(req: Request, limitBytes: number): Promise<ReceivedFile> {
  return new Promise((resolve, reject) => {
    const fail = (problem: Problem) => {
      req.unpipe(form)
      req.resume()
      reject(problem)
    }
    const malformed = () =>
      fail(new Problem(400, 'import.no-file', 'Send the list as the field "file" of a form'))
    let form: busboy.Busboy
    try {
      form = busboy({
        headers: req.headers,
        defParamCharset: 'utf8',
        limits: { files: 1, fileSize: limitBytes + 1, fields: 10, fieldSize: 1000, parts: 20 },
      })
    } catch {
      reject(new Problem(415, 'import.no-file', 'Send the list as multipart/form-data with the field "file"'))
      return
    }
    const fields: Record<string, string> = {}
    let file: Omit<ReceivedFile, 'fields'> | undefined
    form.on('field', (name, value) => {
      fields[name] = value
    })
    form.on('file', (_name, stream, info) => {
      const parts: Buffer[] = []
      const hash = createHash('sha256')
      stream.on('data', (part: Buffer) => {
        parts.push(part)
        hash.update(part)
      })
      // Without this a form that is cut off in the middle of its file would end the process.
      stream.on('error', malformed)
      stream.on('limit', () => fail(tooLarge(limitBytes)))
      stream.on('close', () => {
        if (stream.truncated) return
        file = { filename: cleanName(info.filename), bytes: Buffer.concat(parts), sha256: hash.digest('hex') }
      })
    })
    form.on('error', malformed)
    form.on('close', () => (file ? resolve({ ...file, fields }) : malformed()))
    req.on('aborted', malformed)
    req.pipe(form)
  })
}

const tooLarge = (limitBytes: number): Problem =>
  new Problem(413, 'import.too-large', `The file is larger than ${Math.floor(limitBytes / 1024 / 1024)} MB`)

/** The last part of a path, without control characters. */
const cleanName = (name: string | undefined): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  ((name ?? '').split(/[\\/]/).at(-1) ?? '').replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 200) || 'list'
