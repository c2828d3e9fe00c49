// Runs a program of the service (the service itself unless named), building first what is out of date.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { buildIfNeeded } from './build.mjs'

// The heap grows by half, not fourfold, before garbage is collected: reading a long ledger leaves much of it.
setFlagsFromString('--heap-growing-percent=50')

const started = performance.now()
if (await buildIfNeeded())
  console.log(`构建完成 Built (${Math.round((performance.now() - started) / 1000)} s)`)

/** Loads a bundle with the compiled code of an earlier start, which halves the time that loading takes. */
function load(name) {
  const file = fileURLToPath(new URL(`../dist/server/${name}.cjs`, import.meta.url))
  const cache = `${file}.cache`
  const cachedData = existsSync(cache) ? readFileSync(cache) : undefined
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file, cachedData })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file))
  if (!cachedData || script.cachedDataRejected) setTimeout(() => keep(script, cache), 3000).unref()
  return module.exports
}

/** Keeps the code that this start compiled. A cache is only a cache: not being able to write it does no harm. */
function keep(script, cache) {
  try {
    const draft = `${cache}.${process.pid}`
    writeFileSync(draft, script.createCachedData())
    renameSync(draft, cache)
  } catch {}
}

/**
 * Waits until the database's process is launched (or there is none to launch): loading the rest keeps this thread busy,
 * and the database opens on another core meanwhile.
 */
async function launched(opening) {
  let over = false
  opening
    .catch(() => undefined)
    .then(() => {
      over = true
    })
  const pipes = () => process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length
  const before = pipes()
  // The pipes of its output show that it is there.
  for (let tries = 0; tries < 100 && !over && pipes() <= before; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const program = process.argv[2] ?? 'main'
const opening = program === 'main' ? load('opening').openDatabase(process.env) : undefined
if (opening) await launched(opening)
load('program').run(program, opening)
