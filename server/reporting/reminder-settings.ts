import type { Connection } from 'mongoose'
import type { z } from 'zod'
import type { Actor } from '../changes/model.ts'
import { DEFAULT_PLAN } from '../domain/reminder-steps.ts'
import { invalidField } from '../http/problem.ts'
import { type ReminderSettingsDoc, settingsOf } from './reminder-model.ts'
import type { ReminderSettings, updateReminders } from './reminder-schema.ts'

const ID = { _id: 'reminders' as const }
const NOBODY = { counties: [], operators: [] }

/** When lists are due, and when operators are reminded of them. */
export class ReminderPlans {
  private readonly settings

  constructor(connection: Connection) {
    this.settings = settingsOf(connection)
  }

  async get(): Promise<ReminderSettings> {
    return view(await this.settings.findOne(ID))
  }

  /**
   * Changes what is given.
   * @throws Problem 400 `reminder.step-late` when operators would be reminded after the officer was told
   */
  async update(
    given: z.output<typeof updateReminders>,
    by: Actor,
    now: Date,
  ): Promise<{ before: ReminderSettings; after: ReminderSettings }> {
    const before = await this.get()
    const { updated: _, ...kept } = before
    const next = {
      ...kept,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    } as typeof kept
    const late = next.steps.find((step) => step >= next.escalateAfter)
    if (late !== undefined) throw invalidField('body.steps', 'reminder.step-late', String(late))
    await this.settings.updateOne(ID, { $set: { ...next, updated: { at: now, by } } }, { upsert: true })
    return { before, after: await this.get() }
  }
}

function view(doc: ReminderSettingsDoc | null): ReminderSettings {
  const { dueDay, steps, escalateAfter } = doc ?? DEFAULT_PLAN
  const { paused = NOBODY, updated } = doc ?? {}
  return {
    ...{ dueDay, steps: [...steps], escalateAfter, paused },
    updated: updated ? { at: updated.at.toISOString(), by: updated.by.name } : null,
  }
}
