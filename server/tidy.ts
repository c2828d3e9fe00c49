import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Starting, and keeping its compiled code for the next time, is over by then. */
const AFTER_MS = 5_000

/**
 * Has what starting left behind collected, once. By itself the engine puts its first whole collection off until the
 * heap is several times as large, and lets that much garbage stand while the first long list is worked on; after one it
 * goes by what is in use.
 */
export function tidyAfterStart(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    setFlagsFromString('--no-expose-gc')
    if (typeof collect === 'function') collect()
  }, AFTER_MS).unref()
}
