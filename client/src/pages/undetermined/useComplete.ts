import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ChangeView, Effect } from '../../../../server/changes/schema.ts'
import type { Emission } from '../../../../server/domain/vocabulary.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { today } from '../../components/choices.tsx'
import { draftOf } from '../entry/draft.ts'
import { readDraft } from '../entry/read-draft.ts'
import { entryBefore, type Pending } from './pending.ts'

type Made = ChangeView & { effects: Effect[] }

/** A vehicle whose emission standard has just been said. */
export interface Completed {
  pending: Pending
  emission: Emission
  /** the rule's figure without and with it; undefined when it did not move */
  effect: Effect | undefined
  /** what says it now, to be said without it again; null where that cannot be */
  made: Made | null
}

/** No entry says what a vehicle is, or none that the account may see. */
export class NoEntry extends Error {}

const correct = (change: ChangeView, emission: Emission | '', reason: string): Promise<Made> => {
  const { body } = readDraft({ ...draftOf(change), emission }, today())
  delete body.breachReason
  return api.post<Made>(`/changes/${change.id}/correct`, { reason, change: body })
}

/**
 * Says the emission standard of a vehicle where it is said what the vehicle is: the entry by which it came into service
 * is corrected, and what later entries copied of it follows. Each line has one of its own, so that nobody waits for the
 * line before.
 * @param rule id of the rule whose figure it moves
 * @param onDone told what became of it, also when the line is gone by then
 */
export function useComplete(pending: Pending, rule: string, onDone: (done: Completed) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ emission, reason }: { emission: Emission; reason: string }): Promise<Completed> => {
      const { vehicle, change } = pending
      const { history } = await client.fetchQuery({ ...queries.vehicle(vehicle.vin), staleTime: 0 })
      const entry = entryBefore(history, vehicle.vin, change.on)
      if (!entry && change.kind !== 'retired') throw new NoEntry()
      const made = await correct(entry ?? change, emission, reason)
      const effect = made.effects.find((one) => one.rule === rule)
      return { pending, emission, effect, made: entry ? made : null }
    },
    onSuccess: (done) => {
      onDone(done)
      void client.invalidateQueries({ queryKey: ['ledger'] })
    },
  })
}

/** Takes an emission standard back that has just been said. */
export function useUndo() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ made, reason }: { made: Made; reason: string }) => correct(made, '', reason),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['ledger'] }),
  })
}
