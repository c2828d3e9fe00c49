import type { ChangeModel } from '../changes/model.ts'
import type { ImportDoc, ImportModel } from '../imports/model.ts'
import { instantsDueFor, sentFor } from './lists.ts'
import type { NilReportDoc, NilReportModel } from './model.ts'
import type { ReminderPlans } from './reminder-settings.ts'

/** What an operator did about a month. `waiting`: a list of theirs waits for its decision, whatever month it is for. */
export type Done = 'list' | 'nil' | 'waiting'

interface Parts {
  nilReports: NilReportModel
  imports: ImportModel
  changes: ChangeModel
  plans: Pick<ReminderPlans, 'get'>
  timeZone: string
}

/**
 * Which operators need no reminder for a month, and why. A list that was sent in since the month before it was due and
 * waits for an officer is enough: what it is for shows when it is recorded, and its sender can do no more.
 * @param operator only this one
 */
export async function doneFor(month: string, parts: Parts, operator?: string): Promise<Map<string, Done>> {
  const { nilReports, imports, timeZone } = parts
  const plan = await parts.plans.get()
  const [from] = instantsDueFor(month, plan, timeZone)
  const whose = operator ?? { $type: 'string' }
  const [sent, nils, waiting] = await Promise.all([
    sentFor(month, plan, parts, operator),
    nilReports.collection.find<NilReportDoc>({ month, takenBack: null, operator: whose } as never).toArray(),
    imports.collection
      .find<Pick<ImportDoc, 'operator'>>(
        {
          ...{ operator: whose, status: { $in: ['submitted', 'applying'] } },
          submittedAt: { $gte: from },
        } as never,
        { projection: { operator: 1 } },
      )
      .toArray(),
  ])
  const done = new Map<string, Done>()
  for (const { operator } of waiting) if (operator !== null) done.set(operator, 'waiting')
  for (const { operator } of nils) done.set(operator, 'nil')
  for (const operator of sent.keys()) done.set(operator, 'list')
  return done
}
