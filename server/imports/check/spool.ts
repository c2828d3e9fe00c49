import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'

const WRITE_BYTES = 1 << 20
const READ_BYTES = 4096
/** Records begin at multiples of this, so that 32 bits say where, up to 32 GB. */
const UNIT = 8

/**
 * Records of JSON in a temporary file: what is too much for the memory while a list is checked. Written once, one
 * after the other; read back by where they are. Everything in it can be made anew, so nothing of it outlives the check.
 */
export class Spool {
  private readonly path: string
  private readonly fd: number
  private pending: Buffer[] = []
  private pendingBytes = 0
  private flushed = 0
  private readonly buffer = Buffer.allocUnsafe(READ_BYTES)

  constructor(path: string) {
    this.path = path
    this.fd = openSync(path, 'w+')
  }

  /** Adds a record. @returns where it is, as a number of 32 bits */
  add(record: unknown): number {
    const text = Buffer.from(JSON.stringify(record))
    const size = Math.ceil((text.length + 4) / UNIT) * UNIT
    const framed = Buffer.alloc(size)
    framed.writeUInt32LE(text.length, 0)
    text.copy(framed, 4)
    const at = (this.flushed + this.pendingBytes) / UNIT
    this.pending.push(framed)
    this.pendingBytes += size
    if (this.pendingBytes >= WRITE_BYTES) this.flush()
    return at
  }

  /** The record at a place. */
  get<T>(at: number): T {
    const offset = at * UNIT
    if (offset >= this.flushed) this.flush()
    const got = readSync(this.fd, this.buffer, 0, READ_BYTES, offset)
    const length = this.buffer.readUInt32LE(0)
    if (length + 4 <= got) return JSON.parse(this.buffer.toString('utf8', 4, 4 + length)) as T
    const whole = Buffer.allocUnsafe(length)
    readSync(this.fd, whole, 0, length, offset + 4)
    return JSON.parse(whole.toString('utf8')) as T
  }

  private flush(): void {
    if (this.pendingBytes === 0) return
    const all = Buffer.concat(this.pending, this.pendingBytes)
    for (let done = 0; done < all.length; )
      done += writeSync(this.fd, all, done, all.length - done, this.flushed + done)
    this.flushed += all.length
    this.pending = []
    this.pendingBytes = 0
  }

  /** Removes the file. */
  close(): void {
    closeSync(this.fd)
    rmSync(this.path, { force: true })
  }
}
