import { createHash } from 'node:crypto'
import busboy from 'busboy'
import type { Request } from 'express'
import { ObjectId } from 'mongodb'
import { Problem } from '../http/problem.ts'
import type { ImportFiles } from './files.ts'

/** A file as it came in with a form, kept under an id. */
export interface KeptFile {
  id: ObjectId
  filename: string
  size: number
  sha256: string
  /** the form's other fields */
  fields: Record<string, string>
}

/**
 * Keeps one file of a multipart form as it comes in, without holding it in memory. Of a file that does not come to its
 * end nothing is kept.
 * @throws Problem 415 for another kind of request, 400 without a file, 413 for one over the limit
 */
export async function receiveFile(req: Request, limitBytes: number, files: ImportFiles): Promise<KeptFile> {
  const id = new ObjectId()
  let target: Target | undefined
  try {
    return await keepForm(req, limitBytes, id, (filename) => {
      target = files.open(id, filename)
      return target
    })
  } catch (error) {
    // What is still being written must not come behind its own removal.
    await target?.abort().catch(() => undefined)
    await files.remove(id)
    throw error
  }
}

type Target = ReturnType<ImportFiles['open']>

function keepForm(
  req: Request,
  limitBytes: number,
  id: ObjectId,
  open: (filename: string) => Target,
): Promise<KeptFile> {
  return new Promise((resolve, reject) => {
    let stop = () => {}
    const fail = (problem: unknown) => {
      stop()
      req.unpipe(form)
      req.resume()
      reject(problem)
    }
    const malformed = () =>
      fail(new Problem(400, 'import.no-file', 'Send the list as the field "file" of a form'))
    const form = formOf(req, limitBytes)
    const fields: Record<string, string> = {}
    let kept: Promise<Omit<KeptFile, 'fields'>> | undefined
    form.on('field', (name, value) => {
      fields[name] = value
    })
    form.on('file', (_name, stream, info) => {
      const filename = cleanName(info.filename)
      const hash = createHash('sha256')
      let size = 0
      stream.on('data', (part: Buffer) => {
        hash.update(part)
        size += part.length
      })
      stream.on('limit', () => fail(tooLarge(limitBytes)))
      const target = open(filename)
      stop = () => {
        stream.unpipe(target)
        stream.resume()
      }
      kept = new Promise((done, failed) => {
        // Without this a form that is cut off in the middle of its file would end the process.
        stream.on('error', failed)
        target.on('error', failed)
        target.on('finish', () => done({ id, filename, size, sha256: hash.digest('hex') }))
      })
      kept.catch(malformed)
      stream.pipe(target)
    })
    form.on('error', malformed)
    form.on('close', () => (kept ? kept.then((file) => resolve({ ...file, fields }), fail) : malformed()))
    req.on('aborted', malformed)
    req.pipe(form)
  })
}

function formOf(req: Request, limitBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fileSize: limitBytes + 1, fields: 10, fieldSize: 1000, parts: 20 },
    })
  } catch {
    throw new Problem(415, 'import.no-file', 'Send the list as multipart/form-data with the field "file"')
  }
}

const tooLarge = (limitBytes: number): Problem =>
  new Problem(413, 'import.too-large', `The file is larger than ${Math.floor(limitBytes / 1024 / 1024)} MB`)

/** The last part of a path, without control characters. */
const cleanName = (name: string | undefined): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  ((name ?? '').split(/[\\/]/).at(-1) ?? '').replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 200) || 'list'
