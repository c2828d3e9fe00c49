import { ObjectId } from 'mongodb'
import { liesIn } from '../domain/regions.ts'
import type { AccountDoc, AccountModel } from './model.ts'
import type { Language, Role } from './schema.ts'

type Person = Pick<AccountDoc, '_id' | 'county' | 'role'>

/** Somebody who wants to be told by mail. */
export interface Addressee {
  id: string
  email: string
  name: string
  language: Language
}

/** Who has accepted the invitation, if there was one: nobody else reads what they are told. */
const ACCEPTED = { passwordHash: { $type: 'string' } }

/** Who is in charge of what, for telling them. Ids of active accounts that somebody signs in to. */
export class People {
  private readonly accounts: AccountModel

  constructor(accounts: AccountModel) {
    this.accounts = accounts
  }

  /**
   * The officers who decide a list or a dispute: those of its county, and those of the bureau when there are none or
   * when it reaches beyond the county; administrators when the bureau has no officer.
   * @param county whose officers it is for; null: the bureau's
   * @param touches the counties that it touches
   */
  async inCharge(county: string | null, touches: readonly string[]): Promise<string[]> {
    const near = county === null ? [] : await this.active('county-officer')
    const own = near.filter((p) => p.county !== null && county !== null && liesIn(county, p.county))
    const enough = own.filter((p) => touches.every((code) => p.county !== null && liesIn(code, p.county)))
    if (enough.length > 0) return idsOf(own)
    const bureau = await this.active('officer')
    return idsOf([...own, ...(bureau.length > 0 ? bureau : await this.active('administrator'))])
  }

  /** The accounts of an operator. */
  async ofOperator(operator: string): Promise<string[]> {
    return idsOf(await this.find({ role: 'operator', operator, active: true }))
  }

  /** Where an account is told by mail; null when it is closed or wants no mails about lists. */
  addressee(id: string): Promise<Addressee | null> {
    return this.addressed(id, { listMails: { $ne: false } })
  }

  /** Where an account is told what it cannot refuse to be told; null when it is closed. */
  dutyAddressee(id: string): Promise<Addressee | null> {
    return this.addressed(id, {})
  }

  /** The administrators. */
  async administrators(): Promise<string[]> {
    return idsOf(await this.active('administrator'))
  }

  private async addressed(id: string, wanted: Record<string, unknown>): Promise<Addressee | null> {
    const doc = await this.accounts.collection.findOne<AccountDoc>({
      ...{ _id: new ObjectId(id), active: true },
      ...wanted,
    })
    return doc && { id, email: doc.email, name: doc.name, language: doc.language }
  }

  private active(role: Role): Promise<Person[]> {
    return this.find({ role, active: true })
  }

  private find(filter: Record<string, unknown>): Promise<Person[]> {
    return this.accounts.collection
      .find<Person>({ ...filter, ...ACCEPTED }, { projection: { county: 1, role: 1 } })
      .sort({ _id: 1 })
      .toArray()
  }
}

const idsOf = (people: readonly Person[]): string[] => people.map((p) => p._id.toHexString())
