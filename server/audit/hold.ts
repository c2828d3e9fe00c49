import type { Response } from 'express'

/**
 * Holds an answer back until something is stored: nothing of it, not even its head, leaves before, however it is
 * made (JSON, a stream, a file). What wraps the answer as well, such as the session, must have done so before: what
 * came after would begin the head before anything is stored.
 * @param store called once, when the answer begins; its status is known by then
 * @param instead called when storing failed; it sets the head of another answer and gives the text to be sent
 */
export function holdAnswer(res: Response, store: () => Promise<void>, instead: () => string): void {
  const write = res.write.bind(res) as (...args: unknown[]) => boolean
  const end = res.end.bind(res) as (...args: unknown[]) => Response
  const kept: (() => void)[] = []
  let state: 'before' | 'storing' | 'open' | 'lost' = 'before'
  const open = () => {
    state = 'open'
    for (const send of kept.splice(0)) send()
    // Whoever was told to wait goes on.
    if (!res.writableEnded) res.emit('drain')
  }
  const lose = () => {
    state = 'lost'
    kept.length = 0
    // A head that is made already says what is not so.
    if (res.headersSent) res.destroy()
    else end(instead())
  }
  const begin = () => {
    if (state !== 'before') return
    state = 'storing'
    store().then(open, lose)
  }
  res.write = ((...args: unknown[]) => {
    if (state === 'open') return write(...args)
    if (state === 'lost') return false
    kept.push(() => write(...args))
    begin()
    return false
  }) as Response['write']
  res.end = ((...args: unknown[]) => {
    if (state === 'open') return end(...args)
    if (state === 'lost') return res
    kept.push(() => end(...args))
    begin()
    return res
  }) as Response['end']
}
