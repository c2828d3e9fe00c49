import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ImportView, mapImport } from '../../../../server/imports/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'

export type Mapping = z.input<typeof mapImport>

/** Has the file read otherwise: the list is checked anew. */
export function useMapping(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (mapping: Mapping) => api.post<ImportView>(`/imports/${id}/mapping`, mapping),
    onSuccess: (now) => client.setQueryData(queries.import(id).queryKey, now),
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  })
}

/** The mapping that takes another back: everything that it names as the list has it now. */
export function inverseOf(mapping: Mapping, view: ImportView): Mapping {
  const undo: Mapping = { remember: mapping.remember }
  if (mapping.sheets) undo.sheets = view.sheets.filter((s) => s.chosen).map((s) => s.index)
  if (mapping.mode) undo.mode = view.mode
  if (mapping.asOf && view.asOf) undo.asOf = view.asOf
  if (mapping.columns)
    undo.columns = mapping.columns.map(({ sheet, index }) => ({
      sheet,
      index,
      field: view.columns.find((c) => c.sheet === sheet && c.index === index)?.field ?? null,
    }))
  if (mapping.values)
    undo.values = mapping.values.map(({ field, text }) => {
      const known = view.values.find((v) => v.field === field && v.text === text)
      return { field, text, value: known && known.by !== 'recognised' ? known.value : null }
    })
  if (mapping.defaults)
    undo.defaults = Object.fromEntries(
      Object.keys(mapping.defaults).map((field) => [
        field,
        view.defaults[field as keyof typeof view.defaults] ?? null,
      ]),
    )
  return undo
}
