/** Work on many things of which one that cannot be done must keep none of the others from being done. */
import { describeError } from './job.ts'

/** So often something is tried before it is put aside. */
const TRIES = 5

/** Whether the database is not to be had: that is nobody's fault, and the others would fail in the same way. */
export const isOutage = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith('Mongo') && error.name !== 'MongoServerError'

/** Whether it is what was to be written that is no mail, such as an address that none can have. */
export const isUnusable = (error: unknown): boolean => error instanceof Error && error.name === 'ZodError'

/** Remembers how often each thing has failed in this process. */
export class Failures {
  private readonly counts = new Map<string, number>()

  /** Notes that something failed. @returns whether that was once too often: it is to be put aside */
  add(key: string): boolean {
    const count = (this.counts.get(key) ?? 0) + 1
    if (count < TRIES) this.counts.set(key, count)
    else this.counts.delete(key)
    return count >= TRIES
  }

  /** Notes that something has come right. */
  forget(key: string): void {
    this.counts.delete(key)
  }
}

/** What is thrown at the end when some could not be done. */
export const summaryOf = (faults: readonly unknown[], what: string): Error =>
  new Error(`${faults.length} ${what}: ${[...new Set(faults.map(describeError))].slice(0, 3).join('; ')}`, {
    cause: faults[0],
  })
