/** What all of the jobs' collections share. */

/** A duplicate under a unique index: somebody else was first. */
export const isDuplicate = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 11000

/** Who works on something, and until when it is taken to be alive: machine time, whatever NOW says. */
export interface Lease {
  owner: string
  until: Date
}
