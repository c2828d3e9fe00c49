import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { normalisePlate } from '../../../server/domain/plate.ts'
import type { VehicleSuggestion } from '../../../server/vehicles/schema.ts'
import { queries } from '../api/queries.ts'
import { useSettled } from './useSettled.ts'

/** The service suggests from so many characters on. */
const SHORTEST = 2
const PAUSE_MS = 120

/** A piece of a plate or VIN as the register holds it: upper case, without spaces, dots and hyphens. */
export const fragmentOf = (typed: string): string => normalisePlate(typed)

/** Whether a vehicle is exactly the one that a text names, by plate or VIN. */
export const isNamed = ({ plate, vin }: VehicleSuggestion, text: string): boolean =>
  plate === fragmentOf(text) || vin === fragmentOf(text)

const contains = ({ plate, vin }: VehicleSuggestion, fragment: string): boolean =>
  plate.includes(fragment) || vin.includes(fragment)

/**
 * The vehicles whose plate or VIN holds what is being typed. While the answer is on its way those of the last one
 * that still fit are shown, so that the list never holds what was not asked for.
 * @param limit so many at the most
 */
export function useSuggestions(typed: string, limit = 20) {
  const fragment = fragmentOf(typed)
  const asked = useSettled(fragment, PAUSE_MS)
  const enough = asked.length >= SHORTEST
  const found = useQuery({
    ...queries.suggest({ q: asked, limit }),
    enabled: enough && fragment.length >= SHORTEST,
    placeholderData: keepPreviousData,
  })
  // An answer to this very fragment stands as it is: a vehicle may be found by a plate that it carried before.
  const fits = (vehicle: VehicleSuggestion) =>
    (asked === fragment && !found.isPlaceholderData) || contains(vehicle, fragment)
  const items = fragment.length < SHORTEST ? [] : (found.data?.items.filter(fits) ?? [])
  return {
    fragment,
    items,
    /** too little has been typed to suggest anything */
    tooShort: fragment.length < SHORTEST,
    /** the answer to what is typed is not there yet */
    waiting: fragment.length >= SHORTEST && (asked !== fragment || found.isFetching),
    error: enough && !found.isFetching ? found.error : null,
  }
}

/**
 * The vehicles that texts name exactly, by VIN or by plate; of several that carried one plate, the one in service.
 * A text that names none, or several alike, is not in the answer.
 */
export function useNamed(texts: readonly string[]) {
  const client = useQueryClient()
  const fragments = texts.map(fragmentOf)
  const answers = useQueries({
    queries: fragments.map((q) => ({
      ...queries.suggest({ q, limit: 20 }),
      enabled: q.length >= SHORTEST,
      staleTime: 60_000,
    })),
  })
  const named = new Map<string, VehicleSuggestion>()
  texts.forEach((text, i) => {
    const known = client.getQueryData<VehicleSuggestion>(chosenKey(text))
    const exact = answers[i]?.data?.items.filter((vehicle) => isNamed(vehicle, text)) ?? []
    const active = exact.filter((vehicle) => vehicle.status === 'active')
    const one = exact.length === 1 ? exact[0] : active.length === 1 ? active[0] : undefined
    const vehicle = one ?? known
    if (vehicle) named.set(text, vehicle)
  })
  return {
    named,
    /** whether it is still being found out what a text names */
    waiting: (text: string) => answers[texts.indexOf(text)]?.isFetching === true && !named.has(text),
  }
}

/** Where a vehicle that was chosen from a list is remembered, so that its plate shows at once. */
export const chosenKey = (vin: string) => ['ledger', 'chosen-vehicle', vin] as const
