import { queryOptions } from '@tanstack/react-query'
import type { Permission } from '../../../server/accounts/permissions.ts'
import type { Role } from '../../../server/accounts/schema.ts'
import { api } from './client.ts'

/** Where an account is signed in. Its id is not what opens the session. */
export interface SessionView {
  id: string
  createdAt: string
  lastSeenAt: string
  /** the network address it came from */
  address: string
  /** the User-Agent header */
  agent: string
  /** the session that asks */
  current: boolean
}

/** A key of a company's own system, which acts as the account that made it. */
export interface TokenView {
  id: string
  name: string
  permissions: Permission[]
  createdAt: string
  expiresAt: string
  lastUsedAt: string | null
}

/** With the token itself, which is told once. */
export type NewToken = TokenView & { token: string }

/** Whom a link of a mail is for. */
export interface LinkView {
  kind: 'invitation' | 'reset'
  email: string
  name: string
}

/** A second factor that is not confirmed yet. */
export interface PendingFactor {
  /** base32, to enter by hand */
  secret: string
  /** otpauth://…, for the QR code */
  uri: string
}

export interface SecuritySettings {
  /** roles whose accounts may do nothing before their second factor is set up */
  requireSecondFactor: Role[]
}

interface Items<T> {
  items: T[]
}

const get = <T>(key: string, path: string) =>
  queryOptions({ queryKey: [key, path], queryFn: ({ signal }) => api.get<T>(path, {}, signal) })

const account = (id: string | null): string => (id === null ? '/me' : `/accounts/${id}`)

/** Where sessions and tokens are: one's own, or an account's. @param id null: one's own */
export const sessionsPath = (id: string | null): string => `${account(id)}/sessions`
export const tokensPath = (id: string | null): string => `${account(id)}/tokens`

/** What the pages on accounts and their security read. */
export const securityQueries = {
  sessions: (id: string | null) => get<Items<SessionView>>('sessions', sessionsPath(id)),
  tokens: (id: string | null) => get<Items<TokenView>>('tokens', tokensPath(id)),
  settings: () => get<SecuritySettings>('settings', '/settings'),
  link: (token: string) =>
    queryOptions({
      queryKey: ['link', token],
      queryFn: () => api.post<LinkView>('/links/check', { token }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
    }),
}
