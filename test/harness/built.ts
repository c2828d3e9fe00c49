/** The service's own code in bundles, made anew when it has changed, for tests that start it as a process or thread. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Below node_modules, so that packages are found from there and nobody lints or commits it. */
const BUNDLES = join(ROOT, 'node_modules/.cache/service-under-test')
const DAY_MS = 86_400_000

export interface BuiltService {
  /** the file to start */
  main: string
  /** the program of the thread for lists, beside it */
  importThread: string
}

let built: Promise<BuiltService> | undefined

/** Builds once a run. */
export function builtService(): Promise<BuiltService> {
  built ??= buildService()
  return built
}

async function buildService(): Promise<BuiltService> {
  const { outputFiles } = await build({
    ...{ absWorkingDir: ROOT, write: false, bundle: true, outdir: '.', outExtension: { '.js': '.mjs' } },
    entryPoints: { main: 'server/main.ts', 'import-thread': 'server/imports/thread.ts' },
    ...{ platform: 'node', target: 'node20', format: 'esm', packages: 'external', logLevel: 'error' },
  })
  const hash = createHash('sha256')
  for (const { contents } of outputFiles) hash.update(contents)
  // Named by what is in it, so that runs side by side do not overwrite each other's.
  const folder = join(BUNDLES, hash.digest('hex').slice(0, 12))
  await removeOld()
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`
    await mkdir(draft, { recursive: true })
    for (const { path, contents } of outputFiles) await writeFile(join(draft, basename(path)), contents)
    // The database program runs on its own; the bundle looks for it beside itself.
    await copyFile(join(ROOT, 'server/database/engine/mongod.mjs'), join(draft, 'mongod.mjs'))
    // Another run that made the same in this moment has made it as well.
    await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
  }
  await utimes(folder, new Date(), new Date())
  return { main: join(folder, 'main.mjs'), importThread: join(folder, 'import-thread.mjs') }
}

async function removeOld(): Promise<void> {
  await mkdir(BUNDLES, { recursive: true })
  for (const name of await readdir(BUNDLES)) {
    const old = join(BUNDLES, name)
    const { mtimeMs } = await stat(old).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > DAY_MS) await rm(old, { recursive: true, force: true })
  }
}
