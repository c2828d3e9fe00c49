import type { ImportStatus } from '../../../server/imports/schema.ts'
import { ProblemError, problemFrom } from './client.ts'

/**
 * Sends one list. By XMLHttpRequest, as fetch cannot tell how much has been sent.
 * @param onProgress told the sent share, 0 to 1
 */
export function sendList(
  file: File,
  onProgress: (share: number) => void,
): Promise<{ id: string; status: ImportStatus }> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
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
    request.send(form)
  })
}
