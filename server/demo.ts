import type { RunningService } from './start.ts'

/** `npm run demo`: the service on a data folder of its own, with a made-up city to look around in. */
const ADMINISTRATOR = { email: 'demo@example.com', password: 'demonstration' }

/** Loads the made-up city if there is nothing yet, and says how to sign in. */
async function furnish({ services, url }: RunningService): Promise<void> {
  const { loadSampleInto } = await import('./sample/load.ts')
  const accounts = await services.accounts.list()
  const administrator = accounts.find((a) => a.role === 'administrator' && a.active)
  if (administrator) loadSampleInto(services)(administrator)
  const { email, password } = services.config.admin ?? ADMINISTRATOR
  console.log(`演示 Demo: ${url} — ${email} / ${password}`)
}

process.env.DATA_DIR ||= 'data-demo'
process.env.ADMIN_EMAIL ||= ADMINISTRATOR.email
process.env.ADMIN_PASSWORD ||= ADMINISTRATOR.password

import('./main.ts')
  .then(({ running }) => running)
  .then(furnish)
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
