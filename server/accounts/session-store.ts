import MongoStore from 'connect-mongo'
import type session from 'express-session'
import type { SessionData } from 'express-session'
import { type Connection, Schema } from 'mongoose'
import { digest } from './keys.ts'
import type { ShortMemory } from './short-memory.ts'

declare module 'express-session' {
  interface SessionData {
    account: string
    /** the account's epoch when it was opened */
    epoch: number
    /** what it is called in lists; the cookie's value stands nowhere */
    key: string
    createdAt: Date
    seenAt: Date
    address: string
    agent: string
  }
}

/** A session as stored, under the digest of its id. */
export interface SessionDoc {
  _id: string
  session: SessionData
  expires: Date
}

const schema = new Schema<SessionDoc>({ _id: String }, { strict: false, versionKey: false })
schema.index({ 'session.account': 1 })
schema.index({ expires: 1 })

export const sessionModel = (connection: Connection) =>
  connection.model<SessionDoc>('Session', schema, 'sessions')

/** Sessions in the database. */
class Store extends MongoStore {
  private readonly memory: ShortMemory

  constructor(options: ConstructorParameters<typeof MongoStore>[0], memory: ShortMemory) {
    super(options)
    this.memory = memory
  }

  override get(sid: string, done: (error: unknown, data?: session.SessionData | null) => void): void {
    const read = () =>
      new Promise<session.SessionData | null | undefined>((resolve, reject) => {
        super.get(sid, (error, data) => (error ? reject(error) : resolve(data)))
      })
    // Whoever gets it may change it.
    this.memory.get(`session ${storedId(sid)}`, read).then(
      (data) => done(null, structuredClone(data)),
      (error: unknown) => done(error),
    )
  }

  // A session that was ended while a request of it went on needs no longer life; that is no fault of the request.
  override touch(sid: string, data: session.SessionData, done?: (error?: unknown) => void): void {
    super.touch(sid, data as never, () => done?.())
  }
}

/** Where a session's id leads in the database: a copy of it opens no session. */
export const storedId = (sid: string): string => digest(sid)

/** The store of sessions on a connection. */
export const sessionStore = (connection: Connection, memory: ShortMemory): session.Store =>
  new Store(
    {
      client: connection.getClient() as never,
      dbName: connection.name,
      collectionName: 'sessions',
      touchAfter: 3600,
      stringify: false,
      transformId: storedId,
      // The embedded engine keeps TTL indexes but never acts on them.
      autoRemove: 'interval',
      autoRemoveInterval: 60,
    },
    memory,
  )
