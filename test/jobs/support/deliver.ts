/** A process of its own that delivers what is due, to be killed by a test. */
import { createJobs } from '../../../jobs/index.ts'
import { connectMongoose } from '../../../server/database/connect.ts'

const { MONGODB_URI = '', SMTP_URL = '', NOW = '' } = process.env
const silent = () => {}
const jobs = createJobs({
  connection: await connectMongoose(MONGODB_URI),
  clock: { now: () => new Date(NOW) },
  config: { smtpUrl: SMTP_URL, mailFrom: 'ledger@fleet.example.org' },
  figures: { freeze: () => Promise.reject(new Error('not asked for')) },
  recipients: async () => [],
  log: { info: silent, warn: silent, error: silent },
})
await jobs.outbox.deliverDue(new Date(NOW))
