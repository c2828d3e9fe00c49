import { hash, verify } from '@node-rs/argon2'
import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import { isDuplicateKey, WriterLock } from '../changes/writer-lock.ts'
import { regionByCode } from '../domain/regions.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import { type Limits, limitsFor } from './limits.ts'
import type { AccountDoc, AccountModel } from './model.ts'
import { permissionsOf } from './permissions.ts'
import type { Account, createAccount, Language, Me, setUp, updateAccount, updateMe } from './schema.ts'

/** OWASP's first choice for argon2id: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Somebody who gets a report. */
export interface Recipient {
  id: string
  email: string
  name: string
  language: Language
}

/** People and what they may do. */
export class AccountService {
  private readonly accounts: AccountModel
  private readonly operators: Operators
  private readonly lock: WriterLock
  /** what an unknown address is checked against, so that it takes as long as a known one */
  private decoy: Promise<string> | undefined

  constructor(accounts: AccountModel, operators: Operators) {
    this.accounts = accounts
    this.operators = operators
    this.lock = new WriterLock(accounts.db, 'accounts')
  }

  /** True while there is no account at all. */
  async needsSetUp(): Promise<boolean> {
    return (await this.accounts.collection.findOne({}, { projection: { _id: 1 } })) === null
  }

  /** Creates the first administrator. @throws Problem 409 when there is one */
  async createFirst(
    given: Pick<z.output<typeof setUp>, 'email' | 'name' | 'password'>,
    now: Date,
  ): Promise<AccountDoc> {
    if (!(await this.needsSetUp()))
      throw new Problem(409, 'setup.done', 'The service has been set up already')
    const rest = { role: 'administrator', language: 'zh-CN', weeklyReport: true, listMails: true } as const
    const doc = await newAccount({ ...given, ...rest }, NO_LIMITS, now)
    return this.insert({ ...doc, first: true }, 'setup.done')
  }

  /** Creates an account. @throws Problem 400 for limits that do not fit the role, 409 when the address has one */
  async create(given: z.output<typeof createAccount>, now: Date): Promise<Account> {
    const limits = await limitsFor(given.role, given, NO_LIMITS, this.isOperator)
    return this.view(await this.insert(await newAccount(given, limits, now), 'account.exists'))
  }

  private readonly isOperator = async (id: string): Promise<boolean> =>
    (await this.operators.find(id)) !== null

  private async insert(doc: AccountDoc, taken: 'setup.done' | 'account.exists'): Promise<AccountDoc> {
    try {
      await this.accounts.collection.insertOne(doc as never)
      return doc
    } catch (error) {
      if (isDuplicateKey(error)) throw new Problem(409, taken)
      throw error
    }
  }

  /** The account of an address and password; null when they do not belong together or it is closed. */
  async authenticate(email: string, password: string): Promise<AccountDoc | null> {
    const doc = await this.accounts.collection.findOne<AccountDoc>({ email })
    // Made at the first sign-in rather than at the start, which it would slow down.
    this.decoy ??= hash('no account has this password', COST)
    const decoy = await this.decoy
    const fits = await verify(doc?.passwordHash ?? decoy, password)
    return doc?.active && fits ? doc : null
  }

  /** The caller of a session; null when the account is closed or the session older than its last change of rights. */
  async caller(id: string, epoch: number): Promise<Caller | null> {
    const doc = await this.accounts.collection.findOne<AccountDoc>({ _id: new ObjectId(id) })
    if (!doc?.active || doc.epoch !== epoch) return null
    // A limited account whose limit got lost must not see everything.
    if ((doc.role === 'county-officer' && !doc.county) || (doc.role === 'operator' && !doc.operator))
      return null
    const scope = { county: doc.county ?? undefined, operator: doc.operator ?? undefined }
    return { id, email: doc.email, name: doc.name, role: doc.role, scope }
  }

  /** What an account sees of itself. */
  async me(id: string): Promise<Me> {
    const { active: _a, createdAt: _c, ...rest } = await this.view(await this.find(id))
    return { ...rest, permissions: [...permissionsOf(rest.role)] }
  }

