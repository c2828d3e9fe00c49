import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Pulse } from './pulses.ts'
import type { JobStates } from './watchdog.ts'
import { lagOf } from './watchdog.ts'

/** A scrape finds what was read at most so long ago. */
const FRESH_MS = 5_000

/** What the metrics of the jobs read. */
export interface JobMetricsParts {
  clock: { now(): Date }
  states(now: Date): Promise<JobStates>
  /** when the ticks and rounds last succeeded */
  pulses?: (() => Promise<Pulse[]>) | undefined
  mails: {
    /** how many there are in each state */
    counts(): Promise<Record<string, number>>
    /** since when the oldest mail that is due waits */
    stuck(): Promise<{ oldestDueAt: Date | null }>
  }
}

/** Remembers what was read for a moment, so that scraping, however often, costs next to nothing. */
export function shortly<T>(read: () => Promise<T>, freshMs = FRESH_MS): () => Promise<T> {
  let kept: { at: number; value: Promise<T> } | undefined
  return () => {
    const at = performance.now()
    if (!kept || at - kept.at >= freshMs) {
      const value = read()
      kept = { at, value }
      value.catch(() => {
        kept = undefined
      })
    }
    return kept.value
  }
}

/** The metrics of the scheduled jobs. */
export class JobMetrics {
  private readonly runs = new Counter({
    name: 'fleet_job_runs_total',
    help: 'Runs of scheduled jobs that ended in this process, by outcome',
    labelNames: ['job', 'outcome'],
    registers: [],
  })
  private readonly durations = new Histogram({
    name: 'fleet_job_duration_seconds',
    help: 'How long runs of scheduled jobs took',
    labelNames: ['job'],
    buckets: [0.05, 0.25, 1, 5, 15, 60, 300, 900, 1800],
    registers: [],
  })

  /** Notes a run that ended here. */
  readonly observe = (job: string, outcome: string, seconds: number): void => {
    this.runs.inc({ job, outcome })
    this.durations.observe({ job }, seconds)
  }

  /** Adds them to what is scraped. */
  register(registry: Registry, { clock, states, pulses, mails }: JobMetricsParts): void {
    registry.registerMetric(this.runs)
    registry.registerMetric(this.durations)
    const read = shortly(() => states(clock.now()))
    const lag = new Gauge({
      name: 'fleet_job_lag_seconds',
      help: 'Seconds since the oldest slot that a job still owes; 0 when it owes none',
      labelNames: ['job'],
      registers: [],
      // Read at scrape. Without an answer of the database there is no figure rather than an old one.
      async collect() {
        this.reset()
        const jobs = await read().catch(() => null)
        const now = clock.now()
        for (const { job, owed } of jobs?.known ?? []) this.set({ job: job.name }, lagOf(owed, now) / 1000)
      },
    })
    registry.registerMetric(lag)
    if (pulses) registry.registerMetric(ageGauge(clock, pulses))
    for (const gauge of mailGauges(clock, mails)) registry.registerMetric(gauge)
  }
}

/** The gauge of what is begun again and again. */
function ageGauge(clock: JobMetricsParts['clock'], pulses: () => Promise<Pulse[]>): Gauge {
  const read = shortly(pulses)
  return new Gauge({
    name: 'fleet_tick_age_seconds',
    help: 'Seconds since a tick or round last succeeded in any process; written down once a minute',
    labelNames: ['tick'],
    registers: [],
    async collect() {
      this.reset()
      const now = clock.now().getTime()
      for (const { _id, at } of await read().catch(() => []))
        this.set({ tick: _id }, Math.max(0, now - at.getTime()) / 1000)
    },
  })
}

/** The gauges of the mails. */
function mailGauges(clock: JobMetricsParts['clock'], mails: JobMetricsParts['mails']): Gauge[] {
  const read = shortly(mails.counts)
  return [
    new Gauge({
      name: 'fleet_mails',
      help: 'Mails of the outbox, by state',
      labelNames: ['state'],
      registers: [],
      async collect() {
        this.reset()
        const counts = await read().catch(() => ({}))
        for (const [state, count] of Object.entries(counts)) this.set({ state }, count)
      },
    }),
    new Gauge({
      name: 'fleet_mails_oldest_due_seconds',
      help: 'How long the oldest mail that is due has been waiting; 0 when none is',
      registers: [],
      async collect() {
        const found = await mails.stuck().catch(() => null)
        if (!found) return this.remove()
        const { oldestDueAt } = found
        this.set(oldestDueAt ? Math.max(0, clock.now().getTime() - oldestDueAt.getTime()) / 1000 : 0)
      },
    }),
  ]
}
