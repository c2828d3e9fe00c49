/** Connecting mongoose: one connection a service, nothing global, the same for an embedded database and a cluster. */
import { type Connection, type ConnectOptions, Mongoose } from 'mongoose'

/**
 * Of our own, so that its settings are nobody else's. A filter that names a field its schema does not have is
 * an error: left out in silence, as mongoose else does, a misspelt condition would match every document.
 */
const base = new Mongoose({ strictQuery: 'throw' })

/**
 * Whether an address means one server by itself. There `w: 'majority'` is acknowledged by the embedded engine before
 * the journal is on disk (killed in the middle of writing it lost the last acknowledged writes in 3 of 12 tries);
 * `w: 1` with the journal is not (none in 12).
 */
const isSingle = (uri: string): boolean => /[?&]directConnection=true\b/.test(uri)

/**
 * Opens a connection of its own and waits until it answers. Models are made on it (`connection.model(…)`), from
 * schemas made with `mongoose` as usual.
 *
 * A write counts when it is in the journal on disk: a majority's, where there are several servers. The
 * driver uses retryable writes and sessions only where the server offers them, which the embedded one does not.
 *
 * `sanitizeFilter` stays off: it would turn the services' own `$gte` or `$in` into comparisons for equality.
 * What comes from outside is parsed by a zod schema before it can be part of a filter.
 * @param uri as `startDatabase` returns it, or any other; what it says explicitly is kept
 * @throws when the database cannot be reached within `serverSelectionTimeoutMS` (10 s)
 */
export async function connectMongoose(uri: string, options: ConnectOptions = {}): Promise<Connection> {
  const connection = base.createConnection()
  try {
    await connection.openUri(uri, {
      autoIndex: false,
      autoCreate: false,
      // An operation while the connection is lost fails after the driver's own patience, not after another.
      bufferCommands: false,
      writeConcern: { w: isSingle(uri) ? 1 : 'majority', journal: true },
      readConcern: { level: isSingle(uri) ? 'local' : 'majority' },
      serverSelectionTimeoutMS: 10_000,
      appName: 'fleet-ledger',
      // For what is remembered for a moment (server/accounts/short-memory.ts).
      monitorCommands: true,
      ...options,
    })
    return connection
  } catch (error) {
    await connection.destroy().catch(() => {})
    throw error
  }
}

/**
 * Options for writes in bulk that are followed by a write that must be on disk: on a single server they wait for no
 * journal of their own, as the later write's journal holds them too, in order. A deployment's majority is waited for.
 */
export function bulkWrites(connection: Connection): { writeConcern?: { w: 1; journal: false } } {
  const { writeConcern } = connection.getClient().options
  return writeConcern?.w === 1 ? { writeConcern: { w: 1, journal: false } } : {}
}
