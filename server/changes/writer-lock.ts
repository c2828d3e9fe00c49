import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { Problem } from '../http/problem.ts'

interface LockDoc {
  _id: string
  owner: string
  until: Date
}

const LEASE_MS = 30_000
const PATIENCE_MS = 20_000

/**
 * Lets one writer at a time, of all processes on the database, check the register and record. Unique keys guard the
 * ledger even without it; it guards what no key can say, such as one plate on two vehicles.
 */
export class WriterLock {
  private readonly connection: Connection
  private readonly name: string
  private queue: Promise<unknown> = Promise.resolve()

  /** @param name what is locked; locks of different names do not wait for each other */
  constructor(connection: Connection, name = 'ledger') {
    this.connection = connection
    this.name = name
  }

  /**
   * Runs the work alone.
   * @throws Problem 503 `busy` when the lock cannot be had in 20 s
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(() => this.alone(work))
    this.queue = result.catch(() => undefined)
    return result
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = this.connection.collection<LockDoc>('locks')
    const owner = randomUUID()
    const deadline = Date.now() + PATIENCE_MS
    while (!(await this.take(owner))) {
      if (Date.now() > deadline)
        throw new Problem(503, 'busy', 'Another write is going on; try again in a moment')
      await pause(10 + Math.random() * 20)
    }
    try {
      return await work()
    } finally {
      await locks.deleteOne({ _id: this.name, owner })
    }
  }

  private async take(owner: string): Promise<boolean> {
    const locks = this.connection.collection<LockDoc>('locks')
    try {
      const done = await locks.updateOne(
        { _id: this.name, until: { $lt: new Date() } },
        { $set: { owner, until: new Date(Date.now() + LEASE_MS) } },
        { upsert: true },
      )
      return done.upsertedCount + done.modifiedCount === 1
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
  }
}

/** True for the database's word that a unique key is taken. */
export const isDuplicateKey = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 11000

/** Waits for an insertion under a unique key. @returns false when it was there already */
export async function isInserted(insertion: Promise<unknown>): Promise<boolean> {
  try {
    await insertion
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}
