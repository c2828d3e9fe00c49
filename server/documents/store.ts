import type { Readable } from 'node:stream'
import type { Connection, Types } from 'mongoose'
import { mongo } from 'mongoose'

/** Documents in GridFS, kept as they came. */
export class DocumentStore {
  private readonly connection: Connection
  private readonly name: string
  private readonly bucket: mongo.GridFSBucket

  /** @param name of the bucket */
  constructor(connection: Connection, name: string) {
    if (!connection.db) throw new Error('the connection is not open')
    this.connection = connection
    this.name = name
    this.bucket = new mongo.GridFSBucket(connection.db, { bucketName: name })
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

  /** Removes a document, or what there is of one that never came to its end. Safe to repeat. */
  async remove(id: Types.ObjectId): Promise<void> {
    await Promise.all([
      this.connection.collection(`${this.name}.files`).deleteOne({ _id: id }),
      this.connection.collection(`${this.name}.chunks`).deleteMany({ files_id: id }),
    ])
  }

  /** The ids of documents, and of parts of such that never came to their end, that are lower than an id. */
  async keptBefore(id: Types.ObjectId): Promise<Types.ObjectId[]> {
    const [whole, parts] = await Promise.all([
      this.connection.collection(`${this.name}.files`).distinct('_id', { _id: { $lt: id } }),
      this.connection.collection(`${this.name}.chunks`).distinct('files_id', { files_id: { $lt: id } }),
    ])
    const byText = new Map([...whole, ...parts].map((found) => [String(found), found as Types.ObjectId]))
    return [...byText.values()]
  }
}
