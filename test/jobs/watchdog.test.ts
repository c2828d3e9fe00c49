import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scheduleOf } from '../../jobs/schedule.ts'
import { unedited } from '../../jobs/timeline.ts'
import { GRACE_MS, isLate, type JobState, judge, lagOf, SILENT_MS } from '../../jobs/watchdog.ts'
import { QUICK } from './support/agenda.ts'
import { type Bench, createBench, notedJob } from './support/bench.ts'
import { until } from './support/world.ts'

const at = (iso: string) => new Date(iso)

describe('the judgement', () => {
  const state = (cron: string, owed: string[], running = false): JobState => ({
    ...{ job: notedJob(cron), timeline: unedited(scheduleOf(cron)), owed: owed.map(at), running },
    lastSuccessAt: null,
  })

  test.each([
    ['nothing owed', '0 6 * * *', [], '2026-11-24T05:00:00+08:00', false],
    [
      'a daily one, for the day',
      '0 6 * * *',
      ['2026-11-23T06:00:00+08:00'],
      '2026-11-24T05:59:59+08:00',
      false,
    ],
    [
      'a daily one, at its next slot',
      '0 6 * * *',
      ['2026-11-23T06:00:00+08:00'],
      '2026-11-24T06:00:00+08:00',
      true,
    ],
    [
      'an hourly one, after an hour',
      '0 * * * *',
      ['2026-11-23T06:00:00+08:00'],
      '2026-11-23T07:00:00+08:00',
      true,
    ],
    // Not after two weeks: people wait for it on Monday.
    [
      'a weekly one, after a day',
      '0 8 * * 1',
      ['2026-11-23T08:00:00+08:00'],
      '2026-11-24T08:00:00+08:00',
      true,
    ],
    [
      'a monthly one, within the day',
      '0 8 1 * *',
      ['2026-12-01T08:00:00+08:00'],
      '2026-12-01T23:00:00+08:00',
      false,
    ],
  ])('late or not: %s', (_, cron, owed, now, late) => {
    expect(isLate(state(cron, owed), at(now))).toBe(late)
  })

  test('lag is since the oldest slot that is owed', () => {
    const owed = [at('2026-11-23T06:00:00Z'), at('2026-11-24T06:00:00Z')]
    expect(lagOf(owed, at('2026-11-24T07:00:00Z'))).toBe(25 * 3_600_000)
    expect(lagOf([], at('2026-11-24T07:00:00Z'))).toBe(0)
  })

  test('silence is told after three minutes, lateness once the service has had time to make up for it', () => {
    const jobs = [state('0 6 * * *', ['2026-11-20T06:00:00+08:00'])]
    const now = at('2026-11-24T07:00:00+08:00')
    const seen = { now, silentMs: SILENT_MS - 1, upMs: GRACE_MS, jobs }
    expect(judge(seen)).toEqual({ silent: false, late: jobs, stalled: [] })
    expect(judge({ ...seen, upMs: GRACE_MS - 1 }).late).toEqual([])
    expect(judge({ ...seen, silentMs: SILENT_MS }).silent).toBe(true)
    const [late] = jobs
    // Something is being done about it.
    expect(judge({ ...seen, jobs: [{ ...(late as JobState), running: true }] }).late).toEqual([])
  })
})

describe('the watchdog of a process', () => {
  let bench: Bench
  /** a clock that nobody sets, in milliseconds */
  let monotonic: number
  beforeEach(async () => {
    bench = await createBench('2026-11-23T00:00:00+08:00')
    monotonic = 1000
  })
  afterEach(() => bench.close())

  const process = (job = notedJob('0 6 * * *')) =>
    bench.process([job], { rhythm: QUICK, monotonic: () => monotonic })
  const ticks = () => bench.connection.collection('agendaJobs')

  test('starts ticks anew that have died, and does at once what they would have begun', async () => {
    const job = notedJob('0 6 * * *')
    const scheduler = process(job)
    expect(scheduler.fault()).toBe('starting')
    await scheduler.start()
    await until('it ticks', async () => (await ticks().countDocuments({ lastRunAt: { $ne: null } })) === 1)
    expect((await scheduler.look()).silent).toBe(false)
    // Agenda goes silent: its document is as if it were not there.
    await ticks().updateMany({}, { $set: { disabled: true } })
    await until('no tick is under way', async () => {
      const last = (await ticks().findOne())?.lastRunAt.getTime()
      await new Promise((done) => setTimeout(done, 1500))
      return (await ticks().findOne())?.lastRunAt.getTime() === last
    })
    await scheduler.look()
    bench.clock.set('2026-11-23T06:00:00+08:00')
    monotonic += SILENT_MS - 1
    expect((await scheduler.look()).silent).toBe(false)
    expect(scheduler.fault()).toBeUndefined()
    monotonic += 1
    expect((await scheduler.look()).silent).toBe(true)
    expect(scheduler.fault()).toBe('silent')
    expect(bench.logged.some((line) => line.startsWith('error ticks have died'))).toBe(true)
    await until('what is owed is done', () => job.calls.length === 1)
    await until('it ticks again', async () => !(await scheduler.look()).silent)
    expect(scheduler.fault()).toBeUndefined()
  })

  test('tells of a late job, with its slot, once a look and under one key', async () => {
    const failing = notedJob('0 6 * * *', async () => {
      throw new Error('no figures')
    })
    const scheduler = process(failing)
    await scheduler.start()
    await until('it ticks', async () => (await scheduler.look()).silent === false)
    bench.clock.set('2026-11-24T06:30:00+08:00')
    await scheduler.look()
    expect(bench.told).toEqual([])
    monotonic += GRACE_MS
    await until('the attempt has ended', async () => (await bench.runs('noted'))[0]?.status === 'failed')
    await scheduler.look()
    await scheduler.look()
    expect(scheduler.fault()).toBe('late: noted')
    expect(new Set(bench.told.map(({ key }) => key))).toEqual(
      new Set(['job-late:noted:2026-11-22T22:00:00.000Z']),
    )
    expect(bench.told[0]).toMatchObject({
      ...{ kind: 'job-late', detail: { job: 'noted', slot: '2026-11-22T22:00:00.000Z' } },
    })
    expect((await scheduler.list())[0]).toMatchObject({ late: true, lagSeconds: 24.5 * 3600 })
  })

  test('vouches for nothing when it no longer looks', async () => {
    const scheduler = process()
    await scheduler.start()
    await scheduler.look()
    expect(scheduler.fault()).toBeUndefined()
    monotonic += SILENT_MS + 1
    expect(scheduler.fault()).toBe('watchdog-silent')
  })
})
