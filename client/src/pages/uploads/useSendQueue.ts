import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { api } from '../../api/client.ts'
import { type SendOptions, sendList } from '../../api/upload.ts'

/** A file on its way: waiting, being sent, being checked by the service, checked, or refused. */
export type Sending = { key: number; file: File; options: SendOptions } & (
  | { state: 'waiting' }
  | { state: 'sending'; share: number }
  | { state: 'checking'; id: string; view: ImportView | null }
  | { state: 'done'; id: string; view: ImportView }
  | { state: 'failed'; error: unknown }
)
type State = Sending extends infer S
  ? S extends Sending
    ? Omit<S, 'key' | 'file' | 'options'>
    : never
  : never

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Sends files one after the other, and follows each until it is checked. */
export function useSendQueue() {
  const client = useQueryClient()
  const [queue, setQueue] = useState<Sending[]>([])
  const next = useRef(0)
  const busy = useRef(false)
  const gone = useRef(false)
  const stops = useRef(new Map<number, AbortController>())
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])

  const put = useCallback((key: number, state: State) => {
    setQueue((all) =>
      all.map(
        (item): Sending =>
          item.key === key ? { key, file: item.file, options: item.options, ...state } : item,
      ),
    )
  }, [])

  const run = useCallback(
    async ({ key, file, options }: Sending) => {
      const stop = new AbortController()
      stops.current.set(key, stop)
      try {
        put(key, { state: 'sending', share: 0 })
        const { id } = await sendList(
          file,
          options,
          (share) => put(key, { state: 'sending', share }),
          stop.signal,
        )
        put(key, { state: 'checking', id, view: null })
        for (;;) {
          const view = await api.get<ImportView>(`/imports/${id}`)
          if (view.status !== 'parsing') {
            put(key, { state: 'done', id, view })
            break
          }
          put(key, { state: 'checking', id, view })
          await wait(1000)
          if (gone.current) return
        }
      } catch (error) {
        put(key, { state: 'failed', error })
      } finally {
        stops.current.delete(key)
        void client.invalidateQueries({ queryKey: ['imports'] })
      }
    },
    [client, put],
  )

  useEffect(() => {
    const waiting = queue.find((item) => item.state === 'waiting')
    if (!waiting || busy.current) return
    busy.current = true
    void run(waiting).finally(() => {
      busy.current = false
      // a new array, so that this effect looks for the next one
      setQueue((all) => [...all])
    })
  }, [queue, run])

  const add = useCallback((files: readonly File[], options: SendOptions) => {
    setQueue((all) => [
      ...all,
      ...files.map((file): Sending => ({ key: next.current++, file, options, state: 'waiting' })),
    ])
  }, [])
  /** Ends the sending of a file, or takes it out of the queue. */
  const drop = useCallback((key: number) => {
    const stop = stops.current.get(key)
    if (stop) stop.abort()
    else setQueue((all) => all.filter((item) => item.key !== key))
  }, [])
  return { queue, add, drop }
}
