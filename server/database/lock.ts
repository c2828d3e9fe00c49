/**
 * The lock of a data folder: one service at a time. A file that says who holds it; one that a killed process
 * left is recognised and taken over. The database's own lock on its files stands behind this one.
 */
import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identify, isSameProcess, type ProcessIdentity } from './processes.ts'

const LOCK_NAME = 'database.lock'

/** Another process uses the data folder. */
export class DataDirInUseError extends Error {
  override name = 'DataDirInUseError'
  /** @param pid the process that holds it, if known */
  constructor(
    readonly dataDir: string,
    readonly pid: number | undefined,
    options?: ErrorOptions,
  ) {
    const who = pid === undefined ? ['另一个进程', 'another process'] : [`进程 ${pid}`, `process ${pid}`]
    super(
      `数据目录 ${dataDir} 正被${who[0]}使用；请先停止它，或用 DATA_DIR 指定另一个目录。\n` +
        `The data folder ${dataDir} is in use by ${who[1]}; stop it first, or name another folder with DATA_DIR.`,
      options,
    )
  }
}

interface Holder {
  /** Tells this taking of the lock from every other. */
  id: string
  service: ProcessIdentity
  /** The database process that the service started. */
  database?: ProcessIdentity
}

/** A lock that is held. */
export interface DataDirLock {
  /** The database process that a holder before us left behind when it was killed, if there may be one. */
  readonly orphan: ProcessIdentity | undefined
  /** Whether a lock that somebody left was taken over. */
  readonly recovered: boolean
  /** Notes the database process, so that the next holder can wait for it should we be killed. */
  noteDatabase(pid: number): void
  /** Gives the folder free. May be called more than once. */
  release(): void
}

/**
 * Takes the folder for this process.
 * @param dataDir made when it does not exist
 * @throws {DataDirInUseError} when a running process holds it, this one included
 */
export function lockDataDir(dataDir: string): DataDirLock {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, LOCK_NAME)
  const own: Holder = {
    id: randomUUID(),
    service: identify(process.pid) ?? { pid: process.pid, started: '' },
  }
  let left: Holder | undefined
  let recovered = false
  for (let tries = 0; !place(path, own); tries++) {
    const found = read(path)
    if (found && isSameProcess(found.service)) throw new DataDirInUseError(dataDir, found.service.pid)
    if (tries >= 20) throw new DataDirInUseError(dataDir, found?.service.pid)
    if (removeLeft(path, found?.id)) {
      left = found
      recovered = true
    }
  }
  return {
    orphan: left?.database,
    recovered,
    noteDatabase(pid) {
      own.database = identify(pid) ?? { pid, started: '' }
      write(`${path}.${own.id}`, own)
      renameSync(`${path}.${own.id}`, path)
    },
    release() {
      if (read(path)?.id === own.id) rmSync(path, { force: true })
    },
  }
}

/** Puts our lock where none is, whole or not at all. */
function place(path: string, holder: Holder): boolean {
  const own = `${path}.${holder.id}`
  write(own, holder)
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own, { force: true })
  }
}

/**
 * Removes a lock that nobody holds any more. Two may try at once: what was moved away is looked at again, and
 * put back if it turns out to be another's new lock.
 */
function removeLeft(path: string, id: string | undefined): boolean {
  const away = `${path}.left-${randomUUID()}`
  try {
    renameSync(path, away)
  } catch {
    return false
  }
  const same = read(away)?.id === id
  try {
    if (!same) linkSync(away, path)
  } catch {
    // A third one has placed its lock meanwhile; the database's own lock decides between them.
  }
  rmSync(away, { force: true })
  return same
}

function write(path: string, holder: Holder): void {
  writeFileSync(path, `${JSON.stringify(holder)}\n`)
}

/** Who a lock file names; `undefined` when it is not there or was spoilt. */
function read(path: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value !== 'object' || value === null || !('id' in value) || !('service' in value))
      return undefined
    const { service } = value as { service?: Partial<ProcessIdentity> }
    return typeof service?.pid === 'number' && typeof service.started === 'string'
      ? (value as Holder)
      : undefined
  } catch {
    return undefined
  }
}