  async updateMe(id: string, set: z.output<typeof updateMe>): Promise<Me> {
    await this.accounts.collection.updateOne({ _id: new ObjectId(id) }, { $set: set })
    return this.me(id)
  }

  async list(): Promise<Account[]> {
    const docs = await this.accounts.collection.find<AccountDoc>({}).sort({ email: 1 }).toArray()
    const names = await this.operators.names()
    return docs.map((doc) => accountView(doc, names))
  }

  private async view(doc: AccountDoc): Promise<Account> {
    const operator = doc.operator === null ? null : await this.operators.find(doc.operator)
    return accountView(doc, new Map(operator ? [[operator._id, operator.name]] : []))
  }

  /**
   * Changes an account; a new password or new rights end its sessions.
   * @throws Problem 404; 400 for limits that do not fit the role; 409 when it would leave no administrator
   */
  update(id: string, given: z.output<typeof updateAccount>): Promise<Account> {
    // One at a time: two administrators who dismiss each other at once must not both succeed.
    return this.lock.run(() => this.updateAlone(id, given))
  }

  private async updateAlone(id: string, given: z.output<typeof updateAccount>): Promise<Account> {
    const doc = await this.find(id)
    const { password, county, operator, ...rest } = given
    const role = rest.role ?? doc.role
    const set = { ...rest, ...(await limitsFor(role, { county, operator }, doc, this.isOperator)) }
    const loses = doc.role === 'administrator' && (set.active === false || role !== 'administrator')
    if (loses && (await this.otherAdministrators(doc._id)) === 0)
      throw new Problem(409, 'account.last-administrator')
    const moved = role !== doc.role || set.county !== doc.county || set.operator !== doc.operator
    const ends = password !== undefined || set.active === false || moved
    await this.accounts.collection.updateOne({ _id: doc._id }, {
      $set: { ...set, ...(password === undefined ? {} : { passwordHash: await hash(password, COST) }) },
      ...(ends ? { $inc: { epoch: 1 } } : {}),
    } as never)
    return this.view(await this.find(id))
  }

  /** Everyone who wants the weekly report. */
  async recipients(): Promise<Recipient[]> {
    const docs = await this.accounts.collection
      .find<AccountDoc>({ active: true, weeklyReport: true, operator: null, county: null })
      .sort({ _id: 1 })
      .toArray()
    return docs.map(({ _id, email, name, language }) => ({ id: _id.toHexString(), email, name, language }))
  }

  private otherAdministrators(id: ObjectId): Promise<number> {
    return this.accounts.collection.countDocuments({ role: 'administrator', active: true, _id: { $ne: id } })
  }

  private async find(id: string): Promise<AccountDoc> {
    const doc = await this.accounts.collection.findOne<AccountDoc>({ _id: new ObjectId(id) })
    if (!doc) throw notFound()
    return doc
  }
}

const NO_LIMITS: Limits = { county: null, operator: null }

type NewAccount = Omit<z.output<typeof createAccount>, keyof Limits>

async function newAccount(given: NewAccount, limits: Limits, now: Date): Promise<AccountDoc> {
  const { email, name, role, language, weeklyReport, listMails, password } = given
  const passwordHash = await hash(password, COST)
  const fixed = { active: true, epoch: 0, createdAt: now }
  const wishes = { language, weeklyReport, listMails }
  return { _id: new ObjectId(), email, name, role, ...limits, ...wishes, passwordHash, ...fixed }
}

function accountView(doc: AccountDoc, operators: ReadonlyMap<string, string>): Account {
  const { _id, passwordHash: _p, epoch: _e, first: _f, createdAt, ...rest } = doc
  const region = doc.county === null ? undefined : regionByCode(doc.county)
  return {
    ...rest,
    id: _id.toHexString(),
    listMails: doc.listMails ?? true,
    countyName: (doc.language === 'en' ? region?.english : region?.name) ?? doc.county,
    operatorName: doc.operator && (operators.get(doc.operator) ?? doc.operator),
    createdAt: createdAt.toISOString(),
  }
}
