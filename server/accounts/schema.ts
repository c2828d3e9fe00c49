import { z } from 'zod'
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
  operator: z.string().nullable(),
  language: z.enum(LANGUAGES),
  /** what the account may do, for the pages to show only what works */
  permissions: z.array(z.string()),
  /** wants the weekly report by e-mail */
  weeklyReport: z.boolean(),
})
export type Me = z.infer<typeof me>

export const updateMe = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  language: z.enum(LANGUAGES).optional(),
  weeklyReport: z.boolean().optional(),
})

export const account = me
  .omit({ permissions: true })
  .extend({ active: z.boolean(), createdAt: z.iso.datetime() })
export type Account = z.infer<typeof account>

/** New accounts: administrators, officers and viewers of the whole city. */
export const createAccount = z.strictObject({
  email,
  name: z.string().trim().min(1).max(80),
  password,
  role: z.enum(['administrator', 'officer', 'viewer']),
  language: z.enum(LANGUAGES).default('zh-CN'),
  weeklyReport: z.boolean().default(true),
})

export const updateAccount = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  role: z.enum(['administrator', 'officer', 'viewer']).optional(),
  active: z.boolean().optional(),
  weeklyReport: z.boolean().optional(),
  password: password.optional(),
})
