import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { List, Page } from '../api/queries.ts'

/**
 * A list read page by page: what is there so far, as one. The list before stays until a new one has come.
 * @param again asks again after so many milliseconds, as long as it says so
 */
export function useList<T, P extends Page<T>>(
  list: List<P & Page<T>>,
  again?: (items: T[]) => number | false,
) {
  const query = useInfiniteQuery({
    queryKey: list.queryKey,
    queryFn: ({ pageParam, signal }) => list.read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (q) => again?.(q.state.data?.pages.flatMap((page) => page.items) ?? []) ?? false,
  })
  const pages = query.data?.pages
  const items = useMemo(() => pages?.flatMap((page) => page.items), [pages])
  return {
    query: { data: items, error: query.error, isPending: query.isPending, refetch: query.refetch },
    items: items ?? [],
    first: pages?.[0] as (P & Page<T>) | undefined,
    total: pages?.[0]?.total,
    /** the next filter's list is on its way, the last one's still shows */
    stale: query.isPlaceholderData,
    more: {
      hasNext: query.hasNextPage,
      loading: query.isFetchingNextPage,
      onMore: () => void query.fetchNextPage(),
    },
  }
}
