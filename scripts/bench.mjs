// `npm run bench`: measures the built service against the bare database, all in one run on one machine.
import { spawnSync } from 'node:child_process'
import { buildIfNeeded } from './build.mjs'

await buildIfNeeded()
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'test/bench/main.ts', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
)
process.exit(status ?? 1)
