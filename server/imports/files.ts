import type { Connection, Types } from 'mongoose'
import { mongo } from 'mongoose'

/** Sent files, kept as they came. */
export class ImportFiles {
  private readonly bucket: mongo.GridFSBucket

  constructor(connection: Connection) {
    if (!connection.db) throw new Error('the connection is not open')
    this.bucket = new mongo.GridFSBucket(connection.db, { bucketName: 'import-files' })
  }

  /** Keeps a file. */
  async put(id: Types.ObjectId, filename: string, bytes: Uint8Array): Promise<void> {
    const stream = this.bucket.openUploadStreamWithId(id, filename)
    await new Promise<void>((resolve, reject) => {
      stream.once('finish', () => resolve())
      stream.once('error', reject)
      stream.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    })
  }

  /** Gives a file back. @throws when it is not there */
  async get(id: Types.ObjectId): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.bucket.openDownloadStream(id)) parts.push(part as Buffer)
    return Buffer.concat(parts)
  }
}
