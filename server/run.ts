import { readConfig } from './config.ts'
import type { StartedDatabase } from './database/start.ts'
import type { RunningService } from './start.ts'
import { tidyAfterStart } from './tidy.ts'

/**
 * Runs the service with the settings of the environment, prints one line on where it is, and ends it with the process.
 * @param opening the database, being opened
 */
export async function runService(opening: Promise<StartedDatabase>): Promise<RunningService> {
  const service = await start(opening)
  const { url, description, setUpLink } = service
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    // Whoever asks twice does not want to wait.
    if (stopping) process.exit(1)
    stopping = true
    console.log(`${signal}: 正在停止 stopping`)
    service.stop().then(() => process.exit(0), fail)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const where = setUpLink ? `首次设置 set up: ${setUpLink}` : url
  tidyAfterStart()
  // Whoever reads this may end the service at once.
  console.log(`就绪 Ready (${description}) — ${where}`)
  return service
}

async function start(opening: Promise<StartedDatabase>): Promise<RunningService> {
  try {
    const config = readConfig(process.env)
    const { startService } = await import('./start.ts')
    return await startService(config, opening)
  } catch (error) {
    await opening.then((database) => database.stop()).catch(() => undefined)
    throw error
  }
}

/** Says what went wrong and ends the process. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
