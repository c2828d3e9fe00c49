import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda, type AgendaOptions } from 'agenda'
import type { Connection } from 'mongoose'

/** Agenda as one would use it without us, to show what it does then; each on the same collection. */
export interface BareAgendas {
  make(options?: Partial<AgendaOptions>): Agenda
  /** its documents */
  jobs: ReturnType<Connection['collection']>
  stop(): Promise<void>
}

export function bareAgendas(connection: Connection): BareAgendas {
  const made: Agenda[] = []
  return {
    make(options = {}) {
      const backend = new MongoBackend({
        ...{ mongo: connection.db as never, collection: 'bareJobs', ensureIndex: false },
      })
      const agenda = new Agenda({ backend, processEvery: 50, ...options })
      made.push(agenda)
      return agenda
    },
    jobs: connection.collection('bareJobs'),
    async stop() {
      await Promise.all(made.map((agenda) => agenda.ready))
      await Promise.all(made.map((agenda) => agenda.stop(false)))
    },
  }
}

/** Lets so many milliseconds of Agenda's own time pass, in which something must not happen. */
export const passing = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Ticks every second, for tests that wait for one. */
export const QUICK = { cron: '* * * * * *', pollMs: 50 }
