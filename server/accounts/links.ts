import { randomBytes } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { notFound, Problem } from '../http/problem.ts'
import { digest, type Keys } from './keys.ts'
import type { AccountDoc, AccountModel, LinkState } from './model.ts'
import { hashPassword } from './passwords.ts'
import type { Language } from './schema.ts'
import { type Bucket, FROM_ADDRESS, RESET_MAILS, type Throttle } from './throttle.ts'

export const LINK_KINDS = ['invitation', 'reset'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

const LASTS_MS: Record<LinkKind, number> = { invitation: 7 * 24 * 3600_000, reset: 3600_000 }

/** A mail that has to be written: to whom, and the token of its link. */
export interface LinkMail {
  kind: LinkKind
  account: string
  email: string
  name: string
  language: Language
  token: string
  nonce: string
  createdAt: Date
  expiresAt: Date
}

interface ResetRequest {
  _id: string
  email: string
  at: Date
}

export interface AccountLinkParts {
  accounts: AccountModel
  keys: Keys
  throttle: Throttle
  sessions: { endAll(account: string): Promise<void> }
  /** says that there may be a mail to write */
  soon: () => void
}

/**
 * Links by mail that let somebody set a password: invitations, and resets of a forgotten one. An account has one link of
 * each kind, so that a new one ends the one before.
 */
export class AccountLinks {
  private readonly parts: AccountLinkParts

  constructor(parts: AccountLinkParts) {
    this.parts = parts
  }

  /** Says that there may be a mail to write. */
  soon(): void {
    this.parts.soon()
  }

  /** A new link of an account, whose mail is due. */
  newLink(kind: LinkKind, account: ObjectId, now: Date): LinkState {
    const nonce = randomBytes(16).toString('base64url')
    const hash = digest(this.token(kind, account, nonce))
    return { nonce, hash, createdAt: now, expiresAt: new Date(now.getTime() + LASTS_MS[kind]), mail: 'due' }
  }

  /** Invites an account without a password again. @throws Problem 404, 409 when it has one or is closed */
  async invite(id: string, now: Date): Promise<void> {
    const _id = new ObjectId(id)
    const { matchedCount } = await this.accounts.updateOne(
      { _id, active: true, passwordHash: null },
      { $set: { invitation: this.newLink('invitation', _id, now) } },
    )
    if (matchedCount === 0) {
      const known = await this.accounts.findOne({ _id }, { projection: { _id: 1 } })
      throw known ? new Problem(409, 'account.not-invited') : notFound()
    }
    this.parts.soon()
  }

  /**
   * Takes a request for a reset. It does the same whether or not the address is known; `settle` looks at that later, so
   * that the time it takes tells nothing.
   * @param address where it comes from, for the limit @throws Problem 429
   */
  async requestReset(email: string, address: string, now: Date): Promise<void> {
    await this.parts.throttle.take([{ key: `reset-from|${address}`, limit: FROM_ADDRESS }], now)
    await this.requests.updateOne({ _id: digest(email) }, { $set: { email, at: now } }, { upsert: true })
    this.parts.soon()
  }

  /** Makes the links that were asked for, one each. Safe to repeat, and for several at once. */
  async settle(now: Date): Promise<void> {
    for await (const request of this.requests.find({}).sort({ at: 1 }).limit(500)) {
      if (now.getTime() - request.at.getTime() <= LASTS_MS.reset) await this.reset(request, now)
      // One that was made anew in the meantime stays.
      await this.requests.deleteOne({ _id: request._id, at: request.at })
    }
  }

  /** Makes the link of a request, unless it was made already or there were too many. */
  private async reset({ _id, email, at }: ResetRequest, now: Date): Promise<void> {
    const notMade = { email, active: true, 'reset.requestedAt': { $ne: at } }
    const doc = await this.accounts.findOne<AccountDoc>(notMade)
    if (!doc) return
    const bucket = { key: `reset|${_id}`, limit: RESET_MAILS }
    if (!(await this.mayMail(bucket, now))) return
    const reset = { ...this.newLink('reset', doc._id, now), requestedAt: at }
    const { modifiedCount } = await this.accounts.updateOne({ ...notMade, _id: doc._id }, { $set: { reset } })
    if (modifiedCount === 0) await this.parts.throttle.giveBack([bucket])
  }

  private mayMail(bucket: Bucket, now: Date): Promise<boolean> {
    return this.parts.throttle.take([bucket], now).then(
      () => true,
      (error) => {
        if (error instanceof Problem) return false
        throw error
      },
    )
  }

  /** Whose link it is. @throws Problem 410 for one that is unknown, used or expired, 429 */
  async check(token: string, address: string, now: Date) {
    const { doc, kind } = await this.find(token, address, now)
    return { kind, email: doc.email, name: doc.name }
  }

  /**
   * Sets the password of a link's account, once; ends its sessions and its other links.
   * @returns the account's address @throws Problem 410, 429
   */
  async redeem(token: string, password: string, address: string, now: Date): Promise<string> {
    const { doc, kind } = await this.find(token, address, now)
    const passwordHash = await hashPassword(password)
    const { modifiedCount } = await this.accounts.updateOne(
      { _id: doc._id, active: true, ...holds(kind, token, now) },
      { $set: { passwordHash }, $unset: { invitation: 1, reset: 1 }, $inc: { epoch: 1 } },
    )
    if (modifiedCount === 0) throw new Problem(410, 'link.expired')
    await this.parts.sessions.endAll(doc._id.toHexString())
    return doc.email
  }

  /** The mails that are still to be written. */
  async mailsDue(limit: number): Promise<LinkMail[]> {
    const due = LINK_KINDS.map((kind) => ({ [`${kind}.mail`]: 'due' }))
    const docs = await this.accounts.find<AccountDoc>({ active: true, $or: due }).limit(limit).toArray()
    return docs.flatMap((doc) =>
      LINK_KINDS.flatMap((kind) => (doc[kind]?.mail === 'due' ? [this.mail(doc, kind, doc[kind])] : [])),
    )
  }

  /** Says that the mail of a link is queued. */
  async mailDone({ account, kind, nonce }: LinkMail): Promise<void> {
    await this.accounts.updateOne(
      { _id: new ObjectId(account), [`${kind}.nonce`]: nonce },
      { $set: { [`${kind}.mail`]: 'done' } },
    )
  }

  private mail(doc: AccountDoc, kind: LinkKind, link: LinkState): LinkMail {
    const { _id, email, name, language } = doc
    const { nonce, createdAt, expiresAt } = link
    const token = this.token(kind, _id, nonce)
    return { kind, account: _id.toHexString(), email, name, language, token, nonce, createdAt, expiresAt }
  }

  private async find(
    token: string,
    address: string,
    now: Date,
  ): Promise<{ doc: AccountDoc; kind: LinkKind }> {
    const bucket = { key: `link-from|${address}`, limit: FROM_ADDRESS }
    await this.parts.throttle.take([bucket], now)
    for (const kind of LINK_KINDS) {
      const doc = await this.accounts.findOne<AccountDoc>({ active: true, ...holds(kind, token, now) })
      if (!doc) continue
      await this.parts.throttle.giveBack([bucket])
      return { doc, kind }
    }
    throw new Problem(410, 'link.expired')
  }

  private token(kind: LinkKind, account: ObjectId, nonce: string): string {
    return this.parts.keys.mac('link', `${kind}|${account.toHexString()}|${nonce}`)
  }

  private get accounts() {
    return this.parts.accounts.collection
  }

  private get requests() {
    return this.parts.accounts.db.collection<ResetRequest>('reset-requests')
  }
}

const holds = (kind: LinkKind, token: string, now: Date) => ({
  [`${kind}.hash`]: digest(token),
  [`${kind}.expiresAt`]: { $gt: now },
})
