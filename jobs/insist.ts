import { setTimeout as pause } from 'node:timers/promises'

/** What must be written down is tried for so long before it is given up, with pauses in between. */
const TRIES = 10
const PAUSE_MS = 500

/**
 * Writes down what must not be lost although the database is not there for a moment.
 * @param isOver whether nobody waits any more, as when the service stops
 * @param onFault told of each fault after which it is tried again
 * @throws what the last try threw
 */
export async function insist<T>(
  write: () => Promise<T>,
  isOver: () => boolean,
  onFault: (error: unknown) => void = () => {},
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write()
    } catch (error) {
      if (tries >= TRIES || isOver()) throw error
      onFault(error)
      await pause(PAUSE_MS)
    }
  }
}
