import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { Permission } from '../../../server/accounts/permissions.ts'
import type { Me } from '../../../server/accounts/schema.ts'
import { queries } from '../api/queries.ts'
import { usePast } from '../components/usePast.ts'
import { changeLanguage, storedLanguage } from '../i18n/index.ts'

/** Holds the account for what `RequireSession` shows: a session that ends takes the pages away, not the account from under them. */
export const SessionContext = createContext<Me | null>(null)

/** The signed-in account; only within `RequireSession`. */
export function useMe(): Me {
  const me = useContext(SessionContext)
  if (!me) throw new Error('useMe outside RequireSession')
  return me
}

/**
 * Whether the signed-in account may do something, to show only what works; the service decides for itself. In a view
 * of the past nobody enters or withdraws anything: what one sees there is not what one would be changing.
 */
export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useMe()
  const { active } = usePast()
  return (permission) => permissions.includes(permission) && !(active && permission === 'change.write')
}

/** Takes in the account that just signed in: its language, unless one was chosen in this browser. */
export function useEnter(): (me: Me) => void {
  const client = useQueryClient()
  return (me) => {
    client.setQueryData(queries.me().queryKey, me)
    // Nothing that somebody else read stays. A link that led here goes with its page, and is not asked of once used.
    client.removeQueries({ predicate: ({ queryKey: [first] }) => first !== 'me' && first !== 'link' })
    if (storedLanguage() === null) changeLanguage(me.language, false)
  }
}

/** A path of ours to go back to after signing in; anything else leads home. */
export function safePath(then: string | null): string {
  return then?.startsWith('/') && !/^\/[/\\]/.test(then) && !then.startsWith('/sign-in') ? then : '/'
}
