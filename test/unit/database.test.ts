import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose, { type Connection } from 'mongoose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  chooseDatabase,
  compareVersions,
  NoDatabaseError,
  type Surroundings,
} from '../../server/database/choose.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { cachedLibc, LibcUnavailableError, provideLibc } from '../../server/database/engine/libc.ts'
import {
  distributionSources,
  formatDeb822,
  parseDeb822,
  parseSourcesList,
} from '../../server/database/engine/sources.ts'
import { ensureIndexes, IndexError } from '../../server/database/indexes.ts'
import { DataDirInUseError, lockDataDir } from '../../server/database/lock.ts'
import { identify, isSameProcess } from '../../server/database/processes.ts'
import setup, { withDatabase } from '../harness/mongo.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-unit-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('where apt gets its packages from', () => {
  it('reads the one-line format with options, comments and disabled entries', () => {
    const text = `# deb http://disabled.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian bookworm main contrib # ours
deb-src http://mirror.example/debian bookworm main
deb [trusted=yes] file:/srv/packages ./
deb http://mirror.example/debian-security bookworm-security main`
    expect(parseSourcesList(text)).toEqual([
      {
        uri: 'http://mirror.example/debian',
        suite: 'bookworm',
        components: ['main', 'contrib'],
        signedBy: '/usr/share/keyrings/a.gpg',
      },
      { uri: 'file:/srv/packages', suite: './', components: [], trusted: 'yes' },
      { uri: 'http://mirror.example/debian-security', suite: 'bookworm-security', components: ['main'] },
    ])
  })

  it('reads deb822 paragraphs: several values, comments, keys in place, disabled ones', () => {
    const text = `Types: deb deb-src
# a comment
URIs: http://one.example/debian http://two.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Enabled: no
Types: deb
URIs: http://three.example/debian
Suites: bookworm
Components: main
`
    const found = parseDeb822(text)
    expect(found.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      'http://one.example/debian bookworm',
      'http://one.example/debian bookworm-updates',
      'http://two.example/debian bookworm',
      'http://two.example/debian bookworm-updates',
    ])
    expect(found[0]?.signedBy).toBe('\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc')
  })

  it("picks the distribution's own archive before a vendor that uses the same release name", () => {
    const sources = [
      { uri: 'http://vendor.example/apt', suite: 'bookworm', components: ['main'] },
      { uri: 'http://mirror.example/debian-security', suite: 'bookworm-security', components: ['main'] },
      { uri: 'cdrom:[disc]/', suite: 'bookworm', components: ['main'] },
      { uri: 'http://mirror.example/debian/', suite: 'bookworm', components: ['main'] },
      { uri: 'http://docker.example/linux/debian', suite: 'bookworm', components: ['stable'] },
    ]
    expect(distributionSources(sources, 'bookworm').map(({ uri }) => uri)).toEqual([
      'http://mirror.example/debian/',
      'http://vendor.example/apt',
    ])
  })

  it('asks the same mirror, with the same keys, for another release', () => {
    const text = formatDeb822(
      { uri: 'http://mirror.example/debian', suite: 'bookworm', components: ['main'], signedBy: '/k.gpg' },
      'trixie',
    )
    expect(text).toBe(
      'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\nSigned-By: /k.gpg\n',
    )
  })
})

