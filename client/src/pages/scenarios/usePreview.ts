import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ScenarioResult, ScenarioView } from '../../../../server/scenarios/schema.ts'
import { api } from '../../api/client.ts'
import { useSettled } from '../../components/useSettled.ts'
import { type Draft, inputsOf } from './draft.ts'

/** How long the steps must rest before they are worked out anew, in milliseconds. */
const REST_MS = 150

/**
 * Every target by what is planned, as it is moved.
 * @param kept the scenario whose figures to start from, of its part of the city; today's when there is none
 */
export function usePreview(draft: Draft, kept: ScenarioView | undefined) {
  const inputs = useMemo(() => inputsOf(draft), [draft])
  const settled = useSettled(inputs, REST_MS)
  const from = useMemo(() => {
    if (!kept) return { basis: {}, county: null }
    const { asOf, knownAt, policyVersion } = kept.basis
    return { basis: { asOf, knownAt, policyVersion }, county: kept.county }
  }, [kept])
  const query = useQuery({
    queryKey: ['ledger', '/scenarios/preview', settled, from],
    queryFn: ({ signal }) =>
      api.post<ScenarioResult>('/scenarios/preview', { inputs: settled, ...from }, signal),
    placeholderData: keepPreviousData,
  })
  return { query, waiting: settled !== inputs || query.isPlaceholderData }
}
