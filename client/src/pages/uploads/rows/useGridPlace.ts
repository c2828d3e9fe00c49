import { type KeyboardEvent, useCallback, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import type { Move } from './CellEditor.tsx'
import type { FieldColumn } from './columns.ts'

/** A cell, by its row's place in the file and its field. */
export interface Place {
  seq: number
  field: string
}

const PAGE = 12

/** Where the keys lead from a cell: rows and columns to go, or far enough for an end. */
const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
  Home: [0, -Number.MAX_SAFE_INTEGER],
  End: [0, Number.MAX_SAFE_INTEGER],
}
const MOVES: Readonly<Record<Move, readonly [number, number]>> = {
  stay: [0, 0],
  down: [1, 0],
  left: [0, -1],
  right: [0, 1],
}

const clamp = (value: number, last: number) => Math.max(0, Math.min(last, value))

/** Which cell of a grid is the active one, whether it is edited, and what the keys do: as in a spreadsheet. */
export function useGridPlace(options: {
  rows: readonly ImportRowView[]
  columns: readonly FieldColumn[]
  may: boolean
  undo: (() => void) | undefined
}) {
  const { rows, columns, may, undo } = options
  const [place, setPlace] = useState<Place | null>(null)
  const [editing, setEditing] = useState<{ fresh: boolean } | null>(null)
  const indexOf = useMemo(() => new Map(rows.map((row, index) => [row.seq, index])), [rows])

  const step = useCallback(
    (from: Place, [down, right]: readonly [number, number]): Place | null => {
      const row = rows[clamp((indexOf.get(from.seq) ?? 0) + down, rows.length - 1)]
      const at = columns.findIndex((c) => c.field === from.field)
      const column = columns[clamp(at + right, columns.length - 1)]
      return row && column ? { seq: row.seq, field: column.field } : null
    },
    [rows, columns, indexOf],
  )

  const first = (): Place | null => {
    const [row] = rows
    const column = columns.find((c) => row?.issues.some((i) => i.field === c.field)) ?? columns[0]
    return row && column ? { seq: row.seq, field: column.field } : null
  }

  const edit = (fresh: boolean) => {
    if (place && may) setEditing({ fresh })
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return
    const control = event.ctrlKey || event.metaKey
    if (control && event.key === 'z' && undo) {
      event.preventDefault()
      return undo()
    }
    if (control && event.key === 'c' && place && String(getSelection() ?? '') === '') {
      const row = rows[indexOf.get(place.seq) ?? -1]
      return void navigator.clipboard?.writeText(row?.values[place.field] ?? '').catch(() => undefined)
    }
    const far = STEPS[event.key]
    if (far) {
      event.preventDefault()
      const many = control && far[0] === 0 ? ([far[1], far[1]] as const) : far
      return setPlace(place ? step(place, many) : first())
    }
    if (event.key === 'Enter' || event.key === 'F2') {
      event.preventDefault()
      return place ? edit(false) : setPlace(first())
    }
    // The editor is there before the key's letter arrives, so that an input method composes within it.
    if (event.key.length === 1 && event.key !== ' ' && !control && !event.altKey) flushSync(() => edit(true))
  }

  return {
    place,
    setPlace,
    editing,
    edit,
    stop: () => setEditing(null),
    go: (move: Move) => setPlace((from) => (from ? step(from, MOVES[move]) : from)),
    indexOf,
    onKeyDown,
  }
}
