import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Permission } from '../../../server/accounts/permissions.ts'
import type { Me } from '../../../server/accounts/schema.ts'
import { queries } from '../api/queries.ts'
import { changeLanguage, storedLanguage } from '../i18n/index.ts'

/** The signed-in account; only within `RequireSession`. */
export function useMe(): Me {
  const { data } = useQuery(queries.me())
  if (!data) throw new Error('useMe outside RequireSession')
  return data
}

/** Whether the signed-in account may do something, to show only what works; the service decides for itself. */
export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useMe()
  return (permission) => permissions.includes(permission)
}

/** Takes in the account that just signed in: its language, unless one was chosen in this browser. */
export function useEnter(): (me: Me) => void {
  const client = useQueryClient()
  return (me) => {
    client.clear()
    client.setQueryData(queries.me().queryKey, me)
    if (storedLanguage() === null) changeLanguage(me.language, false)
  }
}

/** A path of ours to go back to after signing in; anything else leads home. */
export function safePath(then: string | null): string {
  return then?.startsWith('/') && !/^\/[/\\]/.test(then) && !then.startsWith('/sign-in') ? then : '/'
}
