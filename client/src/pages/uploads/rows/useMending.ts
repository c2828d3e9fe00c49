import { App } from 'antd'
import { useMemo, useRef, useState } from 'react'
import type { ImportRowView, ImportView } from '../../../../../server/imports/schema.ts'
import { useProblemText } from '../../../components/problem.ts'
import { type Cells, type Mend, useMend } from '../useMend.ts'

type Where = Extract<Mend, { where: unknown }>['where']

/** What the rows' parts can do with cells. */
export interface Mending {
  may: boolean
  busy: boolean
  /** puts new texts into cells of a row; null takes a mend back */
  mend: (row: ImportRowView, cells: Cells) => void
  /** the same for all rows of an outcome or with an issue code */
  mendWhere: (where: Where, cells: Cells) => void
  /** takes back everything that was mended in a row */
  restore: (row: ImportRowView) => void
  /** takes the last mend of this visit back; undefined when there is none */
  undo: (() => void) | undefined
}

const KEPT = 100

/** Cells that put a row's back as they are now. */
const backTo = (row: ImportRowView, cells: Cells): Cells =>
  Object.fromEntries(
    Object.keys(cells).map((field) => [
      field,
      row.mended[field] === undefined ? null : (row.values[field] ?? ''),
    ]),
  )

/** Only what really changes; a text that was there at first takes the mend back. */
function changesOf(row: ImportRowView, cells: Cells): Cells | null {
  const entries = Object.entries(cells).flatMap(([field, text]): [string, string | null][] => {
    if (text === null || text === undefined) {
      // Of a vehicle that the list lacks everything said is an answer, which nothing stood in place of before.
      const said = row.mended[field] !== undefined || (row.row === 0 && Boolean(row.values[field]))
      return said ? [[field, null]] : []
    }
    const next = text.trim()
    if (next === (row.values[field] ?? '')) return []
    return [[field, row.mended[field] === next ? null : next]]
  })
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

/** Mends cells of a list, with undo and with a word when it does not work. */
export function useMending(view: ImportView): Mending {
  const { message } = App.useApp()
  const problem = useProblemText()
  const { mutate: send, isPending } = useMend(view.id, (error) => void message.error(problem(error)))
  const [undos, setUndos] = useState<{ seq: number; cells: Cells }[]>([])
  const latest = useRef(undos)
  latest.current = undos
  const may = view.may.includes('mend')
  return useMemo(
    () => ({
      may,
      busy: isPending,
      mend: (row, cells) => {
        const changed = changesOf(row, cells)
        if (!changed) return
        setUndos((all) => [...all, { seq: row.seq, cells: backTo(row, changed) }].slice(-KEPT))
        send({ rows: [{ seq: row.seq, cells: changed }] })
      },
      mendWhere: (where, cells) => send({ where, cells }),
      restore: (row) => {
        const cells = Object.fromEntries(Object.keys(row.mended).map((field) => [field, null]))
        if (Object.keys(cells).length > 0) send({ rows: [{ seq: row.seq, cells }] })
      },
      undo:
        undos.length === 0
          ? undefined
          : () => {
              const last = latest.current.at(-1)
              if (!last) return
              setUndos((all) => all.slice(0, -1))
              send({ rows: [last] })
            },
    }),
    [may, isPending, undos, send],
  )
}
