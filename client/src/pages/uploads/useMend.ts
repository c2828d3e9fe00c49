import { type InfiniteData, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { z } from 'zod'
import type {
  ColumnField,
  ImportRowView,
  ImportView,
  mendedImport,
  mendImport,
} from '../../../../server/imports/schema.ts'
import { api, ProblemError } from '../../api/client.ts'
import { type Page, queries } from '../../api/queries.ts'

export type Mend = z.input<typeof mendImport>
export type Cells = Partial<Record<ColumnField, string | null>>
export type Rows = InfiniteData<Page<ImportRowView>>

const LOOK_MS = 500

/** Replaces rows in what has been read of a list, page by page. */
export function withRows(
  data: Rows | undefined,
  change: (row: ImportRowView) => ImportRowView,
): Rows | undefined {
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

/** Mends cells; while the list is still being checked, of a mend before perhaps, once that is done. */
async function mendWhenChecked(id: string, mend: Mend): Promise<z.infer<typeof mendedImport>> {
  for (;;) {
    try {
      return await api.post(`/imports/${id}/mend`, mend)
    } catch (error) {
      const busy =
        error instanceof ProblemError &&
        error.code === 'import.wrong-status' &&
        error.errors.some((e) => e.params?.status === 'parsing')
      if (!busy) throw error
    }
    let status: ImportView['status']
    do {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      status = (await api.get<ImportView>(`/imports/${id}`)).status
    } while (status === 'parsing')
  }
}

const seqsOf = (mend: Mend): number[] => ('rows' in mend ? mend.rows.map((row) => row.seq) : [])

/**
 * Mends cells: they show at once, and with what the service's check says of them as soon as it has answered. Mends
 * go to the service one after the other, however fast somebody types.
 * @param onFault told of what the service refused
 */
export function useMend(id: string, onFault: (error: unknown) => void) {
  const client = useQueryClient()
  const key: QueryKey = ['import-rows', `/imports/${id}/rows`]
  /** how many mends of a row are on their way: its answer counts once the last one is there */
  const underWay = useRef(new Map<number, number>())
  const count = (mend: Mend, by: number) => {
    for (const seq of seqsOf(mend)) underWay.current.set(seq, (underWay.current.get(seq) ?? 0) + by)
  }
  return useMutation({
    scope: { id: `mend ${id}` },
    mutationFn: (mend: Mend) => mendWhenChecked(id, mend),
    onMutate: async (mend) => {
      count(mend, 1)
      await client.cancelQueries({ queryKey: key })
      if (!('rows' in mend)) return
      const drafts = new Map(mend.rows.map((r) => [r.seq, r.cells]))
      client.setQueriesData<Rows>({ queryKey: key }, (data) =>
        withRows(data, (row) => {
          const cells = drafts.get(row.seq)
          return cells ? drafted(row, cells) : row
        }),
      )
    },
    onError: (error, mend) => {
      count(mend, -1)
      onFault(error)
      // What was shown ahead is not so: what the service has is read anew.
      return client.invalidateQueries({ queryKey: key })
    },
    onSuccess: ({ view, rows }, mend) => {
      count(mend, -1)
      client.setQueryData(queries.import(id).queryKey, view)
      if ('where' in mend) return client.resetQueries({ queryKey: key })
      const checked = new Map(
        rows.filter((row) => !underWay.current.get(row.seq)).map((row) => [row.seq, row]),
      )
      client.setQueriesData<Rows>({ queryKey: key }, (data) =>
        withRows(data, (row) => checked.get(row.seq) ?? row),
      )
      // Other filters hold other rows now; the one in sight keeps its rows in place.
      return client.invalidateQueries({ queryKey: key, refetchType: 'none' })
    },
  })
}
