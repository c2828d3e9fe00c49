import { isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import iconv from 'iconv-lite'
import { ListProblem } from './problem.ts'
import { isTextLike } from './sniff.ts'

/** Text files in the encodings that spreadsheets write, decoded as they are read. */

export type TextEncoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'GB18030'

const CHUNK = 256 * 1024

/** The file's bytes in pieces; a piece is overwritten by the next. */
async function* pieces(file: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Bytes at the end of a piece that belong to a character which the next piece completes. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

async function isAllUtf8(file: FileHandle): Promise<boolean> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of pieces(file)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece
    const cut = bytes.length - unfinished(bytes)
    if (!isUtf8(bytes.subarray(0, cut))) return false
    rest = Buffer.from(bytes.subarray(cut))
  }
  return rest.length === 0
}

async function isAllGb18030(file: FileHandle): Promise<boolean> {
  for await (const text of decoded(file, 'GB18030')) if (text.includes('\ufffd')) return false
  return true
}

/** UTF-16 without a mark, if the start can hardly be anything else: NULs in every other place, and usual characters. */
function unmarkedUtf16(head: Buffer): TextEncoding | undefined {
  const size = head.length & ~1
  let even = 0
  let odd = 0
  for (let i = 0; i < size; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  const pairs = size / 2
  if (odd >= pairs * 0.1 && even <= pairs * 0.01 && isUsual(head, 'utf-16le')) return 'UTF-16LE'
  if (even >= pairs * 0.1 && odd <= pairs * 0.01 && isUsual(head, 'utf-16be')) return 'UTF-16BE'
  return undefined
}

function isUsual(head: Buffer, encoding: string): boolean {
  const text = iconv.decode(head.subarray(0, head.length & ~1), encoding)
  const usual = text.match(/[\t\n\r -~\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/g)?.length ?? 0
  return text.length > 0 && usual >= text.length * 0.95
}

/**
 * The encoding of a whole text: UTF-16 by its mark (or when its start can be nothing else), else UTF-8 (with or
 * without mark) if all of it is valid, else GB18030 if all of it decodes. Throws `import.encoding`,
 * `import.not-a-list`.
 */
export async function textEncoding(file: FileHandle): Promise<TextEncoding> {
  const head = Buffer.alloc(4096)
  const { bytesRead } = await file.read(head, 0, head.length, 0)
  const start = head.subarray(0, bytesRead)
  if (start[0] === 0xff && start[1] === 0xfe) return 'UTF-16LE'
  if (start[0] === 0xfe && start[1] === 0xff) return 'UTF-16BE'
  const unmarked = unmarkedUtf16(start)
  if (unmarked) return unmarked
  if (!isTextLike(start)) throw new ListProblem('import.not-a-list', { found: 'binary' })
  if (await isAllUtf8(file)) return 'UTF-8'
  if (await isAllGb18030(file)) return 'GB18030'
  throw new ListProblem('import.encoding')
}

/** The text in pieces, without its mark. */
async function* decoded(file: FileHandle, encoding: TextEncoding): AsyncGenerator<string> {
  if (encoding === 'UTF-8') {
    const decoder = new TextDecoder()
    for await (const piece of pieces(file)) yield decoder.decode(piece, { stream: true })
    yield decoder.decode()
    return
  }
  const decoder = iconv.getDecoder(encoding)
  let first = true
  for await (const piece of pieces(file)) {
    const text = decoder.write(piece)
    yield first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
    first = false
  }
  yield decoder.end() ?? ''
}

/** An open text file. */
export interface TextFile {
  encoding: TextEncoding
  /** the text from its beginning, in pieces; can be asked for again */
  text(): AsyncGenerator<string>
  /** the first characters */
  start: string
  close(): Promise<void>
}

/** Opens a text file and finds its encoding. Throws ListProblem. */
export async function openText(path: string): Promise<TextFile> {
  const file = await open(path, 'r')
  try {
    const encoding = await textEncoding(file)
    const text = () => decoded(file, encoding)
    let start = ''
    for await (const piece of text()) {
      start += piece
      if (start.length >= 200_000) break
    }
    return { encoding, text, start: start.slice(0, 200_000), close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}