describe('the newer C library', () => {
  const path = process.env.PATH
  afterEach(() => {
    process.env.PATH = path
  })

  /** A system whose apt tools are the given shell scripts. */
  async function system(
    tools: Record<string, string>,
    id = 'debian',
  ): Promise<{ etc: string; cache: string }> {
    const etc = join(folder, 'etc')
    const bin = join(folder, 'bin')
    await mkdir(join(etc, 'apt', 'sources.list.d'), { recursive: true })
    await mkdir(bin)
    await writeFile(join(etc, 'os-release'), `PRETTY_NAME="A system"\nID=${id}\nVERSION_CODENAME=bookworm\n`)
    await writeFile(join(etc, 'apt', 'sources.list'), 'deb http://mirror.example/debian bookworm main\n')
    for (const [name, script] of Object.entries(tools)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
      await chmod(join(bin, name), 0o755)
    }
    process.env.PATH = 'apt-get' in tools ? `${bin}:${path}` : bin
    return { etc, cache: join(folder, 'cache') }
  }

  const apt = 'case "$*" in *download*) : > libc6_2.41_amd64.deb;; esac'
  const dpkg =
    'mkdir -p "$3/usr/lib/x86_64-linux-gnu"; cd "$3/usr/lib/x86_64-linux-gnu"; : > ld-linux-x86-64.so.2; : > libc.so.6'

  it('is fetched once, whole or not at all, by several processes at the same time', async () => {
    const { etc, cache } = await system({ 'apt-get': apt, 'dpkg-deb': dpkg })
    expect(cachedLibc(cache, 'x64')).toBeUndefined()
    const made = await Promise.all([1, 2, 3].map(() => provideLibc(cache, 'x64', etc)))
    expect(new Set(made.map(({ loader }) => loader)).size).toBe(1)
    expect(cachedLibc(cache, 'x64')).toEqual(made[0])
    expect(await readdir(cache)).toEqual(['libc6-x64'])
  })

  it('says what to do when the mirror cannot be reached, without naming it', async () => {
    const { etc, cache } = await system({
      'apt-get': 'echo "E: Failed to fetch http://mirror.example/debian/x  Could not resolve" >&2; exit 100',
    })
    const failure = await provideLibc(cache, 'x64', etc).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(LibcUnavailableError)
    expect(String(failure)).toMatch(/Could not resolve.*\n.*MONGODB_URI/)
    expect(String(failure)).not.toContain('mirror.example')
    expect(await readdir(cache)).toEqual([])
  })

  it('says so when there are no apt tools', async () => {
    const { etc, cache } = await system({})
    await expect(provideLibc(cache, 'x64', etc)).rejects.toThrow(/apt-get or dpkg-deb is missing/)
  })

  it('says so on another distribution, and without a mirror', async () => {
    const { etc, cache } = await system({ 'apt-get': apt }, 'fedora')
    await expect(provideLibc(cache, 'x64', etc)).rejects.toThrow(/A system.*only on Debian and Ubuntu/)
    await writeFile(join(etc, 'os-release'), 'ID=debian\nVERSION_CODENAME=bookworm\n')
    await rm(join(etc, 'apt', 'sources.list'))
    await expect(provideLibc(cache, 'x64', etc)).rejects.toThrow(/No package mirror/)
  })
})

