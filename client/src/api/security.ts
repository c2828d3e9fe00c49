import { queryOptions } from '@tanstack/react-query'
import type {
  LinkView,
  SessionView,
  SettingsView,
  TokenView,
} from '../../../server/accounts/security-schema.ts'
import { api } from './client.ts'

export type {
  CreatedToken,
  LinkView,
  NewAuthenticator,
  RecoveryCodes,
  SessionView,
  SettingsView,
  TokenView,
} from '../../../server/accounts/security-schema.ts'

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
  settings: () => get<SettingsView>('settings', '/settings'),
  link: (token: string) =>
    queryOptions({
      queryKey: ['link', token],
      queryFn: () => api.post<LinkView>('/links/check', { token }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
    }),
}
