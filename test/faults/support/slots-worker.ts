/**
 * One of several processes that share the slots of five jobs, to be killed and stopped by a test. What time it is the
 * test says, in a document; what is done is noted in collections that the test reads.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Job } from '../../../jobs/job.ts'
import { createScheduler } from '../../../jobs/scheduler.ts'
import { connectMongoose } from '../../../server/database/connect.ts'

const { MONGODB_URI = '', LEASE_MS = '300', WORK_MS = '10' } = process.env
// The database is not killed here: nothing waits for its journal.
const connection = await connectMongoose(MONGODB_URI, { writeConcern: { w: 1, journal: false } })
const control = connection.collection<{ _id: string; now: Date }>('control')
const effects = connection.collection<{ _id: string }>('effects')
const begun = connection.collection('begun')
const ended = connection.collection('ended')

const readClock = async () => (await control.findOne({ _id: 'clock' }))?.now ?? new Date(0)
let now = await readClock()

const jobs = ['a', 'b', 'c', 'd', 'e'].map(
  (name): Job => ({
    ...{ name, cron: '0 * * * *', owedAtFirst: 'none' },
    async run({ slot, covers }) {
      const id = `${name} ${slot.toISOString()}`
      await begun.insertOne({ slot: id, covers: covers.length, pid: process.pid })
      await pause(Number(WORK_MS))
      // Its effect is under a unique key: begun again after a crash, it is found again.
      await effects.insertOne({ _id: id }).catch((error) => {
        if (error.code !== 11000) throw error
      })
      await pause(Number(WORK_MS))
      return { effects: 1 }
    },
  }),
)
const silent = () => {}
const scheduler = createScheduler({
  ...{ connection, jobs, clock: { now: () => now }, leaseMs: Number(LEASE_MS) },
  log: { info: silent, warn: silent, error: silent },
  rhythm: { cron: '* * * * * *', pollMs: 100 },
  record: async ({ outcome, target, detail }) => {
    await ended.insertOne({ slot: `${target.id} ${detail.slot}`, outcome })
  },
})
await scheduler.start()
console.log('ready')
for (;;) {
  now = await readClock()
  // Ticks come every second; between them as often as it can, as time flies in the test.
  await scheduler.runOwed()
  await pause(30)
}
