import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { ListProblem } from './problem.ts'

/**
 * A zip on disk whose entries are unpacked as streams. Its directory is checked before anything is unpacked, and no
 * entry is unpacked beyond the size that it declares; names are never used as paths.
 */

const MAX_TOTAL = 1024 ** 3
const MAX_RATIO = 200
const RATIO_FROM = 100 * 1024 ** 2
const MAX_ENTRIES = 10_000
const MAX_DIRECTORY = 16 * 1024 ** 2
const CHUNK = 256 * 1024

/** An entry of the central directory. */
export interface ZipEntry {
  name: string
  method: number
  flags: number
  crc: number
  packed: number
  size: number
  offset: number
}

const corrupt = (detail: string, cause?: unknown): ListProblem =>
  new ListProblem('import.corrupt', { detail: `zip: ${detail}`.slice(0, 200) }, cause ? { cause } : {})

const keyOf = (name: string): string => name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase()

export class ZipFile {
  readonly entries: readonly ZipEntry[]
  private readonly file: FileHandle
  private readonly byName = new Map<string, ZipEntry>()

  private constructor(file: FileHandle, entries: ZipEntry[]) {
    this.file = file
    this.entries = entries
    for (const entry of entries)
      if (!this.byName.has(keyOf(entry.name))) this.byName.set(keyOf(entry.name), entry)
  }

  /**
   * Opens a zip and reads its directory. Throws ListProblem: `import.corrupt` when there is none or entries overlap,
   * `import.too-large` beyond 1 GiB unpacked, or beyond 100 MiB at more than 200 to 1, `import.encrypted`.
   */
  static async open(path: string): Promise<ZipFile> {
    const file = await open(path, 'r')
    try {
      return new ZipFile(file, await readDirectory(file))
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** The entry of a name; case, slashes and a leading slash do not matter. */
  find(name: string): ZipEntry | undefined {
    return this.byName.get(keyOf(name))
  }

  close(): Promise<void> {
    return this.file.close()
  }

  /** An entry's bytes, unpacked. Throws ListProblem when they are not what the directory says. */
  async *chunks(entry: ZipEntry): AsyncGenerator<Buffer> {
    let size = 0
    let crc = 0
    try {
      for await (const chunk of entry.method === 0 ? this.packed(entry) : this.inflated(entry)) {
        size += chunk.length
        if (size > entry.size) throw corrupt(`${entry.name} does not unpack`)
        crc = crc32(chunk, crc)
        yield chunk
      }
    } catch (error) {
      throw error instanceof ListProblem ? error : corrupt(`${entry.name} does not unpack`, error)
    }
    if (size !== entry.size || crc !== entry.crc) throw corrupt(`${entry.name} is damaged`)
  }

  private inflated(entry: ZipEntry): AsyncIterable<Buffer> {
    if (entry.method !== 8) throw corrupt(`method ${entry.method} of ${entry.name}`)
    const inflate = createInflateRaw({ chunkSize: CHUNK })
    // errors arrive at whoever iterates
    pipeline(this.packed(entry), inflate, () => undefined)
    return inflate
  }

  private async *packed(entry: ZipEntry): AsyncGenerator<Buffer> {
    const head = await readAt(this.file, entry.offset, 30)
    if (head.length < 30 || head.readUInt32LE(0) !== 0x04034b50) throw corrupt(`bad entry ${entry.name}`)
    let at = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
    for (let left = entry.packed; left > 0; ) {
      const chunk = await readAt(this.file, at, Math.min(left, CHUNK))
      if (chunk.length === 0) throw corrupt(`${entry.name} is cut short`)
      at += chunk.length
      left -= chunk.length
      yield chunk
    }
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return buffer.subarray(0, done)
}

/** Where the central directory is, and how many entries it names. */
async function locate(
  file: FileHandle,
  size: number,
): Promise<{ count: number; at: number; length: number }> {
  const from = Math.max(0, size - 65_557 - 20)
  const tail = await readAt(file, from, size - from)
  const end = tail.lastIndexOf(Buffer.from('504b0506', 'hex'))
  if (end < 0 || end + 22 > tail.length) throw corrupt('no central directory')
  const place = {
    count: tail.readUInt16LE(end + 10),
    length: tail.readUInt32LE(end + 12),
    at: tail.readUInt32LE(end + 16),
  }
  if (end < 20 || tail.readUInt32LE(end - 20) !== 0x07064b50) return place
  const at64 = Number(tail.readBigUInt64LE(end - 12))
  const end64 = at64 + 56 > size ? Buffer.alloc(0) : await readAt(file, at64, 56)
  if (end64.length < 56) throw corrupt('no central directory')
  return {
    count: Number(end64.readBigUInt64LE(32)),
    length: Number(end64.readBigUInt64LE(40)),
    at: Number(end64.readBigUInt64LE(48)),
  }
}

async function readDirectory(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat()
  const { count, at, length } = await locate(file, size)
  if (count > MAX_ENTRIES || length > MAX_DIRECTORY) {
    throw new ListProblem('import.too-large', { entries: String(count) })
  }
  if (at + length > size) throw corrupt('bad central directory')
  const bytes = await readAt(file, at, length)
  const entries: ZipEntry[] = []
  let total = 0
  for (let i = 0, p = 0; i < count; i++) {
    if (p + 46 > bytes.length || bytes.readUInt32LE(p) !== 0x02014b50) throw corrupt('bad central directory')
    const nameEnd = p + 46 + bytes.readUInt16LE(p + 28)
    const extraEnd = nameEnd + bytes.readUInt16LE(p + 30)
    const entry: ZipEntry = {
      name: bytes.toString('utf8', p + 46, nameEnd),
      flags: bytes.readUInt16LE(p + 8),
      method: bytes.readUInt16LE(p + 10),
      crc: bytes.readUInt32LE(p + 16),
      packed: bytes.readUInt32LE(p + 20),
      size: bytes.readUInt32LE(p + 24),
      offset: bytes.readUInt32LE(p + 42),
    }
    readZip64(entry, bytes.subarray(nameEnd, extraEnd))
    if (entry.flags & 0x2041) throw new ListProblem('import.encrypted')
    entries.push(entry)
    total += entry.size
    p = extraEnd + bytes.readUInt16LE(p + 32)
  }
  if (total > MAX_TOTAL || (total > RATIO_FROM && total > size * MAX_RATIO)) {
    throw new ListProblem('import.too-large', { bytes: String(total) })
  }
  refuseOverlaps(entries, size)
  return entries
}

/** Puts the 64-bit sizes of an extra field (id 1) in place of the 32-bit marks. */
function readZip64(entry: ZipEntry, extra: Buffer): void {
  for (let p = 0; p + 4 <= extra.length; p += 4 + extra.readUInt16LE(p + 2)) {
    if (extra.readUInt16LE(p) !== 1) continue
    let q = p + 4
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (entry[key] !== 0xffffffff) continue
      if (q + 8 > extra.length) throw corrupt('bad zip64 field')
      entry[key] = Number(extra.readBigUInt64LE(q))
      q += 8
    }
  }
}

/** Entries that share bytes are how a small zip claims to hold much; no program writes them. */
function refuseOverlaps(entries: readonly ZipEntry[], size: number): void {
  let end = 0
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset < end) throw corrupt('entries overlap')
    end = entry.offset + 30 + entry.packed
  }
  if (end > size) throw corrupt('entries beyond the end')
}
