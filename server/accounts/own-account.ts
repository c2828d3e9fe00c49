import type { Request } from 'express'
import { ObjectId } from 'mongodb'
import { notFound, Problem } from '../http/problem.ts'
import type { AccountDoc, AccountModel } from './model.ts'
import { hashPassword, isPassword } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import type { AccountSessions } from './sessions.ts'
import type { SecuritySettings } from './settings.ts'
import { FROM_ONE_PLACE, type Throttle } from './throttle.ts'

interface Parts {
  accounts: AccountModel
  secondFactor: SecondFactor
  sessions: AccountSessions
  settings: SecuritySettings
  throttle: Throttle
}

/** What people do about the security of their own account. */
export class OwnAccount {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * Asks for the password once more before something that whoever finds an open session must not do.
   * @throws Problem 403 when it is wrong, 429 after several failures
   */
  async confirm(id: string, password: string, now: Date): Promise<AccountDoc> {
    const { accounts, throttle } = this.parts
    const bucket = { key: `confirm|${id}`, limit: FROM_ONE_PLACE }
    await throttle.take([bucket], now)
    const doc = await accounts.collection.findOne<AccountDoc>({ _id: new ObjectId(id) })
    if (!doc) throw notFound()
    if (!(await isPassword(doc.passwordHash, password))) throw new Problem(403, 'password.wrong')
    await throttle.clear(bucket)
    return doc
  }

  /**
   * Changes the password; the account's other sessions end, and its links by mail.
   * @throws Problem 403 for a wrong one, 429
   */
  async changePassword(id: string, current: string, next: string, req: Request, now: Date): Promise<void> {
    const { accounts, sessions } = this.parts
    const doc = await this.confirm(id, current, now)
    const { modifiedCount } = await accounts.collection.updateOne(
      { _id: doc._id, passwordHash: doc.passwordHash, epoch: doc.epoch },
      {
        $set: { passwordHash: await hashPassword(next) },
        $unset: { invitation: 1, reset: 1 },
        $inc: { epoch: 1 },
      } as never,
    )
    // Somebody else changed it in the meantime: the password that was given is none any more.
    if (modifiedCount === 0) throw new Problem(403, 'password.wrong')
    await sessions.keep(req, doc.epoch + 1)
    await sessions.endAll(id, req.session.key)
  }

  /** Begins a new authenticator. @throws Problem 403, 429 */
  async beginSecondFactor(id: string, password: string, now: Date) {
    await this.confirm(id, password, now)
    return this.parts.secondFactor.begin(id)
  }

  /** New recovery codes. @throws Problem 403, 409 without a second factor, 429 */
  async renewRecoveryCodes(id: string, password: string, now: Date): Promise<string[]> {
    await this.confirm(id, password, now)
    return this.parts.secondFactor.renewCodes(id)
  }

  /** Turns the second factor off. @throws Problem 403 for a wrong password or where it is required, 409, 429 */
  async removeSecondFactor(id: string, password: string, now: Date): Promise<void> {
    const doc = await this.confirm(id, password, now)
    if (await this.parts.settings.requires(doc.role)) throw new Problem(403, 'second-factor.required')
    if (!(await this.parts.secondFactor.remove(id))) throw new Problem(409, 'second-factor.off')
  }
}
