import type { z } from 'zod'
import type { AccountDoc, AccountModel } from '../accounts/model.ts'
import { can } from '../accounts/permissions.ts'
import { ROLES } from '../accounts/schema.ts'
import { isInserted } from '../changes/writer-lock.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { liesIn } from '../domain/regions.ts'
import { type FieldFault, notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { ScenarioMailDoc, ScenarioMailModel } from './model.ts'
import type { MailedScenario, mailScenario, ScenarioView } from './schema.ts'
import type { ScenarioService } from './service.ts'

interface Parts {
  mails: ScenarioMailModel
  accounts: AccountModel
  service: ScenarioService
  timeZone: string
  /** lets the wishes be put into mails soon */
  soon: () => void
}

type Reader = Pick<AccountDoc, '_id' | 'name' | 'email' | 'language' | 'role' | 'county'>

/** Who may read scenarios; operators may not. */
const READERS = ROLES.filter((role) => can(role, 'scenario.read'))

/** Sending a scenario to colleagues: the wish is kept, and becomes a mail (see jobs/scenario-mails.ts). */
export class ScenarioSending {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Who could be sent the caller's scenarios: colleagues who see the same part of the city, by name. */
  async recipients(caller: Caller) {
    const found = await this.readers(caller.scope.county ?? null)
    const items = found.map(({ _id, name, role, county }) => ({ id: _id.toHexString(), name, role, county }))
    return { items: items.sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')) }
  }

  /**
   * Sends a scenario as it is now. The same to the same person on the same day is one mail.
   * @throws Problem 404; 400 `scenario.recipient` for an account that is none, is closed, or may not see it
   */
  async mail(
    id: string,
    given: z.output<typeof mailScenario>,
    caller: Caller,
    now: Date,
  ): Promise<{ mailed: MailedScenario; scenario: ScenarioView }> {
    const scenario = await this.parts.service.get(id, caller)
    if (scenario.deleted) throw notFound()
    const readers = new Map((await this.readers(scenario.county)).map((r) => [r._id.toHexString(), r]))
    const to = [...new Set(given.to)]
    const strangers = to.flatMap((account, i): FieldFault[] =>
      readers.has(account)
        ? []
        : [{ path: `body.to.${i}`, code: 'scenario.recipient', message: 'scenario.recipient' }],
    )
    if (strangers.length > 0) throw new Problem(400, 'request.invalid', undefined, strangers)
    const mailed: MailedScenario = { queued: [], already: [] }
    for (const account of to) {
      const reader = readers.get(account)
      if (!reader) continue
      const isNew = await this.wish(scenario, reader, given.note, caller, now)
      mailed[isNew ? 'queued' : 'already'].push({ id: account, name: reader.name })
    }
    this.parts.soon()
    return { mailed, scenario }
  }

  private async wish(
    scenario: ScenarioView,
    reader: Reader,
    message: string,
    caller: Caller,
    now: Date,
  ): Promise<boolean> {
    const { id, revision, name, note, inputs, county, operators, basis, rules, steps } = scenario
    const account = reader._id.toHexString()
    const period = `${id} ${revision} ${civilDateAt(now, this.parts.timeZone)}`
    const doc: ScenarioMailDoc = {
      ...{ _id: `${period} ${account}`, account, scenario: id, period, language: reader.language },
      ...{ to: { name: reader.name, address: reader.email }, by: caller.name, message },
      ...{ content: { name, note, inputs, county, operators, basis, rules, steps }, at: now, mail: 'due' },
    }
    return isInserted(this.parts.mails.collection.insertOne(doc as never))
  }

  /** Wishes that are not in the outbox yet, the oldest first. */
  mailDue(limit: number): Promise<ScenarioMailDoc[]> {
    return this.parts.mails.collection
      .find<ScenarioMailDoc>({ mail: 'due' } as never)
      .sort({ at: 1 })
      .limit(limit)
      .toArray()
  }

  /** A wish has become a mail. */
  async mailDone(id: string): Promise<void> {
    await this.parts.mails.collection.updateOne({ _id: id } as never, { $set: { mail: 'done' } })
  }

  /** Who sees the figures of a part of the city, and has accepted the invitation. */
  private async readers(county: string | null): Promise<Reader[]> {
    const found = await this.parts.accounts.collection
      .find<Reader>(
        { active: true, role: { $in: READERS }, passwordHash: { $type: 'string' } },
        { projection: { name: 1, email: 1, language: 1, role: 1, county: 1 } },
      )
      .toArray()
    return found.filter((r) => r.county === null || (county !== null && liesIn(county, r.county)))
  }
}
