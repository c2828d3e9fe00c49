import type { Readable } from 'node:stream'
import type { Connection, Types } from 'mongoose'
import { mongo } from 'mongoose'

const NAME = 'dispute-documents'

/** The documents of disputes, kept as they came. */
export class DisputeDocuments {
  private readonly bucket: mongo.GridFSBucket

  constructor(connection: Connection) {
    if (!connection.db) throw new Error('the connection is not open')
    this.bucket = new mongo.GridFSBucket(connection.db, { bucketName: NAME })
  }

  /** Keeps a document. */
  async put(id: Types.ObjectId, name: string, bytes: Buffer): Promise<void> {
    const stream = this.bucket.openUploadStreamWithId(id, name)
    await new Promise<void>((resolve, reject) => {
      stream.once('finish', () => resolve())
      stream.once('error', reject)
      stream.end(bytes)
    })
  }

  /** Gives a document back, as a stream. */
  read(id: Types.ObjectId): Readable {
    return this.bucket.openDownloadStream(id)
  }

  /** Removes the document of a dispute that was not taken. */
  async remove(id: Types.ObjectId): Promise<void> {
    await this.bucket.delete(id)
  }
}
