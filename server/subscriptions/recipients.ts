import { Types } from 'mongoose'
import type { AccountDoc, AccountModel } from '../accounts/model.ts'
import { rolesThatWant, WISHES, wishesOf } from '../accounts/wishes.ts'
import type { ListedDoc, ListedModel } from './model.ts'
import { type MailTopic, type Recipient, WISH_OF } from './schema.ts'

const OF_ACCOUNT = Object.fromEntries(
  ['email', 'name', 'role', 'county', 'operator', 'language', ...WISHES].map((name) => [name, 1]),
)

/** Nobody reads what somebody is told who has not accepted the invitation. */
const IN_USE = { active: true, passwordHash: { $type: 'string' } } as const

/** Who gets the mails of a topic: the accounts that want them, and the addresses that are listed for it. */
export class MailRecipients {
  private readonly accounts: AccountModel
  private readonly listed: ListedModel

  constructor(accounts: AccountModel, listed: ListedModel) {
    this.accounts = accounts
    this.listed = listed
  }

  /**
   * The recipients of a topic, accounts first. An address that an account has is not told of the same from the list:
   * whether it is told at all is for the account's owner to say.
   */
  async recipientsOf(topic: MailTopic): Promise<Recipient[]> {
    const [accounts, listed] = await Promise.all([this.accountsOf(topic), this.listedFor(topic)])
    const own = new Set((await this.accountsAt(listed.map(({ email }) => email))).map(sameMail))
    return [...accounts, ...listed.filter((entry) => !own.has(sameMail(entry)))]
  }

  /** The accounts in use at some addresses, whatever they want. */
  private async accountsAt(emails: readonly string[]): Promise<Recipient[]> {
    if (emails.length === 0) return []
    const email = { $in: [...new Set(emails.map((one) => one.toLowerCase()))] }
    const docs = await this.accounts.collection
      .find<AccountDoc>({ ...IN_USE, email }, { projection: OF_ACCOUNT })
      .toArray()
    return docs.flatMap(ofAccount)
  }

  private async accountsOf(topic: MailTopic): Promise<Recipient[]> {
    const wish = WISH_OF[topic]
    const docs = await this.accounts.collection
      .find<AccountDoc>(
        {
          ...IN_USE,
          $or: [{ [wish]: true }, { [wish]: { $exists: false }, role: { $in: [...rolesThatWant(wish)] } }],
        },
        { projection: OF_ACCOUNT },
      )
      .sort({ _id: 1 })
      .toArray()
    return docs.flatMap(ofAccount)
  }

  private async listedFor(topic: MailTopic): Promise<Recipient[]> {
    const docs = await this.listed.collection.find<ListedDoc>({ topics: topic }).sort({ _id: 1 }).toArray()
    return docs.map(ofListed)
  }

  /** Whether a recipient wants a topic; null when there is no such recipient any more. */
  async stateOf(id: string, topic: MailTopic): Promise<{ recipient: Recipient; wanted: boolean } | null> {
    const _id = new Types.ObjectId(id)
    const account = await this.accounts.collection.findOne<AccountDoc>({ _id, active: true })
    if (account) {
      const [recipient] = ofAccount(account)
      return recipient ? { recipient, wanted: wishesOf(account.role, account)[WISH_OF[topic]] } : null
    }
    const entry = await this.listed.collection.findOne<ListedDoc>({ _id })
    return entry && { recipient: ofListed(entry), wanted: entry.topics.includes(topic) }
  }

  /** Ends or resumes a topic for a recipient, as its owner wishes. Twice is once. */
  async choose(id: string, topic: MailTopic, wanted: boolean): Promise<void> {
    const _id = new Types.ObjectId(id)
    const { matchedCount } = await this.accounts.collection.updateOne(
      { _id },
      { $set: { [WISH_OF[topic]]: wanted } },
    )
    if (matchedCount > 0) return
    const [into, from] = wanted ? ['topics', 'ended'] : ['ended', 'topics']
    await this.listed.collection.updateOne(
      // What an administrator has taken from the list meanwhile is not put back by a link.
      { _id, [from]: topic },
      { $addToSet: { [into]: topic }, $pull: { [from]: topic } } as never,
    )
  }
}

/** None for an account whose limit got lost: it must not be told everything. */
function ofAccount(doc: AccountDoc): Recipient[] {
  const { _id, email, name, language, role, county, operator } = doc
  if ((role === 'county-officer' && !county) || (role === 'operator' && !operator)) return []
  const { attachTables } = wishesOf(role, doc)
  return [
    {
      ...{ id: _id.toHexString(), email, name, language, attach: attachTables, source: 'account' },
      scope: scopeOf(doc),
    },
  ]
}

const ofListed = (doc: ListedDoc): Recipient => ({
  ...{ id: doc._id.toHexString(), email: doc.email, name: doc.name, language: doc.language },
  ...{ scope: scopeOf(doc), attach: doc.attach, source: 'list' },
})

const scopeOf = ({ county, operator }: { county: string | null; operator: string | null }) => ({
  ...(county ? { county } : {}),
  ...(operator ? { operator } : {}),
})

const sameMail = ({ email, scope }: Recipient): string =>
  `${email.toLowerCase()}|${scope.county ?? ''}|${scope.operator ?? ''}`
