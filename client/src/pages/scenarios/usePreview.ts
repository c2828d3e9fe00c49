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
 * @param kept the scenario whose figures to start from; today's when there is none
 */
export function usePreview(draft: Draft, kept: ScenarioView | undefined) {
  const inputs = useMemo(() => inputsOf(draft), [draft])
  const settled = useSettled(inputs, REST_MS)
  const basis = useMemo(() => {
    if (!kept) return {}
    const { asOf, knownAt, policyVersion } = kept.basis
    return { asOf, knownAt, policyVersion }
  }, [kept])
  const query = useQuery({
    queryKey: ['ledger', '/scenarios/preview', settled, basis],
    queryFn: ({ signal }) =>
      api.post<ScenarioResult>('/scenarios/preview', { inputs: settled, basis }, signal),
    placeholderData: keepPreviousData,
  })
  return { query, waiting: settled !== inputs || query.isPlaceholderData }
}
