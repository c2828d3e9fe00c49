/** A process of its own that delivers what is due, to be killed by a test. With LOOP until nothing is left to send. */
import { createJobs } from '../../../jobs/index.ts'
import { connectMongoose } from '../../../server/database/connect.ts'

const { MONGODB_URI = '', SMTP_URL = '', NOW = '', LEASE_MS, LOOP } = process.env
const silent = () => {}
const connection = await connectMongoose(MONGODB_URI)
const { outbox } = createJobs({
  connection,
  clock: { now: () => new Date(NOW) },
  config: { smtpUrl: SMTP_URL, mailFrom: 'ledger@fleet.example.org' },
  figures: { freeze: () => Promise.reject(new Error('not asked for')) },
  recipients: async () => [],
  log: { info: silent, warn: silent, error: silent },
  ...(LEASE_MS ? { timing: { leaseMs: Number(LEASE_MS) } } : {}),
})
const left = () => connection.collection('outbox').countDocuments({ status: { $in: ['queued', 'sending'] } })
do {
  await outbox.deliverDue(new Date(NOW))
} while (LOOP && (await left()) > 0)
await outbox.stop()
await connection.close()
