import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { api } from '../../api/client.ts'
import { sendList } from '../../api/upload.ts'

/** A file on its way: waiting, being sent, being checked by the service, checked, or refused. */
export type Sending = { key: number; file: File } & (
  | { state: 'waiting' }
  | { state: 'sending'; share: number }
  | { state: 'checking'; id: string; view: ImportView | null }
  | { state: 'done'; id: string; view: ImportView }
  | { state: 'failed'; error: unknown }
)
type State = Sending extends infer S ? (S extends Sending ? Omit<S, 'key' | 'file'> : never) : never

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Sends files one after the other, and follows each until it is checked. */
export function useSendQueue() {
  const client = useQueryClient()
  const [queue, setQueue] = useState<Sending[]>([])
  const next = useRef(0)
  const busy = useRef(false)
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])

  const put = useCallback((key: number, state: State) => {
    setQueue((all) =>
      all.map((item) => (item.key === key ? ({ key, file: item.file, ...state } as Sending) : item)),
    )
  }, [])

  const run = useCallback(
    async ({ key, file }: Sending) => {
      try {
        put(key, { state: 'sending', share: 0 })
        const { id } = await sendList(file, (share) => put(key, { state: 'sending', share }))
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

  const add = useCallback((files: readonly File[]) => {
    setQueue((all) => [
      ...all,
      ...files.map((file): Sending => ({ key: next.current++, file, state: 'waiting' })),
    ])
  }, [])
  return { queue, add }
}
