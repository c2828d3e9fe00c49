import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'

const WRITE_BYTES = 1 << 20
const READ_BYTES = 4096
/** Records begin at multiples of this, so that 32 bits say where, up to 32 GB. */
const UNIT = 8
/** The length of a record and its tag come before it. */
const HEAD_BYTES = 8
/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const MOST_BYTES = 3

/**
 * Records of JSON in a temporary file: what is too much for the memory while a list is checked. Written once, one
 * after the other; read back by where they are. Everything in it can be made anew, so nothing of it outlives the check.
 * It makes no buffers of its own as it goes: those of a million records would stand about until they are collected.
 */
export class Spool {
  private readonly path: string
  private readonly fd: number
  private readonly waiting = Buffer.allocUnsafeSlow(WRITE_BYTES)
  private waitingBytes = 0
  private flushed = 0
  private readonly read = Buffer.allocUnsafeSlow(READ_BYTES)

  constructor(path: string) {
    this.path = path
    this.fd = openSync(path, 'w+')
  }

  /**
   * Adds a record.
   * @param tag 32 bits to be had again without reading the record
   * @returns where it is, as a number of 32 bits
   */
  add(record: unknown, tag = 0): number {
    const text = JSON.stringify(record)
    const most = HEAD_BYTES + text.length * MOST_BYTES + UNIT
    if (this.waitingBytes + most > WRITE_BYTES) this.flush()
    const at = (this.flushed + this.waitingBytes) / UNIT
    if (most > WRITE_BYTES) {
      const long = Buffer.alloc(most)
      this.write(long, frame(long, 0, text, tag))
    } else this.waitingBytes = frame(this.waiting, this.waitingBytes, text, tag)
    return at
  }

  /** The record at a place. */
  get<T>(at: number): T {
    const offset = at * UNIT
    if (offset >= this.flushed) return JSON.parse(textAt(this.waiting, offset - this.flushed)) as T
    const got = readSync(this.fd, this.read, 0, READ_BYTES, offset)
    const size = HEAD_BYTES + this.read.readUInt32LE(0)
    if (size <= got) return JSON.parse(textAt(this.read, 0)) as T
    const whole = Buffer.allocUnsafeSlow(size)
    readSync(this.fd, whole, 0, size, offset)
    return JSON.parse(textAt(whole, 0)) as T
  }

  /** The tag of the record at a place. */
  tag(at: number): number {
    const offset = at * UNIT
    if (offset >= this.flushed) return this.waiting.readUInt32LE(offset - this.flushed + 4)
    readSync(this.fd, this.read, 0, HEAD_BYTES, offset)
    return this.read.readUInt32LE(4)
  }

  private flush(): void {
    this.write(this.waiting, this.waitingBytes)
    this.waitingBytes = 0
  }

  private write(bytes: Buffer, length: number): void {
    for (let done = 0; done < length; )
      done += writeSync(this.fd, bytes, done, length - done, this.flushed + done)
    this.flushed += length
  }

  /** Removes the file. */
  close(): void {
    closeSync(this.fd)
    rmSync(this.path, { force: true })
  }
}

/** Writes a record into a buffer. @returns where the next one begins */
function frame(buffer: Buffer, start: number, text: string, tag: number): number {
  const length = buffer.write(text, start + HEAD_BYTES, 'utf8')
  buffer.writeUInt32LE(length, start)
  buffer.writeUInt32LE(tag, start + 4)
  const end = start + HEAD_BYTES + length
  const next = Math.ceil(end / UNIT) * UNIT
  buffer.fill(0, end, next)
  return next
}

function textAt(buffer: Buffer, start: number): string {
  const from = start + HEAD_BYTES
  return buffer.toString('utf8', from, from + buffer.readUInt32LE(start))
}
