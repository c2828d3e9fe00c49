import { z } from 'zod'
import { isCreditCode, normaliseCreditCode } from '../domain/credit-code.ts'
import { isRegionCode } from '../domain/regions.ts'
import { CATEGORIES } from '../domain/vocabulary.ts'

const word = (max: number) => z.string().trim().min(1).max(max)

/** Somebody to call about an operator's lists. */
export const contact = z.strictObject({
  name: word(80),
  phone: word(40).optional(),
  email: z
    .string()
    .trim()
    .max(254)
    .pipe(z.email({ error: 'email.invalid' }))
    .optional(),
})
export type Contact = z.infer<typeof contact>

/** A bus, taxi, ride-hailing or freight company. */
export const operator = z.object({
  id: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  creditCode: z.string().nullable(),
  county: z.string().nullable(),
  categories: z.array(z.enum(CATEGORIES)),
  /** its lists are approved without an officer when nothing is wrong with them */
  trusted: z.boolean(),
  /** it is expected to report every month, if only that there is nothing */
  reportsMonthly: z.boolean(),
  /** only for those who manage operators, and the operator itself */
  contacts: z.array(contact).optional(),
})
export type Operator = z.infer<typeof operator>

const creditCode = z
  .string()
  .transform(normaliseCreditCode)
  .refine(isCreditCode, { error: 'credit-code.invalid' })
const county = z.string().refine(isRegionCode, { error: 'county.unknown' })
const fields = {
  name: word(100),
  aliases: z.array(word(100)).max(50),
  creditCode: creditCode.nullable(),
  county: county.nullable(),
  categories: z.array(z.enum(CATEGORIES)).max(CATEGORIES.length),
  contacts: z.array(contact).max(20),
  trusted: z.boolean(),
  reportsMonthly: z.boolean(),
}

export const createOperator = z.strictObject({
  name: fields.name,
  aliases: fields.aliases.default([]),
  creditCode: fields.creditCode.default(null),
  county: fields.county.default(null),
  categories: fields.categories.default([]),
  contacts: fields.contacts.default([]),
  trusted: fields.trusted.default(false),
  reportsMonthly: fields.reportsMonthly.default(true),
})

/** What is left out stays as it is. */
export const updateOperator = z.strictObject(fields).partial()
