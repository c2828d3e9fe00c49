// Builds the service and the browser application into dist/, when the sources have changed since the last time.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'dist/.sources')
const SOURCES = ['server', 'client', 'jobs', 'scripts/build.mjs', 'vite.config.ts', 'package-lock.json']

/** Names, sizes and times of all sources: cheap to make, and different after any edit. */
function fingerprint() {
  const hash = createHash('sha256')
  const visit = (path) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    const stat = statSync(full)
    if (stat.isDirectory()) for (const name of readdirSync(full).sort()) visit(join(path, name))
    else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`)
  }
  SOURCES.forEach(visit)
  return hash.digest('hex')
}

/** Bundles the service's own code; packages stay in node_modules. */
async function buildServer() {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'server/main.ts', rebuild: 'server/rebuild.ts', demo: 'server/demo.ts' },
    outdir: 'dist/server',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  })
  // The database program runs on its own; the bundle looks for it beside itself.
  cpSync(join(root, 'server/database/engine/mongod.mjs'), join(root, 'dist/server/mongod.mjs'))
}

async function buildClient() {
  const { build } = await import('vite')
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
}

/** Builds what is out of date. @returns whether anything was built */
export async function buildIfNeeded({ client = true } = {}) {
  const print = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return false
  rmSync(join(root, 'dist/server'), { recursive: true, force: true })
  mkdirSync(join(root, 'dist'), { recursive: true })
  await Promise.all([buildServer(), client ? buildClient() : undefined])
  if (client) writeFileSync(stamp, print)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await buildIfNeeded()
  console.log(built ? '构建完成 Built' : '已是最新 Up to date')
}
