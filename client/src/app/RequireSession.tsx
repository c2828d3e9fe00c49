import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useLayoutEffect } from 'react'
import { Navigate, useLocation } from 'react-router-dom'
import { queries } from '../api/queries.ts'
import { PageSkeleton } from '../components/PageSkeleton.tsx'
import { ErrorPanel } from '../components/states.tsx'
import { changeLanguage, storedLanguage } from '../i18n/index.ts'
import { SessionContext } from './session.tsx'

const SecondFactorNeeded = lazy(() => import('../pages/me/SecondFactorNeeded.tsx'))

/** Shows its content to a signed-in account; leads anyone else to the sign-in, or to the set-up of a new service. */
export function RequireSession({ children }: { children: ReactNode }) {
  const me = useQuery(queries.me())
  const setUp = useQuery({ ...queries.setUp(), enabled: me.data === null })
  const { pathname, search } = useLocation()
  const own = me.data?.language
  // Before anything is painted, so that no page shows in another language first.
  useLayoutEffect(() => {
    if (own && storedLanguage() === null) changeLanguage(own, false)
  }, [own])
  if (me.isError) return <ErrorPanel error={me.error} onRetry={() => me.refetch()} />
  if (me.data)
    return (
      <SessionContext value={me.data}>
        {me.data.mustSetUpSecondFactor ? (
          <Suspense fallback={<PageSkeleton />}>
            <SecondFactorNeeded />
          </Suspense>
        ) : (
          children
        )}
      </SessionContext>
    )
  if (me.isPending || setUp.isPending) return <PageSkeleton />
  if (setUp.data?.needed) return <Navigate to="/setup" replace />
  const then = pathname + search
  return <Navigate to={then === '/' ? '/sign-in' : `/sign-in?then=${encodeURIComponent(then)}`} replace />
}
