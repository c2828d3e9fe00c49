import { readConfig } from './config.ts'
import { startDatabase } from './database/start.ts'
import type { RunningService } from './start.ts'

/** Starts the service with the settings of the environment; prints one line on where it is. */
async function main(): Promise<RunningService> {
  const config = readConfig(process.env)
  // The database opens in a process of its own while this one loads the rest of the code.
  const opening = startDatabase({
    uri: config.mongodbUri,
    dataDir: config.dataDir,
    onExit: (reason) => console.error(reason),
  })
  opening.catch(() => undefined)
  const { startService } = await import('./start.ts')
  const service = await startService(config, opening)
  const { url, description, setUpLink } = service
  console.log(
    setUpLink
      ? `就绪 Ready (${description}) — 首次设置 set up: ${setUpLink}`
      : `就绪 Ready (${description}) — ${url}`,
  )
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    console.log(`${signal}: 正在停止 stopping`)
    service.stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return service
}

/** The service that this program runs, for the demonstration, which has something to do with it. */
export const running = main()

running.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
