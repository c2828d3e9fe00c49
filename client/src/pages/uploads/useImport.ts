import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { ImportStatus, ImportView } from '../../../../server/imports/schema.ts'
import { api, fileAddress } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'

const WORKING: readonly ImportStatus[] = ['parsing', 'applying', 'withdrawing']

/** Whether the service is at work on a list. */
export const isWorking = (status: ImportStatus): boolean => WORKING.includes(status)

/** Whether a list still waits for somebody: nothing of it is recorded yet. */
export const isPending = (status: ImportStatus): boolean =>
  status === 'checked' || status === 'submitted' || status === 'rejected'

/** How often a list at work is asked for: each second without events, rarely beside them, lest a proxy holds them back. */
const POLL_MS = 1000
const BESIDE_EVENTS_MS = 5000

/** A list; while the service is at work on it, its progress is followed by events, or by asking when there are none. */
export function useImport(id: string) {
  const client = useQueryClient()
  const [silent, setSilent] = useState(false)
  const query = useQuery({
    ...queries.import(id),
    refetchInterval: (q) => {
      if (!q.state.data || !isWorking(q.state.data.status)) return false
      return silent ? POLL_MS : BESIDE_EVENTS_MS
    },
  })
  const status = query.data?.status
  const working = status !== undefined && isWorking(status)
  useProgress(id, working, setSilent)
  const before = useRef(status)
  useEffect(() => {
    if (before.current !== undefined && before.current !== status) {
      // While a list is checked anew its old rows stay in sight.
      if (status !== 'parsing') void client.resetQueries({ queryKey: ['import-rows', `/imports/${id}/rows`] })
      void client.invalidateQueries({ queryKey: ['attention'] })
      // What was recorded, or taken back, moves every figure and list of vehicles.
      if (status === 'applied' || status === 'withdrawn')
        void client.invalidateQueries({ queryKey: ['ledger'] })
    }
    before.current = status
  }, [status, client, id])
  return query
}

/** Puts the progress that the service tells into the list at hand, and asks for the list when its status changes. */
function useProgress(id: string, working: boolean, setSilent: (silent: boolean) => void): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!working) return
    const { queryKey } = queries.import(id)
    const source = new EventSource(fileAddress(`/imports/${id}/events`))
    source.addEventListener('progress', (event) => {
      const told = JSON.parse(event.data) as Pick<ImportView, 'status' | 'progress'>
      const known = client.getQueryData<ImportView>(queryKey)
      if (!known) return
      if (told.status === known.status) client.setQueryData(queryKey, { ...known, progress: told.progress })
      else void client.invalidateQueries({ queryKey })
    })
    // The end of the events looks like a fault too: asking finds out which it is.
    source.onerror = () => {
      source.close()
      setSilent(true)
      void client.invalidateQueries({ queryKey })
    }
    return () => {
      source.close()
      setSilent(false)
    }
  }, [id, working, client, setSilent])
}

/** What is done with a whole list. */
export type Act =
  | { action: 'submit' | 'cancel' | 'recheck' }
  | { action: 'approve'; rows: 'all' | 'clean' }
  | { action: 'reject' | 'withdraw'; reason: string }

/** Does it, and takes in what became of the list. */
export function useAct(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ action, ...body }: Act) => api.post<ImportView>(`/imports/${id}/${action}`, body),
    onSuccess: (now) => client.setQueryData(queries.import(id).queryKey, now),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['attention'] })
      return client.invalidateQueries({ queryKey: ['imports'] })
    },
  })
}
