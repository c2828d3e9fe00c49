import { randomBytes } from 'node:crypto'
import { ObjectId } from 'mongodb'
import { Secret, TOTP } from 'otpauth'
import { notFound, Problem } from '../http/problem.ts'
import type { Keys } from './keys.ts'
import type { AccountDoc, AccountModel } from './model.ts'

const PERIOD_S = 30
const RECOVERY_CODES = 10
/** Crockford's letters: without those that are taken for digits. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LENGTH = 10

interface Parts {
  accounts: AccountModel
  keys: Keys
  /** what an authenticator shows beside the account */
  issuer: string
}

/**
 * The second factor: codes of an authenticator (RFC 6238: SHA-1, 6 digits, 30 s, one step of tolerance either way, each
 * step once) and recovery codes, each of which can be used once.
 */
export class SecondFactor {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Makes an authenticator's secret, which counts once a code of it is confirmed. One in use goes on until then. */
  async begin(id: string): Promise<{ secret: string; uri: string }> {
    const doc = await this.find(id)
    const secret = new Secret({ size: 20 })
    const pendingSecret = this.parts.keys.seal('second-factor', secret.base32, id)
    await this.accounts.updateOne({ _id: doc._id }, { $set: { pendingSecret } })
    return { secret: secret.base32, uri: this.totp(secret.base32, doc.email).toString() }
  }

  /**
   * Puts the authenticator that was begun into use, with its first code.
   * @returns new recovery codes @throws Problem 409 when none waits, 400 for a wrong code
   */
  async confirm(id: string, code: string, now: Date): Promise<string[]> {
    const doc = await this.find(id)
    const secret = doc.pendingSecret && this.parts.keys.open('second-factor', doc.pendingSecret, id)
    if (!secret) throw new Problem(409, 'second-factor.not-pending')
    const lastStep = this.step(secret, plain(code), now)
    if (lastStep === null) throw new Problem(400, 'session.wrong-code')
    const codes = newCodes()
    const authenticator = { secret: doc.pendingSecret, lastStep }
    const { modifiedCount } = await this.accounts.updateOne(
      { _id: doc._id, pendingSecret: doc.pendingSecret },
      {
        $set: { authenticator, recoveryCodes: codes.map((c) => this.mark(id, c)) },
        $unset: { pendingSecret: 1 },
      },
    )
    if (modifiedCount === 0) throw new Problem(409, 'second-factor.not-pending')
    return codes
  }

  /** New recovery codes; the earlier ones are void. @throws Problem 409 without a second factor */
  async renewCodes(id: string): Promise<string[]> {
    const codes = newCodes()
    const { matchedCount } = await this.accounts.updateOne(
      { _id: new ObjectId(id), authenticator: { $type: 'object' } },
      { $set: { recoveryCodes: codes.map((code) => this.mark(id, code)) } },
    )
    if (matchedCount === 0) throw new Problem(409, 'second-factor.off')
    return codes
  }

  /** Turns the second factor off. @returns whether there was one @throws Problem 404 */
  async remove(id: string, endSessions = false): Promise<boolean> {
    const doc = await this.find(id)
    await this.accounts.updateOne(
      { _id: doc._id },
      {
        $unset: { authenticator: 1, pendingSecret: 1, recoveryCodes: 1 },
        ...(endSessions ? { $inc: { epoch: 1 } } : {}),
      },
    )
    return doc.authenticator !== undefined
  }

  /** Whether a code is good for an account at this moment; a good one is used up. */
  async use(doc: AccountDoc, code: string, now: Date): Promise<boolean> {
    const id = doc._id.toHexString()
    const given = plain(code)
    if (!/^\d{6}$/.test(given)) return this.spendRecoveryCode(doc._id, this.mark(id, given))
    const secret = doc.authenticator && this.parts.keys.open('second-factor', doc.authenticator.secret, id)
    const step = secret ? this.step(secret, given, now) : null
    if (step === null) return false
    const { modifiedCount } = await this.accounts.updateOne(
      {
        _id: doc._id,
        'authenticator.secret': doc.authenticator?.secret,
        'authenticator.lastStep': { $lt: step },
      },
      { $set: { 'authenticator.lastStep': step } },
    )
    return modifiedCount === 1
  }

  private async spendRecoveryCode(_id: ObjectId, mark: string): Promise<boolean> {
    const { modifiedCount } = await this.accounts.updateOne({ _id, recoveryCodes: mark }, {
      $pull: { recoveryCodes: mark },
    } as never)
    return modifiedCount === 1
  }

  /** The time step whose code this is; null for none near now. */
  private step(secret: string, code: string, now: Date): number | null {
    const totp = this.totp(secret, '')
    const timestamp = now.getTime()
    const delta = totp.validate({ token: code, timestamp, window: 1 })
    return delta === null ? null : totp.counter({ timestamp }) + delta
  }

  private totp(secret: string, label: string): TOTP {
    const { issuer } = this.parts
    return new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret })
  }

  /** A recovery code as it is kept. */
  private mark(id: string, code: string): string {
    return this.parts.keys.mac('recovery-code', `${id}|${plain(code)}`)
  }

  private async find(id: string): Promise<AccountDoc> {
    const doc = await this.accounts.findOne<AccountDoc>({ _id: new ObjectId(id) })
    if (!doc) throw notFound()
    return doc
  }

  private get accounts() {
    return this.parts.accounts.collection
  }
}

/** A code as it was meant: wide digits, blanks, hyphens and letters that look like digits do not matter. */
const plain = (code: string): string =>
  code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')

/** Ten codes of fifty bits, as `ABCDE-12345`. */
const newCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const code = Array.from(randomBytes(CODE_LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('')
    return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`
  })
