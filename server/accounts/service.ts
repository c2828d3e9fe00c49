import { ObjectId } from 'mongodb'
import type { z } from 'zod'
import { isDuplicateKey, WriterLock } from '../changes/writer-lock.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import { type Limits, limitsFor } from './limits.ts'
import type { AccountLinks } from './links.ts'
import type { AccountDoc, AccountModel } from './model.ts'
import { hashPassword } from './passwords.ts'
import { permissionsOfCaller } from './permissions.ts'
import type { Account, createAccount, Me, setUp, updateAccount, updateMe } from './schema.ts'
import type { AccountSessions } from './sessions.ts'
import type { SecuritySettings } from './settings.ts'
import { accountView } from './view.ts'
import { WISHES } from './wishes.ts'

interface Parts {
  accounts: AccountModel
  operators: Operators
  links: AccountLinks
  sessions: AccountSessions
  settings: SecuritySettings
}

/** People and what they may do. */
export class AccountService {
  private readonly parts: Parts
  private readonly accounts: AccountModel
  private readonly operators: Operators
  private readonly lock: WriterLock

  constructor(parts: Parts) {
    this.parts = parts
    this.accounts = parts.accounts
    this.operators = parts.operators
    this.lock = new WriterLock(parts.accounts.db, 'accounts')
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
    const rest = { role: 'administrator', language: 'zh-CN' } as const
    const doc = await newAccount({ ...given, ...rest }, NO_LIMITS, now)
    return this.insert({ ...doc, first: true }, 'setup.done')
  }

  /**
   * Creates an account; without a password it is invited by mail.
   * @throws Problem 400 for limits that do not fit the role, 409 when the address has one
   */
  async create(given: z.output<typeof createAccount>, now: Date): Promise<Account> {
    const limits = await limitsFor(given.role, given, NO_LIMITS, this.isOperator)
    const doc = await newAccount(given, limits, now)
    const invited = doc.passwordHash === null
    if (invited) doc.invitation = this.parts.links.newLink('invitation', doc._id, now)
    await this.insert(doc, 'account.exists')
    if (invited) this.parts.links.soon()
    return this.view(doc)
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

  /** An account as stored, read anew; null when there is none. */
  stored(id: string): Promise<AccountDoc | null> {
    return this.accounts.collection.findOne<AccountDoc>({ _id: new ObjectId(id) })
  }

  /** The caller of a session of an account; null when the account is closed or the session older than its last change of rights. */
  async callerOfSession(doc: AccountDoc | null, epoch: number): Promise<Caller | null> {
    if (!doc || doc.epoch !== epoch) return null
    const caller = callerOf(doc)
    if (caller && (await this.owesSecondFactor(doc))) caller.mustSetUpSecondFactor = true
    return caller
  }

  /** The caller of a token; null when its account is closed. */
  async callerOfToken(id: string, token: NonNullable<Caller['token']>): Promise<Caller | null> {
    const doc = await this.accounts.collection.findOne<AccountDoc>({ _id: new ObjectId(id) })
    const caller = doc && callerOf(doc)
    return caller && { ...caller, token }
  }

  /** True if an account must have a second factor and has none. */
  private async owesSecondFactor(doc: AccountDoc): Promise<boolean> {
    return doc.authenticator === undefined && (await this.parts.settings.requires(doc.role))
  }

  /** What an account sees of itself. @param token the token by which a program asks */
  async me(id: string, token?: Caller['token']): Promise<Me> {
    const doc = await this.find(id)
    const { active: _a, createdAt: _c, invited: _i, lastSignInAt: _l, ...rest } = await this.view(doc)
    return {
      ...rest,
      permissions: permissionsOfCaller({ role: doc.role, scope: scopeOf(doc), token }),
      mustSetUpSecondFactor: await this.owesSecondFactor(doc),
      via: token ? 'token' : 'session',
    }
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

  /** One account. @throws Problem 404 */
  async get(id: string): Promise<Account> {
    return this.view(await this.find(id))
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
      $set: { ...set, ...(password === undefined ? {} : { passwordHash: await hashPassword(password) }) },
      ...(ends
        ? { $inc: { epoch: 1 }, $unset: { reset: 1, ...(password === undefined ? {} : { invitation: 1 }) } }
        : {}),
    } as never)
    if (ends) await this.parts.sessions.endAll(id)
    return this.view(await this.find(id))
  }

  /** The open sessions of an account. @throws Problem 404 */
  async sessionsOf(id: string, current?: string) {
    return this.parts.sessions.list(await this.find(id), current)
  }

  /** Ends the sessions of an account, also those that are being opened. @throws Problem 404 */
  async endSessions(id: string): Promise<void> {
    const doc = await this.find(id)
    await this.accounts.collection.updateOne({ _id: doc._id }, { $inc: { epoch: 1 } })
    await this.parts.sessions.endAll(id)
  }

  /** How many others could go on as administrators; somebody who has not accepted the invitation could not yet. */
  private otherAdministrators(id: ObjectId): Promise<number> {
    return this.accounts.collection.countDocuments({
      ...{ role: 'administrator', active: true, _id: { $ne: id } },
      passwordHash: { $type: 'string' },
    })
  }

  private async find(id: string): Promise<AccountDoc> {
    const doc = await this.accounts.collection.findOne<AccountDoc>({ _id: new ObjectId(id) })
    if (!doc) throw notFound()
    return doc
  }
}

const NO_LIMITS: Limits = { county: null, operator: null }

const scopeOf = ({ county, operator }: AccountDoc) => ({
  county: county ?? undefined,
  operator: operator ?? undefined,
})

/** An account as a caller; null when it is closed. */
function callerOf(doc: AccountDoc): Caller | null {
  if (!doc.active) return null
  // A limited account whose limit got lost must not see everything.
  if ((doc.role === 'county-officer' && !doc.county) || (doc.role === 'operator' && !doc.operator))
    return null
  const { email, name, role } = doc
  return { id: doc._id.toHexString(), email, name, role, scope: scopeOf(doc) }
}

type NewAccount = Omit<z.output<typeof createAccount>, keyof Limits>

async function newAccount(given: NewAccount, limits: Limits, now: Date): Promise<AccountDoc> {
  const { email, name, role, language, password } = given
  const passwordHash = password === undefined ? null : await hashPassword(password)
  const fixed = { active: true, epoch: 0, createdAt: now }
  const chosen = WISHES.flatMap((wish) => (given[wish] === undefined ? [] : [[wish, given[wish]]]))
  const wishes = { language, ...Object.fromEntries(chosen) }
  return { _id: new ObjectId(), email, name, role, ...limits, ...wishes, passwordHash, ...fixed }
}
