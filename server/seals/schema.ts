import { z } from 'zod'

/** The seal of a civil day. */
export const sealView = z.object({
  day: z.string(),
  /** entries recorded in it */
  entries: z.number().int(),
  /** entries withdrawn in it, whenever they were recorded */
  voidings: z.number().int(),
  /** SHA-256 over the day’s entries */
  digest: z.string(),
  /** SHA-256 over the chain value of the day before and this day’s digest */
  chain: z.string(),
  sealedAt: z.iso.datetime(),
})
export type SealView = z.infer<typeof sealView>
