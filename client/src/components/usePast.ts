import { useCallback, useMemo } from 'react'
import { useLocation, useSearchParams } from 'react-router-dom'
import { address } from '../api/client.ts'

/** The pages that can be seen as of a past day and as known at a past instant. */
const SEEN = /^\/(evidence\/[^/]+|breakdown\/[^/]+|vehicles(\/[^/]+)?|changes)?\/?$/

/** Which past a page shows: what had happened by `asOf`, as known at `knownAt`; '' for today and now. */
export interface Past {
  asOf: string
  knownAt: string
  /** the page shows something else than today's state as known now */
  active: boolean
  /** another past in the same place; without both it is the present again */
  set: (past: { asOf?: string | undefined; knownAt?: string | undefined }) => void
  /** a path with this past in it, when it leads to a page that can show it */
  carry: (path: string) => string
}

/** The past that the address asks for, on the pages that can show one. */
export function usePast(): Past {
  const { pathname } = useLocation()
  const [search, setSearch] = useSearchParams()
  const here = SEEN.test(pathname)
  const asOf = (here && search.get('asOf')) || ''
  const knownAt = (here && search.get('knownAt')) || ''
  const set = useCallback<Past['set']>(
    (past) =>
      setSearch(() => {
        // As in useAddress: the address itself, not what was last drawn.
        const after = new URLSearchParams(window.location.search)
        for (const name of ['asOf', 'knownAt'] as const) {
          if (past[name]) after.set(name, past[name])
          else after.delete(name)
        }
        return after
      }),
    [setSearch],
  )
  const carry = useCallback<Past['carry']>(
    (path) => {
      const [pure = '', own = ''] = path.split('?')
      if (!SEEN.test(pure) || (asOf === '' && knownAt === '')) return path
      return address(pure, { ...Object.fromEntries(new URLSearchParams(own)), asOf, knownAt })
    },
    [asOf, knownAt],
  )
  return useMemo(
    () => ({ asOf, knownAt, active: asOf !== '' || knownAt !== '', set, carry }),
    [asOf, knownAt, set, carry],
  )
}

/** The end of a civil date in Asia/Shanghai (which has no summer time), as an instant. */
export const endOfDay = (day: string): string => `${day}T23:59:59.999+08:00`
