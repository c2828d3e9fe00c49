import { useCallback, useState } from 'react'
import type { Kind } from '../../../../server/domain/vocabulary.ts'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import type { Draft } from './draft.ts'
import { draftKey, readKept } from './useDraft.ts'
import type { WithEffects } from './useEntryForm.ts'

/** A vehicle as a line names it. */
interface Named {
  vin: string
  plate: string
  newEnergy: boolean
}

/** One entry of this sitting. */
export interface Entered {
  id: string
  kind: Kind
  on: string
  vehicle: Named
  retires: Named[]
  /** taken back again */
  undone: boolean
  /** the form as it was saved */
  draft: Draft
}

const MOST = 50

/** What was entered in this tab, newest first, kept for a reload. */
export interface SittingStore {
  items: readonly Entered[]
  add: (entry: WithEffects, draft: Draft) => void
  undo: (id: string) => void
}

const named = ({ vin, plate, energy }: WithEffects['vehicle']): Named => ({
  vin,
  plate,
  newEnergy: isNewEnergy(energy),
})

/** @param account whose entries */
export function useSitting(account: string): SittingStore {
  const key = draftKey(account, 'sitting')
  const [items, setItems] = useState(() => readKept<Entered[]>(key, Array.isArray) ?? [])
  const change = useCallback(
    (make: (before: Entered[]) => Entered[]) =>
      setItems((before) => {
        const after = make(before).slice(0, MOST)
        sessionStorage.setItem(key, JSON.stringify(after))
        return after
      }),
    [key],
  )
  return {
    items,
    add: (entry, draft) => {
      const { id, kind, on } = entry
      const one = { id, kind, on, vehicle: named(entry.vehicle), retires: entry.retires.map(named) }
      change((before) => [{ ...one, undone: false, draft }, ...before])
    },
    undo: (id) => change((before) => before.map((one) => (one.id === id ? { ...one, undone: true } : one))),
  }
}
