import { resolve } from 'node:path'
import { type StartedDatabase, startDatabase } from './database/start.ts'

/**
 * Begins to open the database that an environment names, before anything else is loaded: it opens in a process of
 * its own meanwhile. Only the two settings that it needs are read; all are checked when the service starts.
 */
export function openDatabase(env: NodeJS.ProcessEnv): Promise<StartedDatabase> {
  const opening = startDatabase({
    uri: env.MONGODB_URI || undefined,
    dataDir: resolve(env.DATA_DIR || 'data'),
    onExit: (reason) => console.error(reason),
  })
  // Whoever starts the service awaits it and says what went wrong.
  opening.catch(() => undefined)
  return opening
}
