import { z } from 'zod'
import { objectId } from '../http/schema.ts'
import { PERMISSIONS } from './permissions.ts'
import { email, password, role } from './schema.ts'

/** What belongs to the security of accounts: links by mail, the second factor, sessions, tokens. */

/** A password as typed to be checked: of any length that could be one. */
const typed = z.string().min(1).max(200)
const linkToken = z.string().min(1).max(200)

export const requestReset = z.strictObject({ email })
export const checkLink = z.strictObject({ token: linkToken })
export const redeemLink = z.strictObject({ token: linkToken, password })
export const link = z.object({ kind: z.enum(['invitation', 'reset']), email: z.string(), name: z.string() })
export type LinkView = z.infer<typeof link>

export const changePassword = z.strictObject({ current: typed, password })
export const confirmedByPassword = z.strictObject({ password: typed })

/** The secret as text and as an address for authenticators (otpauth://), to be shown as a picture. */
export const newAuthenticator = z.object({ secret: z.string(), uri: z.string() })
export type NewAuthenticator = z.infer<typeof newAuthenticator>
export const confirmAuthenticator = z.strictObject({ code: z.string().trim().min(1).max(40) })
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof recoveryCodes>

/** An open session. */
export const session = z.object({
  id: objectId,
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  /** where it was last used from */
  address: z.string(),
  /** what the browser called itself */
  agent: z.string(),
  /** it is the one that asks */
  current: z.boolean(),
})
export type SessionView = z.infer<typeof session>

const permission = z.enum(PERMISSIONS)

export const newToken = z.strictObject({
  name: z.string().trim().min(1).max(80),
  permissions: z.array(permission).min(1).max(PERMISSIONS.length),
  days: z.number().int().min(1).max(366),
})
export const token = z.object({
  id: objectId,
  name: z.string(),
  permissions: z.array(permission),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
})
export type TokenView = z.infer<typeof token>
/** With the token itself, which is told this once. */
export const createdToken = token.extend({ token: z.string() })
export type CreatedToken = z.infer<typeof createdToken>

/** What an administrator requires of everybody. */
export const settings = z.strictObject({
  /** the roles whose accounts must have a second factor */
  requireSecondFactor: z.array(role),
})
export type SettingsView = z.infer<typeof settings>
export const updateSettings = z.strictObject({ requireSecondFactor: z.array(role).max(10).optional() })
