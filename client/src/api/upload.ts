import type { ImportMode, ImportStatus } from '../../../server/imports/schema.ts'
import { ProblemError, problemFrom } from './client.ts'

/** What goes with a list beside the file. */
export interface SendOptions {
  operator?: string | undefined
  mode?: ImportMode | undefined
  asOf?: string | undefined
}

/**
 * Sends one list. By XMLHttpRequest, as fetch cannot tell how much has been sent.
 * @param onProgress told the sent share, 0 to 1
 * @param signal ends the sending
 */
export function sendList(
  file: File,
  options: SendOptions,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ id: string; status: ImportStatus }> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    // Before the file, so that the service knows them when the file begins.
    for (const [name, value] of Object.entries(options)) if (value) form.append(name, value)
    form.append('file', file, file.name)
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/imports')
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
