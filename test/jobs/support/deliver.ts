/**
 * A process of its own that delivers what is due, to be killed by a test. With LOOP until nothing is left to send; with
 * GATE not before as many such processes are ready.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { contentModel, disabledModel, mailModel } from '../../../jobs/outbox/model.ts'
import { Outbox } from '../../../jobs/outbox/outbox.ts'
import { createSender } from '../../../jobs/outbox/transport.ts'
import { connectMongoose } from '../../../server/database/connect.ts'

const { MONGODB_URI = '', SMTP_URL = '', NOW = '', GATE, LEASE_MS, LOOP } = process.env
const connection = await connectMongoose(MONGODB_URI)
const mails = mailModel(connection)
const outbox = new Outbox({
  mails,
  contents: contentModel(connection),
  disabled: disabledModel(connection),
  sender: createSender(SMTP_URL, 'ledger@fleet.example.org'),
  domain: 'fleet.example.org',
  ...(LEASE_MS ? { leaseMs: Number(LEASE_MS) } : {}),
})
const left = () => mails.collection.countDocuments({ status: { $in: ['queued', 'sending'] } })
if (GATE) {
  const ready = connection.collection('test-ready')
  await ready.insertOne({ pid: process.pid })
  while ((await ready.countDocuments()) < Number(GATE)) await pause(10)
}
do {
  await outbox.deliverDue(new Date(NOW))
} while (LOOP && (await left()) > 0)
await outbox.stop()
await connection.close()
