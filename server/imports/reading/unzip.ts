import { crc32, inflateRawSync } from 'node:zlib'
import { ListProblem } from './problem.ts'

/**
 * Checks a zip before anything is unpacked, then unpacks it with zlib, bounded by the sizes that it declares, into a
 * zip without compression. So a hostile file cannot grow beyond what was checked, and the spreadsheet reader is
 * spared its own, slower and unbounded, inflation.
 */

const MAX_TOTAL = 1024 ** 3
const MAX_RATIO = 200
const RATIO_FROM = 100 * 1024 ** 2
const MAX_ENTRIES = 10_000

/** Parts of a workbook that hold no cells. */
const UNUSED =
  /^(?:xl\/(?:media|embeddings|printerSettings|drawings|charts|externalLinks|activeX|ctrlProps)\/|docProps\/thumbnail)/i

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

const corrupt = (detail: string): ListProblem => new ListProblem('import.corrupt', { detail })

/**
 * The entries that a zip's central directory names. Throws ListProblem: `import.corrupt` when there is none,
 * `import.too-large` beyond 1 GiB unpacked, or beyond 100 MiB at more than 200 to 1, `import.encrypted`.
 */
export function zipEntries(bytes: Buffer): ZipEntry[] {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'))
  if (end < 0 || end + 22 > bytes.length) throw corrupt('zip: no central directory')
  let count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (end >= 20 && bytes.readUInt32LE(end - 20) === 0x07064b50) {
    const end64 = Number(bytes.readBigUInt64LE(end - 12))
    if (end64 + 56 > bytes.length) throw corrupt('zip: no central directory')
    count = Number(bytes.readBigUInt64LE(end64 + 32))
    at = Number(bytes.readBigUInt64LE(end64 + 48))
  }
  if (count > MAX_ENTRIES) throw new ListProblem('import.too-large', { entries: String(count) })
  const entries: ZipEntry[] = []
  let total = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50)
      throw corrupt('zip: bad central directory')
    const nameLength = bytes.readUInt16LE(at + 28)
    const extraLength = bytes.readUInt16LE(at + 30)
    const entry: ZipEntry = {
      name: bytes.toString('latin1', at + 46, at + 46 + nameLength),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    }
    readZip64(entry, bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength))
    if (entry.flags & 0x2041) throw new ListProblem('import.encrypted')
    entries.push(entry)
    total += entry.size
    at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
  }
  if (total > MAX_TOTAL || (total > RATIO_FROM && total > bytes.length * MAX_RATIO)) {
    throw new ListProblem('import.too-large', { bytes: String(total) })
  }
  return entries
}

/** Puts the 64-bit sizes of an extra field (id 1) in place of the 32-bit marks. */
function readZip64(entry: ZipEntry, extra: Buffer): void {
  for (let p = 0; p + 4 <= extra.length; p += 4 + extra.readUInt16LE(p + 2)) {
    if (extra.readUInt16LE(p) !== 1) continue
    let q = p + 4
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (entry[key] !== 0xffffffff) continue
      if (q + 8 > extra.length) throw corrupt('zip: bad zip64 field')
      entry[key] = Number(extra.readBigUInt64LE(q))
      q += 8
    }
  }
}

function unpack(bytes: Buffer, entry: ZipEntry): Buffer {
  if (entry.offset + 30 > bytes.length || bytes.readUInt32LE(entry.offset) !== 0x04034b50) {
    throw corrupt(`zip: bad entry ${entry.name}`)
  }
  const start =
    entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28)
  const packed = bytes.subarray(start, start + entry.packed)
  let data: Buffer
  if (entry.method === 0) data = packed
  else if (entry.method !== 8) throw corrupt(`zip: method ${entry.method} of ${entry.name}`)
  else {
    try {
      data = inflateRawSync(packed, { maxOutputLength: Math.max(entry.size, 1) })
    } catch (error) {
      throw new ListProblem(
        'import.corrupt',
        { detail: `zip: ${entry.name} does not unpack` },
        { cause: error },
      )
    }
  }
  if (data.length !== entry.size || crc32(data) !== entry.crc) throw corrupt(`zip: ${entry.name} is damaged`)
  return data
}

/** The same workbook as a zip without compression and without pictures. Throws ListProblem as zipEntries does. */
export function repack(bytes: Buffer, entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    if (UNUSED.test(entry.name) || entry.name.endsWith('/')) continue
    const data = unpack(bytes, entry)
    const name = Buffer.from(entry.name, 'latin1')
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt32LE(entry.crc, 14)
    head.writeUInt32LE(data.length, 18)
    head.writeUInt32LE(data.length, 22)
    head.writeUInt16LE(name.length, 26)
    const listed = Buffer.alloc(46)
    listed.writeUInt32LE(0x02014b50, 0)
    listed.writeUInt16LE(20, 4)
    head.copy(listed, 6, 4, 28)
    listed.writeUInt32LE(offset, 42)
    local.push(head, name, data)
    central.push(listed, name)
    offset += head.length + name.length + data.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(central.length / 2, 8)
  end.writeUInt16LE(central.length / 2, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}
