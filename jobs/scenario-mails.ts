import type { ScenarioMailDoc } from '../server/scenarios/model.ts'
import type { JobLog } from './job.ts'
import { renderScenarioMail } from './mail/scenario-mail.ts'
import type { Outbox } from './outbox/outbox.ts'
import { Sweep } from './sweep.ts'
import type { Troubles } from './trouble.ts'

export interface ScenarioMailParts {
  scenarios: {
    mailDue(limit: number): Promise<ScenarioMailDoc[]>
    mailDone(id: string): Promise<void>
  }
  outbox: Pick<Outbox, 'enqueue'>
  publicUrl?: string | undefined
  timeZone: string
  /** tells of a wish of which no mail can be made */
  trouble?: Pick<Troubles, 'tell'> | undefined
  log: JobLog
}

/** Puts scenarios that somebody sent into mails. */
export class ScenarioMails {
  private readonly sweeping: Sweep<ScenarioMailDoc>

  constructor({ scenarios, outbox, publicUrl, timeZone, trouble, log }: ScenarioMailParts) {
    this.sweeping = new Sweep<ScenarioMailDoc>({
      name: 'scenarios',
      due: (limit) => scenarios.mailDue(limit),
      key: ({ _id }) => String(_id),
      done: ({ _id }) => scenarios.mailDone(_id),
      async queue(wish, now) {
        const { period, account, language, to } = wish
        const written = renderScenarioMail(wish, { publicUrl, timeZone })
        return outbox.enqueue(
          { ...{ kind: 'scenario', period, account, language, to, pictures: [] }, ...written },
          now,
        )
      },
      ...{ trouble, log },
    })
  }

  /** Queues a mail for each wish. @returns how many mails were queued */
  sweep(now: Date): Promise<number> {
    return this.sweeping.run(now)
  }
}
