import { useState } from 'react'
import type {
  ColumnField,
  ImportColumn,
  ImportMode,
  ImportView,
} from '../../../../../server/imports/schema.ts'
import type { Mapping } from '../useMapping.ts'

type Chosen = Readonly<Record<string, string | null>>

/** How the reader wants the file read, beside how it was read: only what differs. */
export interface Draft {
  sheets: number[] | null
  mode: ImportMode | null
  asOf: string | null
  columns: Readonly<Record<string, ColumnField | null>>
  values: Chosen
  defaults: Chosen
  remember: boolean
}

const NOTHING: Draft = {
  sheets: null,
  mode: null,
  asOf: null,
  columns: {},
  values: {},
  defaults: {},
  remember: true,
}

export const columnKey = ({ sheet, index }: Pick<ImportColumn, 'sheet' | 'index'>): string =>
  `${sheet}:${index}`
const valueKey = (field: string, text: string): string => `${field}:${text}`

/** Several columns may say which vehicles were replaced, or add to the note; of the rest one is enough. */
const REPEATABLE: readonly (ColumnField | null)[] = ['replaces', 'note', null]

/** Collects what the reader changes of the reading, and makes the request of it. */
export function useDraft(view: ImportView) {
  const [draft, setDraft] = useState<Draft>(NOTHING)
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const fieldOf = (column: ImportColumn): ColumnField | null => {
    const chosen = draft.columns[columnKey(column)]
    return chosen === undefined ? column.field : chosen
  }
  const putColumn = (column: ImportColumn, field: ColumnField | null) => {
    const columns = { ...draft.columns, [columnKey(column)]: field }
    if (!REPEATABLE.includes(field))
      for (const other of view.columns)
        if (other.sheet === column.sheet && other.index !== column.index && fieldOf(other) === field)
          columns[columnKey(other)] = null
    put({ columns })
  }
  const meaningOf = (field: string, text: string, known: string | null): string | null => {
    const chosen = draft.values[valueKey(field, text)]
    return chosen === undefined ? known : chosen
  }
  return {
    draft,
    put,
    reset: () => setDraft(NOTHING),
    fieldOf,
    putColumn,
    meaningOf,
    putValue: (field: string, text: string, value: string | null) =>
      put({ values: { ...draft.values, [valueKey(field, text)]: value } }),
    defaultOf: (field: ColumnField): string | undefined => {
      const chosen = draft.defaults[field]
      return (chosen === undefined ? view.defaults[field] : chosen) ?? undefined
    },
    putDefault: (field: ColumnField, value: string | undefined) =>
      put({ defaults: { ...draft.defaults, [field]: value ?? null } }),
    mapping: () => mappingOf(draft, view),
  }
}

/** The request for a draft, or null when it changes nothing. */
function mappingOf(draft: Draft, view: ImportView): Mapping | null {
  const columns = view.columns.flatMap((c) => {
    const field = draft.columns[columnKey(c)]
    return field === undefined || field === c.field ? [] : [{ sheet: c.sheet, index: c.index, field }]
  })
  const values = view.values.flatMap((v) => {
    const value = draft.values[valueKey(v.field, v.text)]
    return value === undefined || value === v.value ? [] : [{ field: v.field, text: v.text, value }]
  })
  const defaults = Object.fromEntries(
    Object.entries(draft.defaults).filter(
      ([field, value]) => value !== (view.defaults[field as ColumnField] ?? null),
    ),
  )
  const chosen = view.sheets.filter((s) => s.chosen).map((s) => s.index)
  const mapping: Mapping = {
    ...(columns.length > 0 ? { columns } : {}),
    ...(values.length > 0 ? { values } : {}),
    ...(Object.keys(defaults).length > 0 ? { defaults } : {}),
    ...(draft.sheets && draft.sheets.join() !== chosen.join() ? { sheets: draft.sheets } : {}),
    ...(draft.mode && draft.mode !== view.mode ? { mode: draft.mode } : {}),
    ...(draft.asOf && draft.asOf !== view.asOf ? { asOf: draft.asOf } : {}),
  }
  return Object.keys(mapping).length === 0 ? null : { ...mapping, remember: draft.remember }
}
