import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { ErrorPanel } from './states.tsx'

interface Readable<T> {
  data: T | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
}

/**
 * Decides in one place what shows while something is read, when it cannot be read, when there is nothing, and when
 * there is. What has been read stays on the screen when a later refresh fails.
 */
export function Resource<T>(props: {
  query: Readable<T>
  /** whether the answer holds nothing, and what to say then */
  empty?: { when: (data: T) => boolean; show: ReactNode }
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}) {
  const { query, empty, skeleton, children } = props
  if (query.data === undefined) {
    if (!query.isPending) return <ErrorPanel error={query.error} onRetry={() => query.refetch()} />
    return (
      <div aria-busy="true" data-testid="loading">
        {skeleton ?? <Skeleton active paragraph={{ rows: 6 }} className="card" />}
      </div>
    )
  }
  if (empty?.when(query.data)) return empty.show
  return children(query.data)
}
