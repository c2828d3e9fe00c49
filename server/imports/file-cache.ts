import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Types } from 'mongoose'
import type { ImportFiles } from './files.ts'

/** How long a file that was looked at waits for its check. */
const KEEP_MS = 60_000

/** Copies of sent files on disk, to be read from any place of them. */
export class FileCache {
  private readonly files: ImportFiles
  private readonly folder: string
  private readonly copies = new Map<string, { path: Promise<string>; timer: NodeJS.Timeout }>()
  private made = 0

  constructor(files: ImportFiles, folder: string) {
    this.files = files
    this.folder = folder
  }

  /** The path of a copy, made if there is none. It is kept for a while, or until `forget`. */
  pathOf(id: Types.ObjectId): Promise<string> {
    const key = id.toHexString()
    const known = this.copies.get(key)
    if (known) {
      known.timer.refresh()
      return known.path
    }
    // A name of its own: the copy before may be on its way out, by the name that it had.
    const target = join(this.folder, `${key}-${++this.made}`)
    const path = this.files.copyTo(id, target).then(() => target)
    path.catch(() => this.copies.delete(key))
    const timer = setTimeout(() => void this.forget(id), KEEP_MS)
    timer.unref()
    this.copies.set(key, { path, timer })
    return path
  }

  /** Removes a copy. */
  async forget(id: Types.ObjectId): Promise<void> {
    const key = id.toHexString()
    const known = this.copies.get(key)
    if (!known) return
    this.copies.delete(key)
    clearTimeout(known.timer)
    const path = await known.path.catch(() => undefined)
    if (path) await rm(path, { force: true })
  }
}
