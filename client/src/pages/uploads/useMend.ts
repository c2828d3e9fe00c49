import { type InfiniteData, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  ColumnField,
  ImportRowView,
  mendedImport,
  mendImport,
} from '../../../../server/imports/schema.ts'
import { api } from '../../api/client.ts'
import { type Page, queries } from '../../api/queries.ts'

export type Mend = z.input<typeof mendImport>
export type Cells = Partial<Record<ColumnField, string | null>>
type Rows = InfiniteData<Page<ImportRowView>>

/** Replaces rows in what has been read, page by page. */
function withRows(data: Rows | undefined, change: (row: ImportRowView) => ImportRowView): Rows | undefined {
  return data && { ...data, pages: data.pages.map((p) => ({ ...p, items: p.items.map(change) })) }
}

/** The row as it will look, until the service has checked it: the cells' new texts, marked as mended. */
function drafted(row: ImportRowView, cells: Cells): ImportRowView {
  const values = { ...row.values }
  const mended = { ...row.mended }
  for (const [field, text] of Object.entries(cells)) {
    if (text === null) {
      values[field] = mended[field] ?? ''
      delete mended[field]
    } else {
      mended[field] ??= values[field] ?? ''
      values[field] = text ?? ''
    }
  }
  return { ...row, values, mended }
}

/** Mends cells: they show at once, and with what the service's check says of them as soon as it has answered. */
export function useMend(id: string) {
  const client = useQueryClient()
  const key: QueryKey = ['import-rows', `/imports/${id}/rows`]
  return useMutation({
    mutationFn: (mend: Mend) => api.post<z.infer<typeof mendedImport>>(`/imports/${id}/mend`, mend),
    onMutate: async (mend) => {
      await client.cancelQueries({ queryKey: key })
      const before = client.getQueriesData<Rows>({ queryKey: key })
      if ('rows' in mend) {
        const drafts = new Map(mend.rows.map((r) => [r.seq, r.cells]))
        client.setQueriesData<Rows>({ queryKey: key }, (data) =>
          withRows(data, (row) => {
            const cells = drafts.get(row.seq)
            return cells ? drafted(row, cells) : row
          }),
        )
      }
      return { before }
    },
    onError: (_error, _mend, context) => {
      for (const [rowsKey, data] of context?.before ?? []) client.setQueryData(rowsKey, data)
    },
    onSuccess: ({ view, rows }, mend) => {
      client.setQueryData(queries.import(id).queryKey, view)
      if ('where' in mend) return client.resetQueries({ queryKey: key })
      const checked = new Map(rows.map((row) => [row.seq, row]))
      client.setQueriesData<Rows>({ queryKey: key }, (data) =>
        withRows(data, (row) => checked.get(row.seq) ?? row),
      )
      // Other filters hold other rows now; the one in sight keeps its rows in place.
      return client.invalidateQueries({ queryKey: key, refetchType: 'none' })
    },
  })
}