describe('the choice of a database', () => {
  /** A machine with nothing that serves, but for what is given. */
  function machine(given: Partial<Surroundings> = {}): Surroundings {
    return {
      env: {},
      platform: 'linux',
      arch: 'x64',
      glibc: () => '2.36',
      which: () => undefined,
      isExecutable: () => false,
      hasEngine: () => false,
      engine: () => '/cache/mongod',
      engineUnderLibc: async () => '/cache/mongod-libc',
      download: async () => {
        throw new Error('no network')
      },
      ...given,
    }
  }
  const everything = machine({
    env: { MONGODB_URI: 'mongodb://db/fleet', MONGOMS_SYSTEM_BINARY: '/opt/mongod' },
    glibc: () => '2.41',
    which: () => '/usr/bin/mongod',
    isExecutable: () => true,
    hasEngine: () => true,
    download: async () => '/cache/downloaded',
  })

  it('follows the order as one after the other is missing', async () => {
    const chosen = async (on: Surroundings) => {
      const choice = await chooseDatabase({}, on)
      expect(choice.description).not.toContain('\n')
      return choice.kind === 'uri' ? choice.uri : `${choice.kind} ${choice.binary}`
    }
    expect(await chosen(everything)).toBe('mongodb://db/fleet')
    expect(await chosen({ ...everything, env: { MONGOMS_SYSTEM_BINARY: '/opt/mongod' } })).toBe(
      'mongod /opt/mongod',
    )
    const plain = { ...everything, env: {} }
    expect(await chosen(plain)).toBe('mongod /usr/bin/mongod')
    expect(await chosen({ ...plain, which: () => undefined })).toBe('engine /cache/mongod')
    const old = { ...plain, which: () => undefined, glibc: () => '2.36' }
    expect(await chosen(old)).toBe('engine-libc /cache/mongod-libc')
    expect(await chosen({ ...old, hasEngine: () => false })).toBe('download /cache/downloaded')
  })

  it('needs no C library on macOS, and cannot use one that is not GNU', async () => {
    const mac = machine({ platform: 'darwin', arch: 'arm64', hasEngine: () => true, glibc: () => undefined })
    expect(await chooseDatabase({}, mac)).toMatchObject({ kind: 'engine' })
    const musl = machine({ hasEngine: () => true, glibc: () => undefined, download: async () => '/d' })
    expect(await chooseDatabase({}, musl)).toMatchObject({ kind: 'download' })
  })

  it("keeps to the engine for a folder that holds the engine's files", async () => {
    const on = { ...everything, env: {} }
    expect(await chooseDatabase({ format: 'engine' }, on)).toMatchObject({ kind: 'engine' })
    expect(await chooseDatabase({ format: 'mongod' }, on)).toMatchObject({ kind: 'mongod' })
  })

  it('says what was tried and what to do when nothing serves', async () => {
    const engineUnderLibc = () => Promise.reject(new Error('mirror unreachable'))
    const failure = await chooseDatabase({}, machine({ hasEngine: () => true, engineUnderLibc })).catch(
      String,
    )
    expect(failure).toMatch(/mirror unreachable.*no network.*MONGODB_URI.*mongod/s)
  })

  it('does not pass over a program that was named and is not there', async () => {
    const on = { ...everything, env: { MONGOMS_SYSTEM_BINARY: '/nowhere' }, isExecutable: () => false }
    await expect(chooseDatabase({}, on)).rejects.toThrow(NoDatabaseError)
  })

  it('compares versions as numbers', () => {
    expect(compareVersions('2.9', '2.38')).toBeLessThan(0)
    expect(compareVersions('2.38', '2.38')).toBe(0)
    expect(compareVersions('3', '2.38')).toBeGreaterThan(0)
  })
})

describe('the lock of a data folder', () => {
  it('lets one in, says who holds it, and lets the next in after', () => {
    const lock = lockDataDir(folder)
    expect(() => lockDataDir(folder)).toThrow(DataDirInUseError)
    expect(() => lockDataDir(folder)).toThrow(
      new RegExp(`正被进程 ${process.pid}使用.*\n.*in use by process ${process.pid}`),
    )
    lock.release()
    const next = lockDataDir(folder)
    expect(next.recovered).toBe(false)
    lock.release()
    expect(() => lockDataDir(folder)).toThrow(DataDirInUseError)
    next.release()
  })

  it('takes over what a process left whose number another has now, with its database process', async () => {
    const service = { pid: process.pid, started: 'another boot/1' }
    const database = { pid: 1, started: 'another boot/2' }
    await writeFile(join(folder, 'database.lock'), JSON.stringify({ id: 'left', service, database }))
    const lock = lockDataDir(folder)
    expect(lock.recovered).toBe(true)
    expect(lock.orphan).toEqual(database)
    lock.noteDatabase(process.pid)
    expect(JSON.parse(await readFile(join(folder, 'database.lock'), 'utf8'))).toMatchObject({
      service: { pid: process.pid },
      database: identify(process.pid),
    })
    lock.release()
    expect(await readdir(folder)).toEqual([])
  })

  it('takes over a file that was spoilt', async () => {
    await writeFile(join(folder, 'database.lock'), '{"id"')
    lockDataDir(folder).release()
    expect(await readdir(folder)).toEqual([])
  })

  it('knows a process from a later one of the same number', () => {
    const self = identify(process.pid)
    expect(self && isSameProcess(self)).toBe(true)
    expect(isSameProcess({ pid: process.pid, started: 'other' })).toBe(false)
    expect(identify(2 ** 22 + 1)).toBeUndefined()
  })
})

