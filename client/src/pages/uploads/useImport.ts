import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ImportStatus, ImportView } from '../../../../server/imports/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'

/** Whether the service is at work on a list. */
export const isWorking = (status: ImportStatus): boolean => status === 'parsing' || status === 'applying'

/** A list, asked for every second while the service is at work on it. */
export function useImport(id: string) {
  const client = useQueryClient()
  const query = useQuery({
    ...queries.import(id),
    refetchInterval: (q) => (q.state.data && isWorking(q.state.data.status) ? 1000 : false),
  })
  const status = query.data?.status
  const before = useRef(status)
  useEffect(() => {
    if (before.current !== undefined && before.current !== status) {
      void client.invalidateQueries({ queryKey: ['import-rows'] })
      // What was recorded moves every figure and list of vehicles.
      if (status === 'applied') void client.invalidateQueries({ queryKey: ['ledger'] })
    }
    before.current = status
  }, [status, client])
  return query
}

/** What is decided of a list. */
export function useDecision(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (decision: { action: 'approve' | 'reject' | 'recheck'; reason?: string }) =>
      api.post<ImportView>(
        `/imports/${id}/${decision.action}`,
        decision.reason === undefined ? {} : { reason: decision.reason },
      ),
    onSuccess: (now) => {
      client.setQueryData(queries.import(id).queryKey, now)
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  })
}
