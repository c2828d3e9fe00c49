import { Types } from 'mongoose'
import { isDuplicateKey } from '../../server/changes/writer-lock.ts'
import { notFound } from '../../server/http/problem.ts'
import { newestFirst, type PageQuery } from '../paging.ts'
import type { Troubles } from '../trouble.ts'
import { firstOf } from './ended.ts'
import type { DisabledDoc, DisabledModel, MailDoc, MailModel } from './model.ts'
import type { DisabledAddress } from './schema.ts'

/** An address as it is compared: mailboxes that differ in case only are one in practice. */
export const addressKey = (address: string): string => address.toLowerCase()

/** What becomes of a mail to a disabled address. */
export const toDisabled = (reason: string) =>
  ({ status: 'failed', nextAttemptAt: null, lastError: reason, cause: 'address-disabled' }) as const

/** Up to so many addresses are told one by one: more at a time are hardly about the addresses. */
const FEW = 5
const MANY_AT_MOST = 10_000

const oneOf = ({ _id, address, reason }: DisabledDoc) => ({ _id, detail: { address, reason } })

function manyOf({ _id, reason }: DisabledDoc, all: readonly DisabledDoc[]) {
  const address = firstOf(all.map(({ address }) => address))
  return { _id, detail: { address, reason, n: String(all.length), decision: 'many' } }
}

export interface DisabledParts {
  disabled: DisabledModel
  mails: MailModel
  trouble?: Pick<Troubles, 'tell'> | undefined
}

/**
 * The addresses that a mail server has refused for good. No mail is tried to them until somebody enables them again;
 * those that are queued to them are recorded as failed, with the server's words.
 */
export class DisabledAddresses {
  private readonly parts: DisabledParts

  constructor(parts: DisabledParts) {
    this.parts = parts
  }

  /** The server's words on those of the addresses that are disabled, by their key. */
  async among(addresses: readonly string[]): Promise<Map<string, string>> {
    const keys = addresses.map(addressKey)
    const found = await this.parts.disabled.collection
      .find<DisabledDoc>({ address: { $in: keys } }, { projection: { address: 1, reason: 1 } })
      .toArray()
    return new Map(found.map(({ address, reason }) => [address, reason]))
  }

  /** All of them, with the server's words. */
  async all(): Promise<Map<string, string>> {
    const found = await this.parts.disabled.collection
      .find<DisabledDoc>({}, { projection: { address: 1, reason: 1 } })
      .toArray()
    return new Map(found.map(({ address, reason }) => [address, reason]))
  }

  /** Disables the address of a mail that was refused. Safe to repeat. */
  async disable(mail: Pick<MailDoc, '_id' | 'to'>, reason: string, now: Date): Promise<void> {
    const address = addressKey(mail.to.address)
    const doc: DisabledDoc = {
      _id: new Types.ObjectId(),
      address,
      at: now,
      reason,
      mail: mail._id,
      told: false,
    }
    try {
      await this.parts.disabled.collection.insertOne(doc as never)
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
    }
    await this.parts.mails.collection.updateMany(
      { address, status: 'queued' },
      { $set: toDisabled(reason) as never },
    )
  }

  /** Tells the administrators of addresses that they have not been told of: one by one, or of many at once. */
  async tell(now: Date): Promise<void> {
    const { disabled, trouble } = this.parts
    if (!trouble) return
    const untold = await disabled.collection
      .find<DisabledDoc>({ told: false })
      .sort({ _id: 1 })
      .limit(MANY_AT_MOST)
      .toArray()
    const [first] = untold
    const many = untold.length > FEW && first ? [manyOf(first, untold)] : null
    for (const { _id, detail } of many ?? untold.map(oneOf)) {
      // By the first of many: should the service die before they are marked, they are not told again.
      const key = `address-disabled|${_id.toHexString()}`
      await trouble.tell({ key, kind: 'address-disabled', detail }, now)
    }
    await disabled.collection.updateMany(
      { _id: { $in: untold.map(({ _id }) => _id) } },
      { $set: { told: true } },
    )
  }

  list(query: PageQuery) {
    return newestFirst<DisabledDoc, DisabledAddress>(this.parts.disabled, query, view)
  }

  count(): Promise<number> {
    return this.parts.disabled.collection.countDocuments({})
  }

  /** Lets mails go to an address again; those that failed meanwhile stay so. @throws Problem 404 */
  async enable(id: string): Promise<DisabledAddress> {
    const doc = await this.parts.disabled.collection.findOneAndDelete({ _id: new Types.ObjectId(id) })
    if (!doc) throw notFound()
    return view(doc as unknown as DisabledDoc)
  }
}

const view = ({ _id, address, at, reason, mail }: DisabledDoc): DisabledAddress => ({
  id: _id.toHexString(),
  address,
  at: at.toISOString(),
  reason,
  mail: mail.toHexString(),
})