describe('a connection', () => {
  let end = async () => {}
  let connection: Connection
  let uri = ''
  beforeAll(async () => {
    end = await setup({
      provide: (key, value) => {
        if (key === 'mongoUri') uri = withDatabase(value, 'unit')
      },
    })
    connection = await connectMongoose(uri)
  }, 60_000)
  afterAll(async () => {
    await connection?.close()
    await end()
  })

  it('is its own: models of one are not those of another, and nothing is global', async () => {
    const other = await connectMongoose(uri)
    connection.model('Thing', new mongoose.Schema({ name: String }))
    expect(Object.keys(other.models)).toEqual([])
    expect(mongoose.connections.filter(({ readyState }) => readyState === 1)).toEqual([])
    await other.close()
  })

  it('refuses a filter on a field that is not there instead of matching everything', async () => {
    const Kept = connection.model('Kept', new mongoose.Schema({ name: String, tags: [String], free: {} }))
    await Kept.create({ name: 'a', tags: ['x'], free: { deep: 1 } })
    await expect(Kept.deleteMany({ nmae: 'b' } as object)).rejects.toThrow(/nmae/)
    expect(await Kept.countDocuments({ name: { $in: ['a'] }, 'free.deep': { $gte: 1 }, tags: 'x' })).toBe(1)
  })

  it('answers a query of a large collection that finds nothing, whichever of several indexes it goes along', async () => {
    const many = connection.collection<{ kind: number; on: number; rare: number }>('many')
    await many.createIndexes([{ key: { kind: 1 } }, { key: { on: 1 } }])
    for (let from = 0; from < 40_000; from += 10_000)
      await many.insertMany(
        Array.from({ length: 10_000 }, (_, i) => ({ kind: i % 3, on: (from + i) * 7919, rare: 0 })),
      )
    const found = many.find({ kind: { $in: [0, 1] }, on: { $gt: 0 }, rare: 1 }).sort({ on: -1 })
    expect(await found.limit(5).toArray()).toEqual([])
    expect(await many.countDocuments({ kind: { $in: [0, 1] }, on: { $gt: 0 }, rare: 1 })).toBe(0)
  }, 60_000)

  it('says soon that nothing answers', async () => {
    const nowhere = 'mongodb://127.0.0.1:1/x?directConnection=true'
    await expect(connectMongoose(nowhere, { serverSelectionTimeoutMS: 200 })).rejects.toThrow(/ECONNREFUSED/)
  })

  it('makes the declared indexes, again without harm', async () => {
    const schema = new mongoose.Schema({
      key: { type: String, unique: true },
      at: Date,
      exits: [String],
      voided: Boolean,
    })
    schema.index({ at: 1 }, { expireAfterSeconds: 60 })
    schema.index(
      { exits: 1 },
      { unique: true, partialFilterExpression: { voided: false, exits: { $exists: true } } },
    )
    const Indexed = connection.model('Indexed', schema)
    expect(await ensureIndexes(connection)).toBe(3)
    expect(await ensureIndexes(connection)).toBe(3)
    expect(await Indexed.collection.indexes()).toHaveLength(4)
    await Indexed.create({ key: 'a', exits: ['1', '2'], voided: false })
    await expect(Indexed.create({ key: 'b', exits: ['2'], voided: false })).rejects.toMatchObject({
      code: 11000,
    })
    await Indexed.create({ key: 'c', exits: ['2'], voided: true })
  })

  it('says which index cannot be made, and why', async () => {
    const own = await connectMongoose(withDatabase(uri, 'unit_spoilt'))
    const Spoilt = own.model('Spoilt', new mongoose.Schema({ key: { type: String, unique: true } }))
    await Spoilt.collection.insertMany([{ key: 'a' }, { key: 'a' }])
    await expect(ensureIndexes(own)).rejects.toThrow(IndexError)
    await expect(ensureIndexes(own)).rejects.toThrow(/spoilts \{"key":1\}: .*E11000/)
    await own.dropDatabase()
    await own.close()
  })
})

describe('the address of a database', () => {
  it('keeps its options', () => {
    expect(withDatabase('mongodb://h:1/a?directConnection=true', 'b')).toBe(
      'mongodb://h:1/b?directConnection=true',
    )
    expect(withDatabase('mongodb://u:p@h1,h2', 'b')).toBe('mongodb://u:p@h1,h2/b')
  })
})
