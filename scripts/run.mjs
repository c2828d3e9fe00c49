// Runs a built program of dist/server (main unless named), building first what is out of date.
import { buildIfNeeded } from './build.mjs'

const started = performance.now()
if (await buildIfNeeded()) console.log(`构建完成 Built (${Math.round((performance.now() - started) / 1000)} s)`)
await import(`../dist/server/${process.argv[2] ?? 'main'}.js`)
