import type { ImportMode, ImportStatus } from '../../../server/imports/schema.ts'
import { fileAddress, ProblemError, problemFrom } from './client.ts'

/** What goes with a list beside the file. */
export interface SendOptions {
  operator?: string | undefined
  mode?: ImportMode | undefined
  asOf?: string | undefined
}

/**
 * Sends a form with a file. By XMLHttpRequest, as fetch cannot tell how much has been sent.
 * @param path below the API's own address
 * @param onProgress told the sent share, 0 to 1
 * @param signal ends the sending
 */
export function sendForm<T>(
  path: string,
  form: FormData,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', fileAddress(path))
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText))
      else reject(problemFrom(request.status, request.responseText))
    }
    request.onerror = () => reject(new ProblemError(0, 'offline'))
    request.onabort = () => reject(new ProblemError(0, 'stopped'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}

/**
 * Sends one list.
 * @param onProgress told the sent share, 0 to 1
 * @param signal ends the sending
 */
export function sendList(
  file: File,
  options: SendOptions,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ id: string; status: ImportStatus }> {
  const form = new FormData()
  // Before the file, so that the service knows them when the file begins.
  for (const [name, value] of Object.entries(options)) if (value) form.append(name, value)
  form.append('file', file, file.name)
  return sendForm('/imports', form, onProgress, signal)
}
