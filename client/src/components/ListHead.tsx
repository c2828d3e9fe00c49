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
  unit: 'vehicles.total' | 'common.total'
  testId: string
  /** what else is to be said of the list */
  note?: string | undefined
}) {
  const { path, query, total, unit, testId, note } = props
  const { t } = useText()
  return (
    <div className="list-head">
      <span data-testid={testId} aria-live="polite">
        {total === undefined ? t('filters.counting') : t(unit, { n: count(total), count: total })}
      </span>
      {note && <span className="list-note">{note}</span>}
      <ExportButton path={path} query={query} />
    </div>
  )
}

/**
 * How many a list holds in all; undefined until that is known. A list that came with its number, or is shown whole,
 * need not be counted.
 */
export function useListTotal(
  path: string,
  query: Query,
  list: Pick<ReturnType<typeof useList>, 'items' | 'total' | 'stale' | 'more' | 'query'>,
): number | undefined {
  const here = list.query.data !== undefined && !list.stale
  const known = here ? (list.total ?? (list.more.hasNext ? undefined : list.items.length)) : undefined
  const asked = useQuery({ ...queries.count(path, query), enabled: here && known === undefined })
  return known ?? asked.data?.total
}
