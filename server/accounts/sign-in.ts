import { Problem } from '../http/problem.ts'
import type { Device, Devices } from './devices.ts'
import { digest } from './keys.ts'
import type { AccountDoc, AccountModel } from './model.ts'
import { isPassword } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import { type Bucket, FROM_ADDRESS, FROM_ONE_PLACE, OF_STRANGERS, type Throttle } from './throttle.ts'

/** What somebody signs in with. */
export interface Credentials {
  email: string
  password: string
  code?: string | undefined
}

/** Where from. */
export interface Origin {
  address: string
  device: Device | null
}

interface Parts {
  accounts: AccountModel
  devices: Devices
  secondFactor: SecondFactor
  throttle: Throttle
}

/**
 * Signing in. Failures are limited for each account and place, for each address, and for each account from wherever
 * strangers are; a device that the account was signed in from before has a count of its own, so that whoever guesses
 * elsewhere, or behind the same address, cannot lock its owner out. Another way past strangers is a link by mail.
 */
export class SignIn {
  private readonly parts: Parts
  /** attempts under way at this process, so that several good ones at once do not count as guessing */
  private readonly queues = new Map<string, Promise<unknown>>()

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * The account of an address and password, and of a code if it has a second factor.
   * @throws Problem 401 naming what is wrong or missing, 429 for somebody who has to wait
   */
  authenticate(given: Credentials, from: Origin, now: Date): Promise<AccountDoc> {
    const buckets = this.bucketsOf(given.email, from)
    return this.inTurn(buckets[0].key, () => this.attempt(given, buckets, now))
  }

  private async attempt(given: Credentials, buckets: Buckets, now: Date): Promise<AccountDoc> {
    const { accounts, secondFactor, throttle } = this.parts
    await throttle.take(buckets, now)
    const doc = await accounts.collection.findOne<AccountDoc>({ email: given.email })
    const fits = await isPassword(doc?.passwordHash ?? null, given.password)
    if (!doc?.active || !fits) throw new Problem(401, 'session.wrong-credentials')
    if (doc.authenticator) {
      if (given.code === undefined) {
        // No failure, but no success either: the count of failures stays as it was.
        await throttle.giveBack(buckets)
        throw new Problem(401, 'session.second-factor')
      }
      if (!(await secondFactor.use(doc, given.code, now))) throw new Problem(401, 'session.wrong-code')
    }
    const [own, ...shared] = buckets
    await Promise.all([
      throttle.clear(own),
      throttle.giveBack(shared),
      accounts.collection.updateOne({ _id: doc._id }, { $set: { lastSignInAt: now } }),
    ])
    return doc
  }

  private bucketsOf(email: string, { address, device }: Origin): Buckets {
    const who = digest(email)
    if (device && this.parts.devices.knows(device, email))
      return [{ key: `device|${digest(device.id)}|${who}`, limit: FROM_ONE_PLACE }]
    return [
      { key: `place|${address}|${who}`, limit: FROM_ONE_PLACE },
      { key: `address|${address}`, limit: FROM_ADDRESS },
      { key: `strangers|${who}`, limit: OF_STRANGERS },
    ]
  }

  /** Runs work after what is under way under the same key. */
  private inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(key) ?? Promise.resolve()
    const result = before.then(work)
    const settled = result.then(
      () => undefined,
      () => undefined,
    )
    this.queues.set(key, settled)
    void settled.then(() => {
      if (this.queues.get(key) === settled) this.queues.delete(key)
    })
    return result
  }
}

type Buckets = [Bucket, ...Bucket[]]
