import { randomBytes } from 'node:crypto'
import type { Request } from 'express'
import type { Connection } from 'mongoose'
import { notFound } from '../http/problem.ts'
import type { AccountDoc } from './model.ts'
import type { SessionView } from './security-schema.ts'
import { type SessionDoc, sessionModel, storedId } from './session-store.ts'

/** How exactly it is known when a session was last used. */
const SEEN_EVERY_MS = 60_000
const LONGEST_AGENT = 300

/** The sessions of accounts: which there are, and ending them. */
export class AccountSessions {
  private readonly model: ReturnType<typeof sessionModel>

  constructor(connection: Connection) {
    this.model = sessionModel(connection)
  }

  /** Opens a new session for an account: a new id, so that one planted before is worth nothing. */
  open(req: Request, account: AccountDoc, now: Date): Promise<void> {
    return new Promise((resolve, reject) => {
      req.session.regenerate((fault: unknown) => {
        if (fault) return reject(fault)
        Object.assign(req.session, {
          account: account._id.toHexString(),
          epoch: account.epoch,
          key: randomBytes(12).toString('hex'),
          ...{ createdAt: now, seenAt: now, address: req.ip ?? '' },
          agent: (req.headers['user-agent'] ?? '').slice(0, LONGEST_AGENT),
        })
        req.session.save((error: unknown) => (error ? reject(error) : resolve()))
      })
    })
  }

  /** Ends the session of a request. */
  close(req: Request): Promise<void> {
    return new Promise((resolve, reject) => {
      req.session.destroy((error: unknown) => (error ? reject(error) : resolve()))
    })
  }

  /** Notes that a session is in use. It is not saved as a whole: that would bring back one that was ended meanwhile. */
  async seen(req: Request, now: Date): Promise<void> {
    const { seenAt } = req.session
    if (seenAt && Math.abs(now.getTime() - seenAt.getTime()) < SEEN_EVERY_MS) return
    await this.model.collection.updateOne({ _id: storedId(req.sessionID) } as never, {
      $set: { 'session.seenAt': now, 'session.address': req.ip ?? '' },
    })
  }

  /** Lets a session go on under its account's new epoch. */
  async keep(req: Request, epoch: number): Promise<void> {
    await this.model.collection.updateOne({ _id: storedId(req.sessionID) } as never, {
      $set: { 'session.epoch': epoch },
    })
  }

  /** An account's open sessions, the last used first. @param current the key of the one that asks */
  async list({ _id, epoch }: Pick<AccountDoc, '_id' | 'epoch'>, current?: string): Promise<SessionView[]> {
    const found = await this.model.collection
      .find<SessionDoc>({
        'session.account': _id.toHexString(),
        'session.epoch': epoch,
        expires: { $gt: new Date() },
      })
      .sort({ 'session.seenAt': -1, _id: 1 })
      .limit(200)
      .toArray()
    return found.map(({ session: { key, createdAt, seenAt, address, agent } }) => ({
      ...{ id: key, address, agent, current: key === current },
      createdAt: createdAt.toISOString(),
      lastSeenAt: seenAt.toISOString(),
    }))
  }

  /** Ends a session of an account. @throws Problem 404 */
  async end(account: string, key: string): Promise<void> {
    const { deletedCount } = await this.model.collection.deleteOne({
      'session.account': account,
      'session.key': key,
    })
    if (deletedCount === 0) throw notFound()
  }

  /** Ends an account's sessions. @param but the key of one that goes on */
  async endAll(account: string, but?: string): Promise<void> {
    await this.model.collection.deleteMany({
      'session.account': account,
      ...(but === undefined ? {} : { 'session.key': { $ne: but } }),
    })
  }
}
