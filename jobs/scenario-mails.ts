import type { ScenarioMailDoc } from '../server/scenarios/model.ts'
import { describeError, type JobLog } from './job.ts'
import { renderScenarioMail } from './mail/scenario-mail.ts'
import type { Outbox } from './outbox/outbox.ts'

export interface ScenarioMailParts {
  scenarios: {
    mailDue(limit: number): Promise<ScenarioMailDoc[]>
    mailDone(id: string): Promise<void>
  }
  outbox: Pick<Outbox, 'enqueue'>
  publicUrl?: string | undefined
  timeZone: string
  log: JobLog
}

const BATCH = 100

/** Puts scenarios that somebody sent into mails. */
export class ScenarioMails {
  private readonly parts: ScenarioMailParts
  private round: Promise<number> = Promise.resolve(0)

  constructor(parts: ScenarioMailParts) {
    this.parts = parts
  }

  /**
   * Queues a mail for each wish. A wish is marked after its mail is queued, and the outbox takes a mail once: a crash in
   * between changes nothing.
   * @returns how many mails were queued
   */
  sweep(now: Date): Promise<number> {
    this.round = this.round.catch(() => 0).then(() => this.queueAll(now))
    return this.round
  }

  private async queueAll(now: Date): Promise<number> {
    let queued = 0
    for (;;) {
      const due = await this.parts.scenarios.mailDue(BATCH)
      for (const wish of due) if (await this.queue(wish, now)) queued += 1
      if (due.length < BATCH) return queued
    }
  }

  private async queue(wish: ScenarioMailDoc, now: Date): Promise<boolean> {
    const { scenarios, outbox, publicUrl, timeZone, log } = this.parts
    const { period, account, language, to } = wish
    let queued = false
    try {
      queued = await outbox.enqueue(
        {
          ...{ kind: 'scenario', period, account, language, to, pictures: [] },
          ...renderScenarioMail(wish, { publicUrl, timeZone }),
        },
        now,
      )
    } catch (error) {
      // An address that no mail can have must not keep the others from theirs; a fault of the database must be tried again.
      if (!(error instanceof Error && error.name === 'ZodError')) throw error
      log.warn({ account, error: describeError(error) }, 'recipient left out')
    }
    await scenarios.mailDone(wish._id)
    return queued
  }
}
