import { randomBytes } from 'node:crypto'
import { ObjectId } from 'mongodb'
import type { Connection } from 'mongoose'
import type { z } from 'zod'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { digest } from './keys.ts'
import { may } from './permissions.ts'
import type { newToken, TokenView } from './security-schema.ts'
import { FROM_ADDRESS, type Throttle } from './throttle.ts'
import { type TokenDoc, tokenModel } from './token-model.ts'

const PREFIX = 'flt_'
const MOST = 50
const USED_EVERY_MS = 60_000
const DAY_MS = 24 * 3600_000

/** Tokens by which companies' own systems use the API. */
export class Tokens {
  private readonly model: ReturnType<typeof tokenModel>
  private readonly throttle: Throttle

  constructor(connection: Connection, throttle: Throttle) {
    this.model = tokenModel(connection)
    this.throttle = throttle
  }

  /** An account's tokens, the newest first, those that have expired among them. */
  async list(account: string): Promise<TokenView[]> {
    const docs = await this.model.collection.find<TokenDoc>({ account }).sort({ _id: -1 }).toArray()
    return docs.map(tokenView)
  }

  /**
   * Makes a token. It is told this once.
   * @throws Problem 400 for permissions that the caller has not or no token may have, 409 when there are too many
   */
  async create(caller: Caller, given: z.output<typeof newToken>, now: Date) {
    const refused = given.permissions.filter((p) => p === 'account.manage' || !may(caller, p))
    const [permission] = refused
    if (permission)
      throw new Problem(400, 'request.invalid', undefined, [
        {
          ...{ path: 'body.permissions', code: 'token.permission', message: 'token.permission' },
          params: { permission },
        },
      ])
    if ((await this.model.collection.countDocuments({ account: caller.id })) >= MOST)
      throw new Problem(409, 'token.too-many')
    const token = PREFIX + randomBytes(32).toString('base64url')
    const doc: TokenDoc = {
      ...{ _id: new ObjectId(), account: caller.id, name: given.name, hash: digest(token), createdAt: now },
      permissions: [...new Set(given.permissions)],
      expiresAt: new Date(now.getTime() + given.days * DAY_MS),
      lastUsedAt: null,
    }
    await this.model.collection.insertOne(doc as never)
    return { ...tokenView(doc), token }
  }

  /** Revokes a token of an account. @throws Problem 404 */
  async revoke(account: string, id: string): Promise<void> {
    const { deletedCount } = await this.model.collection.deleteOne({ _id: new ObjectId(id), account })
    if (deletedCount === 0) throw notFound()
  }

  /**
   * The token that a program sent.
   * @param address where it comes from: failures are limited, good tokens are not
   * @throws Problem 401 for one that is unknown or expired, 429 after many of them
   */
  async find(given: string, address: string, now: Date): Promise<TokenDoc> {
    const doc = given.startsWith(PREFIX)
      ? await this.model.collection.findOne<TokenDoc>({ hash: digest(given), expiresAt: { $gt: now } })
      : null
    if (!doc) return this.refuse(address, now)
    if (doc.lastUsedAt === null || now.getTime() - doc.lastUsedAt.getTime() >= USED_EVERY_MS)
      await this.model.collection.updateOne({ _id: doc._id }, { $set: { lastUsedAt: now } })
    return doc
  }

  /** Counts a failure. @throws Problem 401, or 429 after many */
  async refuse(address: string, now: Date): Promise<never> {
    await this.throttle.take([{ key: `token-from|${address}`, limit: FROM_ADDRESS }], now)
    throw new Problem(401, 'token.invalid')
  }
}

const tokenView = ({ _id, name, permissions, createdAt, expiresAt, lastUsedAt }: TokenDoc): TokenView => ({
  id: _id.toHexString(),
  ...{ name, permissions },
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
})
