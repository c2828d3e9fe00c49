import type { Connection } from 'mongoose'
import { addDays, type CivilDate } from '../domain/civil-date.ts'

interface RemindedDaysDoc {
  _id: 'reminded-days'
  /** the last day whose steps were made */
  to: CivilDate
}
const ID = { _id: 'reminded-days' as const }

/**
 * Up to which day the steps of reminders were made. The schedule does not say that: it may leave days out (workdays
 * only), or be changed so that a day has no slot.
 */
export class RemindedDays {
  private readonly days

  constructor(connection: Connection) {
    this.days = connection.collection<RemindedDaysDoc>('reporting-settings')
  }

  /**
   * The first day that a run has to look at: the one after the last that was dealt with.
   * @param first the first day that the run stands for by its slots; never is a later one returned
   */
  async from(first: CivilDate): Promise<CivilDate> {
    const doc = await this.days.findOne(ID)
    const next = doc ? addDays(doc.to, 1) : first
    return next < first ? next : first
  }

  /** Says that everything up to a day is made. */
  async dealtWith(to: CivilDate): Promise<void> {
    await this.days.updateOne(ID, { $set: { to } }, { upsert: true })
  }
}
