import { Types } from 'mongoose'
import type { AccountDoc, AccountModel } from '../accounts/model.ts'
import { wishesOf } from '../accounts/wishes.ts'
import { isDuplicateKey } from '../changes/writer-lock.ts'
import { regionByCode } from '../domain/regions.ts'
import { invalidField, notFound, Problem } from '../http/problem.ts'
import type { Operators } from '../operators/service.ts'
import type { ListedDoc, ListedModel } from './model.ts'
import {
  type CreateRecipient,
  MAIL_TOPICS,
  type RecipientView,
  type UpdateRecipient,
  WISH_OF,
} from './schema.ts'

interface Parts {
  accounts: AccountModel
  listed: ListedModel
  operators: Operators
}

/** Addresses that no mail is tried to any more, in small letters, with the mail server's words. */
export type DisabledSource = () => Promise<ReadonlyMap<string, string>>

/** Who gets which mails, and the administrators' list of further addresses. */
export class RecipientService {
  private readonly parts: Parts
  private disabled: DisabledSource = async () => new Map()

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Takes the addresses that are disabled from somewhere: from the outbox, which is made later. */
  learnDisabled(source: DisabledSource): void {
    this.disabled = source
  }

  /** Every account that is open and every further address, with what each gets: further addresses first, by name. */
  async list(): Promise<RecipientView[]> {
    const { accounts, listed, operators } = this.parts
    const [entries, people, names, disabled] = await Promise.all([
      listed.collection.find<ListedDoc>({}).sort({ name: 1, _id: 1 }).toArray(),
      accounts.collection.find<AccountDoc>({ active: true }).sort({ name: 1, _id: 1 }).toArray(),
      operators.names(),
      this.disabled(),
    ])
    const view = { names, disabled }
    return [...entries.map((doc) => ofListed(doc, view)), ...people.map((doc) => ofAccount(doc, view))]
  }

  /** A further address. @throws Problem 404 */
  async get(id: string): Promise<RecipientView> {
    return this.view(await this.find(id))
  }

  /**
   * Lists a further address.
   * @throws Problem 400 for an unknown operator or two limits; 409 when it is listed already or has an account
   */
  async create(given: CreateRecipient, now: Date): Promise<RecipientView> {
    const limits = await this.limits(given, { county: null, operator: null })
    const account = { email: given.email, active: true }
    if (await this.parts.accounts.collection.findOne(account, { projection: { _id: 1 } }))
      throw new Problem(409, 'recipient.has-account')
    const doc: ListedDoc = { _id: new Types.ObjectId(), ...given, ...limits, ended: [], createdAt: now }
    try {
      await this.parts.listed.collection.insertOne(doc as never)
    } catch (error) {
      throw isDuplicateKey(error) ? new Problem(409, 'recipient.exists') : error
    }
    return this.view(doc)
  }

  /** Changes a further address. @throws Problem 400, 404, 409 */
  async update(id: string, given: UpdateRecipient): Promise<RecipientView> {
    const doc = await this.find(id)
    const { topics, ...rest } = given
    const set = {
      ...rest,
      ...(await this.limits(given, doc)),
      ...(topics ? { topics, ended: doc.ended.filter((topic) => !topics.includes(topic)) } : {}),
    }
    try {
      await this.parts.listed.collection.updateOne({ _id: doc._id }, { $set: set as never })
    } catch (error) {
      throw isDuplicateKey(error) ? new Problem(409, 'recipient.exists') : error
    }
    return this.get(id)
  }

  /** Takes a further address from the list. @throws Problem 404 */
  async remove(id: string): Promise<RecipientView> {
    const doc = await this.find(id)
    await this.parts.listed.collection.deleteOne({ _id: doc._id })
    return this.view(doc)
  }

  private async find(id: string): Promise<ListedDoc> {
    const doc = await this.parts.listed.collection.findOne<ListedDoc>({ _id: new Types.ObjectId(id) })
    if (!doc) throw notFound()
    return doc
  }

  private async view(doc: ListedDoc): Promise<RecipientView> {
    const operator = doc.operator === null ? null : await this.parts.operators.find(doc.operator)
    const names = new Map(operator ? [[operator._id, operator.name]] : [])
    return ofListed(doc, { names, disabled: await this.disabled() })
  }

  /** A place is one thing: naming an operator ends a county's limit, and the other way round. */
  private async limits(
    given: { county?: string | null | undefined; operator?: string | null | undefined },
    before: { county: string | null; operator: string | null },
  ): Promise<{ county: string | null; operator: string | null }> {
    if (given.county && given.operator) throw invalidField('body.county', 'recipient.two-places', '')
    if (given.operator && (await this.parts.operators.find(given.operator)) === null)
      throw invalidField('body.operator', 'operator.unknown', given.operator)
    if (given.operator) return { county: null, operator: given.operator }
    if (given.county) return { county: given.county, operator: null }
    return {
      county: given.county === undefined ? before.county : null,
      operator: given.operator === undefined ? before.operator : null,
    }
  }
}

interface Known {
  names: ReadonlyMap<string, string>
  disabled: ReadonlyMap<string, string>
}

const placeOf = (
  doc: Pick<ListedDoc, 'county' | 'operator' | 'email' | 'language'>,
  { names, disabled }: Known,
) => {
  const region = doc.county === null ? undefined : regionByCode(doc.county)
  return {
    county: doc.county,
    countyName: region?.name ?? doc.county,
    operator: doc.operator,
    operatorName: doc.operator && (names.get(doc.operator) ?? doc.operator),
    disabled: disabled.get(doc.email.toLowerCase()) ?? null,
  }
}

const ofListed = (doc: ListedDoc, known: Known): RecipientView => ({
  ...{ id: doc._id.toHexString(), source: 'list', name: doc.name, email: doc.email, language: doc.language },
  ...{ role: null, topics: doc.topics, ended: doc.ended, attach: doc.attach, invited: false },
  ...placeOf(doc, known),
})

function ofAccount(doc: AccountDoc, known: Known): RecipientView {
  const wishes = wishesOf(doc.role, doc)
  return {
    ...{ id: doc._id.toHexString(), source: 'account', name: doc.name, email: doc.email },
    ...{ language: doc.language, role: doc.role, ended: [] },
    topics: MAIL_TOPICS.filter((topic) => wishes[WISH_OF[topic]]),
    attach: wishes.attachTables,
    invited: doc.passwordHash === null,
    ...placeOf(doc, known),
  }
}
