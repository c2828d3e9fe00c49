/**
 * A newer C library for the embedded engine, on a machine whose own is older than the engine wants.
 *
 * The distribution's package is fetched with apt's own tools, from the mirror that this machine already uses,
 * and unpacked into a cache. Nothing is installed, no setting of the machine's apt is touched, and no
 * administrator is needed.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type AptSource,
  distributionSources,
  formatDeb822,
  parseDeb822,
  parseSourcesList,
} from './sources.ts'

const run = promisify(execFile)

/** The release to take the library from, by distribution: the first one new enough. */
const RELEASES: Record<string, string> = { debian: 'trixie', ubuntu: 'noble' }

const TRIPLETS: Record<string, { triplet: string; loader: string }> = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
}

/** An unpacked C library: how to start a program under it. */
export interface Libc {
  /** The program loader. */
  loader: string
  /** What its `--library-path` must be: the unpacked library before the machine's own. */
  libraryPath: string
}

/** The library could not be had; the message says what to do. */
export class LibcUnavailableError extends Error {
  override name = 'LibcUnavailableError'
}

/**
 * The library if it is in the cache already.
 * @param cacheDir the cache's folder
 * @param arch as `process.arch`
 */
export function cachedLibc(cacheDir: string, arch: string): Libc | undefined {
  const names = TRIPLETS[arch]
  if (!names) return undefined
  const folder = join(cacheDir, `libc6-${arch}`, 'usr', 'lib', names.triplet)
  const loader = join(folder, names.loader)
  if (!existsSync(loader) || !existsSync(join(folder, 'libc.so.6'))) return undefined
  return { loader, libraryPath: `${folder}:/usr/lib/${names.triplet}:/lib/${names.triplet}` }
}

/**
 * The library, fetched when it is not in the cache. Several processes may do so at once: each builds its own
 * and the first to finish is kept.
 * @throws {LibcUnavailableError} when it cannot be had
 */
export async function provideLibc(cacheDir: string, arch: string, etc = '/etc'): Promise<Libc> {
  const cached = cachedLibc(cacheDir, arch)
  if (cached) return cached
  if (!TRIPLETS[arch]) throw new LibcUnavailableError(`No C library is known for ${arch}.`)
  const { sources, release } = await findSources(etc)
  await mkdir(cacheDir, { recursive: true })
  const build = await mkdtemp(join(cacheDir, 'build-'))
  try {
    let failure: unknown
    for (const source of sources) {
      try {
        await fetchAndUnpack(build, source, release)
        failure = undefined
        break
      } catch (error) {
        failure = error
      }
    }
    if (failure) throw failure
    // Fails when another process was quicker: then its result is the one to use.
    await rename(join(build, 'root'), join(cacheDir, `libc6-${arch}`)).catch(() => {})
  } catch (error) {
    throw new LibcUnavailableError(
      `Debian's libc6 (${release}) could not be fetched with apt-get: ${reason(error)}\n` +
        'Check that this machine reaches its package mirror (apt-get update), or start once where it does and ' +
        'keep node_modules/.cache, or install a MongoDB server, or set MONGODB_URI.',
      { cause: error },
    )
  } finally {
    await rm(build, { recursive: true, force: true })
  }
  const made = cachedLibc(cacheDir, arch)
  if (!made)
    throw new LibcUnavailableError('The fetched libc6 package does not hold a loader for this machine.')
  return made
}

/** Where to fetch from: this machine's own mirrors, and the release to ask them for. */
async function findSources(etc: string): Promise<{ sources: AptSource[]; release: string }> {
  const osRelease = await readFile(join(etc, 'os-release'), 'utf8').catch(() => '')
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? ''
  const release = RELEASES[field('ID')]
  if (!release) {
    throw new LibcUnavailableError(
      `The C library of this machine (${field('PRETTY_NAME') || 'unknown system'}) is older than the embedded ` +
        'database wants (glibc 2.38), and only on Debian and Ubuntu is it known where to get a newer one. ' +
        'Install a MongoDB server, or set MONGODB_URI.',
    )
  }
  const texts: AptSource[] = []
  const add = async (path: string) => {
    const text = await readFile(path, 'utf8').catch(() => '')
    texts.push(...(path.endsWith('.sources') ? parseDeb822(text) : parseSourcesList(text)))
  }
  await add(join(etc, 'apt', 'sources.list'))
  const parts = await readdir(join(etc, 'apt', 'sources.list.d')).catch(() => [])
  for (const name of parts.sort()) {
    if (/\.(list|sources)$/.test(name)) await add(join(etc, 'apt', 'sources.list.d', name))
  }
  const sources = distributionSources(texts, field('VERSION_CODENAME'))
  if (sources.length === 0) {
    throw new LibcUnavailableError(
      `No package mirror of the distribution is named in ${etc}/apt/sources.list or sources.list.d, so a newer C ` +
        'library for the embedded database cannot be fetched. Name one, or install a MongoDB server, or set MONGODB_URI.',
    )
  }
  return { sources, release }
}

/** Fetches the package with state of its own under `build`, and unpacks it to `build/root`. */
async function fetchAndUnpack(build: string, source: AptSource, release: string): Promise<void> {
  const at = (...parts: string[]) => join(build, ...parts)
  await rm(at('root'), { recursive: true, force: true })
  await mkdir(at('state', 'lists', 'partial'), { recursive: true })
  await mkdir(at('cache', 'archives', 'partial'), { recursive: true })
  await writeFile(at('status'), '')
  await writeFile(at('own.sources'), formatDeb822(source, release))
  await writeFile(
    at('apt.conf'),
    // Read after the machine's own settings, whose proxies and certificates are kept; its hooks are not run.
    `#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::sourcelist "${at('own.sources')}";
Dir::Etc::sourceparts "-";
Dir::State "${at('state')}";
Dir::State::status "${at('status')}";
Dir::Cache "${at('cache')}";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
`,
  )
  const options = { cwd: build, timeout: 180_000, env: { ...process.env, LC_ALL: 'C' } }
  await run('apt-get', ['-c', at('apt.conf'), '-q', 'update'], options)
  await run('apt-get', ['-c', at('apt.conf'), '-q', 'download', 'libc6'], options)
  const packages = (await readdir(build)).filter((name) => name.endsWith('.deb'))
  if (!packages[0]) throw new Error('apt-get downloaded no package')
  await run('dpkg-deb', ['-x', at(packages[0]), at('root')], options)
}

/** What went wrong in one line, without the names of hosts. */
function reason(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return 'apt-get or dpkg-deb is missing'
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  const lines = stderr.split('\n').filter((line) => /^[EW]:/.test(line))
  const text = lines.slice(0, 3).join(' ') || (error instanceof Error ? error.message : String(error))
  return text.replace(/\/\/[^/\s]+/g, '//…')
}
