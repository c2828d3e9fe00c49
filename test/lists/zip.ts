import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

/** Zips part by part, honest or not. */

export interface ZipPart {
  name: string
  data: Buffer | string
  /** size that the directory claims; the true one unless told */
  claims?: number
  /** the true one unless told */
  crc?: number
  flags?: number
  /** where the directory says that the entry is; where it is unless told */
  offset?: number
}

/** A zip of deflated entries, each as its directory claims. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, data: given, flags = 0, ...claimed } of parts) {
    const data = Buffer.from(given)
    const packed = deflateRawSync(data)
    const named = Buffer.from(name)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(flags, 6)
    head.writeUInt16LE(8, 8)
    head.writeUInt32LE((claimed.crc ?? crc32(data)) >>> 0, 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(claimed.claims ?? data.length, 22)
    head.writeUInt16LE(named.length, 26)
    const listed = Buffer.alloc(46)
    listed.writeUInt32LE(0x02014b50, 0)
    head.copy(listed, 6, 4, 28)
    listed.writeUInt32LE(claimed.offset ?? offset, 42)
    local.push(head, named, packed)
    central.push(listed, named)
    offset += 30 + named.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}

/** The entries of an honest zip, unpacked. */
export function unzip(bytes: Buffer): { name: string; data: Buffer }[] {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'))
  const parts: { name: string; data: Buffer }[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let i = bytes.readUInt16LE(end + 10); i > 0; i--) {
    const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28))
    const offset = bytes.readUInt32LE(at + 42)
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20))
    parts.push({
      name,
      data: bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : Buffer.from(packed),
    })
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return parts
}
