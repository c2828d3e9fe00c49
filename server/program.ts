import type { StartedDatabase } from './database/start.ts'
import { fail, runService } from './run.ts'

/** The programs that `scripts/run.mjs` can run, by name. */
const programs: Record<string, () => Promise<unknown>> = {
  demo: () => import('./demo.ts'),
  rebuild: () => import('./rebuild.ts'),
  verify: () => import('./verify.ts'),
}

/**
 * Runs a program.
 * @param opening for the service itself (`main`): the database, being opened
 */
export function run(name: string, opening?: Promise<StartedDatabase>): void {
  const program = opening ? () => runService(opening) : programs[name]
  if (program) program().catch(fail)
  else fail(`没有程序 ${name} / There is no program ${name}: ${Object.keys(programs).join(', ')}`)
}
