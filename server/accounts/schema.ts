import { z } from 'zod'
import { isRegionCode } from '../domain/regions.ts'
import { objectId } from '../http/schema.ts'
import { chosenWishes, wishes } from './wishes.ts'

/** `county-officer` and `operator` accounts are limited to one county or one operator; a `viewer` may be to a county. */
export const ROLES = ['administrator', 'officer', 'county-officer', 'viewer', 'operator'] as const
export const role = z.enum(ROLES)
export type Role = z.infer<typeof role>

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: 'email.invalid' }))
/** At least ten characters; argon2 takes any. */
export const password = z.string().min(10, { error: 'password.short' }).max(200, { error: 'password.long' })

export const signIn = z.strictObject({
  email,
  password: z.string().min(1).max(200),
  /** six digits of the authenticator, or a recovery code, where the account has a second factor */
  code: z.string().trim().min(1).max(40).optional(),
})

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
  ...wishes,
  /** signs in with an authenticator beside the password */
  secondFactor: z.boolean(),
  /** has to set up a second factor before anything else */
  mustSetUpSecondFactor: z.boolean(),
  /** whether a browser's session asks or a program with a token */
  via: z.enum(['session', 'token']),
})
export type Me = z.infer<typeof me>

export const updateMe = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  language: z.enum(LANGUAGES).optional(),
  ...chosenWishes,
})

export const account = me.omit({ permissions: true, mustSetUpSecondFactor: true, via: true }).extend({
  active: z.boolean(),
  /** has no password yet */
  invited: z.boolean(),
  lastSignInAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
})
export type Account = z.infer<typeof account>

/** The part of the city to which an account is limited: a county's code. */
const county = z.string().refine(isRegionCode, { error: 'county.unknown' })

/**
 * `county-officer` needs a county, `operator` an operator's id, a `viewer` may have a county; the other roles have
 * neither. Without a password an invitation is sent by mail.
 */
export const createAccount = z.strictObject({
  email,
  name: z.string().trim().min(1).max(80),
  password: password.optional(),
  role,
  county: county.nullish(),
  operator: z.string().trim().min(1).max(100).nullish(),
  language: z.enum(LANGUAGES).default('zh-CN'),
  ...chosenWishes,
})

/** What is left out stays as it is, but a county or operator that the new role does not have goes with the old role. */
export const updateAccount = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  role: role.optional(),
  county: county.nullish(),
  operator: z.string().trim().min(1).max(100).nullish(),
  active: z.boolean().optional(),
  ...chosenWishes,
  password: password.optional(),
})
