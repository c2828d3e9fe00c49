import { z } from 'zod'
import { CATEGORIES } from '../domain/vocabulary.ts'

/** A bus, taxi, ride-hailing or freight company. */
export const operator = z.object({
  id: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  creditCode: z.string().nullable(),
  county: z.string().nullable(),
  categories: z.array(z.enum(CATEGORIES)),
})
export type Operator = z.infer<typeof operator>
