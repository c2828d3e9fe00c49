/** Mails of one report: composed and handed over by the outbox, beside a bare nodemailer pool with the same messages. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import { contentModel, disabledModel, mailModel } from '../../jobs/outbox/model.ts'
import { personal } from '../../jobs/outbox/new-mail.ts'
import { Outbox, type SharedMail } from '../../jobs/outbox/outbox.ts'
import { messageIdOf } from '../../jobs/outbox/queue.ts'
import { CONNECTIONS, createSender, messageOf } from '../../jobs/outbox/transport.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import { renderedReport } from './mail-sample.ts'
import { median, report, timed } from './measure.ts'
import { endProgram, temporaryFolder } from './process.ts'
import { startEngine } from './world.ts'

const MAILS = Number(process.env.BENCH_MAILS ?? 5_000)
const TURNS = 3
const FROM = '台账 <ledger@fleet.example.org>'
const DOMAIN = 'fleet.example.org'
/** At least half the rate: at most twice the time. */
const LIMIT = 2

interface Sink {
  child: ChildProcess
  url: string
  /** how many mails and bytes came in since it was last asked */
  taken(): Promise<{ taken: number; bytes: number }>
}

async function startSink(): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('./smtp-sink.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    child,
    url: `smtp://127.0.0.1:${port}`,
    async taken() {
      child.send('taken?')
      const [counts] = (await once(child, 'message')) as [{ taken: number; bytes: number }]
      return counts
    },
  }
}

const recipients = Array.from({ length: MAILS }, (_, i) => ({
  account: `account-${i}`,
  to: { name: `收件人 ${i}`, address: `person-${i}@example.org` },
  unsubscribe: `https://fleet.example.org/unsubscribe?token=${'0123456789abcdef'.repeat(4)}${i}`,
}))

/** The mails of one report, by the outbox. */
export async function benchMails(): Promise<void> {
  const data = temporaryFolder()
  const engine = await startEngine(data.path)
  const sink = await startSink()
  const connection = await connectMongoose(engine.uri)
  try {
    const parts = {
      mails: mailModel(connection),
      contents: contentModel(connection),
      disabled: disabledModel(connection),
    }
    await ensureIndexes(connection)
    const outbox = new Outbox({ ...parts, sender: createSender(sink.url, FROM), domain: DOMAIN })
    const mail = renderedReport()
    await compare(outbox, sink, mail)
    await outbox.stop()
  } finally {
    await connection.close()
    await endProgram(sink.child)
    await endProgram(engine.child)
    data.remove()
  }
}

async function compare(outbox: Outbox, sink: Sink, mail: SharedMail): Promise<void> {
  const times = { queue: [] as number[], ours: [] as number[], bare: [] as number[] }
  let size = 0
  // Once for warmth, then in turn.
  for (let turn = 0; turn <= TURNS; turn++) {
    const shared = { ...mail, period: `${mail.period}-${turn}` }
    const bare = await timed(() => sendBare(sink.url, shared))
    size = (await expectAll(sink)) / MAILS
    const queue = await timed(() => outbox.enqueueMany(shared, recipients, new Date()))
    const ours = await timed(() => deliverAll(outbox))
    await expectAll(sink)
    if (turn === 0) continue
    times.queue.push(queue.ms)
    times.ours.push(ours.ms)
    times.bare.push(bare.ms)
  }
  const [queue, ours, bare] = [median(times.queue), median(times.ours), median(times.bare)]
  const rate = (ms: number) => `${Math.round((MAILS * 1000) / ms)}/s`
  const what = `${MAILS} mails of ${Math.round(size / 1000)} kB over ${CONNECTIONS} connections`
  const beside = `beside ${rate(bare)} of a bare pool; ${what}; at least half the rate is at most 2×`
  report('邮件投递 outbox beside a bare nodemailer pool', ours / bare, LIMIT, `${rate(ours)} ${beside}`)
  report(
    '邮件入列并投递 the same with queueing them',
    (queue + ours) / bare,
    LIMIT,
    `queued at ${rate(queue)}, ${rate(queue + ours)} in all ${beside}`,
  )
}

async function expectAll(sink: Sink): Promise<number> {
  const { taken, bytes } = await sink.taken()
  if (taken !== MAILS) throw new Error(`${taken} of ${MAILS} mails arrived`)
  return bytes
}

/** As the service does it: round after round while something is sent. */
async function deliverAll(outbox: Outbox): Promise<void> {
  while ((await outbox.deliverDue(new Date())).sent > 0);
}

/** As nodemailer's documentation does it: the pool is handed a message whenever it has a free connection. */
async function sendBare(url: string, mail: SharedMail): Promise<void> {
  const pool = createTransport({ url, pool: true, maxConnections: CONNECTIONS })
  const sent: Promise<unknown>[] = []
  const left = recipients.values()
  await new Promise<void>((done) => {
    const feed = () => {
      while (pool.isIdle()) {
        const { value: who, done: over } = left.next()
        if (over) {
          pool.off('idle', feed)
          done()
          return
        }
        const { unsubscribe } = who
        const messageId = messageIdOf(`${mail.kind}|${mail.period}|${who.account}`, DOMAIN)
        const own = personal(mail, { unsubscribe })
        const { pictures, attachments, subject } = mail
        const content = { ...own, pictures, ...(attachments ? { attachments } : {}) }
        sent.push(
          pool.sendMail(
            messageOf(
              {
                ...content,
                to: who.to,
                subject,
                messageId,
                language: mail.language,
                createdAt: new Date(),
                unsubscribe,
              },
              FROM,
            ),
          ),
        )
      }
    }
    pool.on('idle', feed)
    feed()
  })
  await Promise.all(sent)
  pool.close()
}
