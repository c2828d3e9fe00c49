import { fileAddress, ProblemError, problemFrom, type Query } from './client.ts'

/**
 * Fetches a file that the service makes while it is read, so that what goes wrong can be said in words and not saved.
 * @param onProgress told the bytes that have come
 * @throws ProblemError, also `download.broken` when it ended before it was whole; AbortError when stopped
 */
export async function fetchFile(
  path: string,
  query: Query,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ blob: Blob; filename: string }> {
  const answer = await fetch(fileAddress(path, query), { credentials: 'same-origin', signal }).catch(
    (error) => {
      if (signal.aborted) throw error
      throw new ProblemError(0, 'offline')
    },
  )
  if (!answer.ok || !answer.body) throw problemFrom(answer.status, await answer.text())
  const parts: BlobPart[] = []
  let bytes = 0
  try {
    for await (const part of chunks(answer.body)) {
      parts.push(part)
      bytes += part.byteLength
      onProgress(bytes)
    }
  } catch (error) {
    if (signal.aborted) throw error
    throw new ProblemError(0, 'download.broken')
  }
  const type = answer.headers.get('content-type') ?? 'application/octet-stream'
  return { blob: new Blob(parts, { type }), filename: nameIn(answer.headers.get('content-disposition')) }
}

async function* chunks(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/** The name in a Content-Disposition (RFC 6266): the one that may hold any character, else the plain one. */
export function nameIn(disposition: string | null): string {
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (wide) {
    try {
      return decodeURIComponent(wide)
    } catch {
      // a name that is no good encoding: the plain one has to do
    }
  }
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? 'export'
}

/** Has the browser save a file. */
export function saveFile({ blob, filename }: { blob: Blob; filename: string }): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = filename
  document.body.append(link)
  link.click()
  link.remove()
  // Not at once: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
