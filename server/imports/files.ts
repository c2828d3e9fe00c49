import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Connection, Types } from 'mongoose'
import { mongo } from 'mongoose'
import { bulkWrites } from '../database/connect.ts'

const NAME = 'import-files'
/** Small enough to be used again: larger ones stay with the allocator when they are done with. */
const CHUNK_BYTES = 255 * 1024

/** Sent files, kept as they came. */
export class ImportFiles {
  private readonly connection: Connection
  private readonly bucket: mongo.GridFSBucket

  constructor(connection: Connection) {
    if (!connection.db) throw new Error('the connection is not open')
    this.connection = connection
    this.bucket = new mongo.GridFSBucket(connection.db, {
      bucketName: NAME,
      chunkSizeBytes: CHUNK_BYTES,
      // The list's own document, which is written after its file, waits for the journal.
      ...bulkWrites(connection),
    })
  }

  /** A stream that keeps what is written to it; see `remove` for one that does not come to its end. */
  open(id: Types.ObjectId, filename: string): mongo.GridFSBucketWriteStream {
    return this.bucket.openUploadStreamWithId(id, filename)
  }

  /** Gives a file back, as a stream. */
  read(id: Types.ObjectId): Readable {
    return this.bucket.openDownloadStream(id)
  }

  /** Copies a file to a path. @throws when it is not there */
  async copyTo(id: Types.ObjectId, path: string): Promise<void> {
    try {
      await pipeline(this.read(id), createWriteStream(path))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  /** The ids of files, and of what there is of such that never came to their end, that are lower than an id. */
  async keptBefore(id: Types.ObjectId): Promise<Types.ObjectId[]> {
    const [whole, parts] = await Promise.all([
      this.connection.collection(`${NAME}.files`).distinct('_id', { _id: { $lt: id } }),
      this.connection.collection(`${NAME}.chunks`).distinct('files_id', { files_id: { $lt: id } }),
    ])
    const byText = new Map([...whole, ...parts].map((found) => [String(found), found as Types.ObjectId]))
    return [...byText.values()]
  }

  /** Removes a file, or what there is of one that never came to its end. */
  async remove(id: Types.ObjectId): Promise<void> {
    await Promise.all([
      this.connection.collection(`${NAME}.files`).deleteOne({ _id: id }),
      this.connection.collection(`${NAME}.chunks`).deleteMany({ files_id: id }),
    ])
  }
}
