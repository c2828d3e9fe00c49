import type { Connection } from 'mongoose'
import { ROLES, type Role } from './schema.ts'
import type { SettingsView } from './security-schema.ts'

interface SettingsDoc {
  _id: 'security'
  requireSecondFactor: Role[]
}

/** How long other processes may go by what was before; each request asks. */
const FRESH_MS = 3_000

/** What an administrator requires of accounts. */
export class SecuritySettings {
  private readonly connection: Connection
  private known: { at: number; view: SettingsView } | undefined

  constructor(connection: Connection) {
    this.connection = connection
  }

  async get(): Promise<SettingsView> {
    const doc = await this.collection.findOne({ _id: 'security' })
    const required = doc?.requireSecondFactor ?? []
    const view = { requireSecondFactor: ROLES.filter((role) => required.includes(role)) }
    this.known = { at: performance.now(), view }
    return view
  }

  /** Changes what is given. */
  async update(set: { requireSecondFactor?: Role[] | undefined }): Promise<SettingsView> {
    if (set.requireSecondFactor !== undefined)
      await this.collection.updateOne(
        { _id: 'security' },
        { $set: { requireSecondFactor: set.requireSecondFactor } },
        { upsert: true },
      )
    return this.get()
  }

  /** Whether accounts of a role must have a second factor. */
  async requires(role: Role): Promise<boolean> {
    const fresh = this.known && performance.now() - this.known.at < FRESH_MS ? this.known.view : undefined
    return (fresh ?? (await this.get())).requireSecondFactor.includes(role)
  }

  private get collection() {
    return this.connection.collection<SettingsDoc>('settings')
  }
}
