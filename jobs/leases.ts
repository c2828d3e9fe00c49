/** Leases: who works on something, and whether those hands are alive. */

/** Who works on something, and until when it is taken to be alive: machine time, whatever NOW says. */
export interface Lease {
  owner: string
  until: Date
}

/** A lease that ends later than this was written by a clock that ran ahead. */
const utmost = (at: Date, leaseMs: number): Date => new Date(at.getTime() + 2 * leaseMs)

/** A filter for what is under way in dead hands. */
export const deadLease = (at: Date, leaseMs: number) => ({
  $or: [{ 'lease.until': { $lte: at } }, absurdLease(at, leaseMs)],
})

/** A filter for leases that end later than any can. */
export const absurdLease = (at: Date, leaseMs: number) => ({ 'lease.until': { $gt: utmost(at, leaseMs) } })

/** A filter for what is under way in living hands. */
export const liveLease = (at: Date, leaseMs: number) => ({
  'lease.until': { $gt: at, $lte: utmost(at, leaseMs) },
})

/** Whether hands are alive. */
export const isLive = (lease: Lease | null, at: Date, leaseMs: number): boolean =>
  lease !== null && lease.until > at && lease.until <= utmost(at, leaseMs)
