import { useQuery } from '@tanstack/react-query'
import type { Query } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { count } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { ExportButton } from './ExportButton.tsx'
import type { useList } from './useList.ts'

/**
 * Above a list: how many it holds in all, asked apart so that the list never waits for it, and the export of all of
 * them.
 */
export function ListHead(props: {
  path: string
  query: Query
  total: number | undefined
  /** so many have been found, and there may be more */
  atLeast?: boolean
  unit: 'vehicles.total' | 'common.total'
  testId: string
  /** what else is to be said of the list */
  note?: string | undefined
}) {
  const { path, query, total, atLeast, unit, testId, note } = props
  const { t } = useText()
  return (
    <div className="list-head">
      <span data-testid={testId} aria-live="polite">
        {total === undefined
          ? t('filters.counting')
          : t(atLeast ? 'vehicles.totalAtLeast' : unit, { n: count(total), count: total })}
      </span>
      {note && <span className="list-note">{note}</span>}
      <ExportButton path={path} query={query} />
    </div>
  )
}

/**
 * How many a list holds in all; undefined until that is known. A list that came with its number, or is shown whole,
 * need not be counted. Of a large list of the past it may be known only that there are at least so many.
 */
export function useListTotal(
  path: string,
  query: Query,
  list: Pick<ReturnType<typeof useList>, 'items' | 'total' | 'stale' | 'more' | 'query'>,
): { total: number | undefined; atLeast: boolean } {
  const here = list.query.data !== undefined && !list.stale
  const known = here ? (list.total ?? (list.more.hasNext ? undefined : list.items.length)) : undefined
  const asked = useQuery({ ...queries.count(path, query), enabled: here && known === undefined })
  if (known !== undefined) return { total: known, atLeast: false }
  return { total: asked.data?.total, atLeast: asked.data?.atLeast ?? false }
}
