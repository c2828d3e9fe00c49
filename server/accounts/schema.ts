import { z } from 'zod'
import { isRegionCode } from '../domain/regions.ts'
import { objectId } from '../http/schema.ts'

/** `county-officer` and `operator` accounts are limited to one county or one operator. */
export const ROLES = ['administrator', 'officer', 'county-officer', 'viewer', 'operator'] as const
export const role = z.enum(ROLES)
export type Role = z.infer<typeof role>

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: 'email.invalid' }))
/** At least ten characters; argon2 takes any. */
export const password = z.string().min(10, { error: 'password.short' }).max(200, { error: 'password.long' })

export const signIn = z.strictObject({ email, password: z.string().min(1).max(200) })

export const setUp = z.strictObject({
  token: z.string().max(200).optional(),
  email,
  name: z.string().trim().min(1).max(80),
  password,
  /** load a made-up city's lists, to look around */
  sampleData: z.boolean().default(false),
})

export const setUpState = z.object({ needed: z.boolean() })

/** The signed-in account. */
export const me = z.object({
  id: objectId,
  email: z.string(),
  name: z.string(),
  role,
  county: z.string().nullable(),
  /** the county's name in the account's language */
  countyName: z.string().nullable(),
  operator: z.string().nullable(),
  operatorName: z.string().nullable(),
  language: z.enum(LANGUAGES),
  /** what the account may do, for the pages to show only what works */
  permissions: z.array(z.string()),
  /** wants the weekly report by e-mail */
  weeklyReport: z.boolean(),
  /** wants to be told by e-mail of lists that are sent, returned, recorded … */
  listMails: z.boolean(),
})
export type Me = z.infer<typeof me>

export const updateMe = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  language: z.enum(LANGUAGES).optional(),
  weeklyReport: z.boolean().optional(),
  listMails: z.boolean().optional(),
})

export const account = me
  .omit({ permissions: true })
  .extend({ active: z.boolean(), createdAt: z.iso.datetime() })
export type Account = z.infer<typeof account>

/** A county officer's part of the city: a code of it. */
const county = z.string().refine(isRegionCode, { error: 'county.unknown' })

/** `county-officer` needs a county, `operator` an operator's id; the other roles have neither. */
export const createAccount = z.strictObject({
  email,
  name: z.string().trim().min(1).max(80),
  password,
  role,
  county: county.nullish(),
  operator: z.string().trim().min(1).max(100).nullish(),
  language: z.enum(LANGUAGES).default('zh-CN'),
  weeklyReport: z.boolean().default(true),
  listMails: z.boolean().default(true),
})

/** What is left out stays as it is, but a county or operator that the new role does not have goes with the old role. */
export const updateAccount = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  role: role.optional(),
  county: county.nullish(),
  operator: z.string().trim().min(1).max(100).nullish(),
  active: z.boolean().optional(),
  weeklyReport: z.boolean().optional(),
  listMails: z.boolean().optional(),
  password: password.optional(),
})
