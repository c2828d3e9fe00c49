/** Mails for tests of the outbox, and processes that deliver them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { NewMail } from '../../../jobs/outbox/outbox.ts'
import type { Received, TestSmtp } from '../../harness/smtp.ts'
import type { World } from './world.ts'

export const NOW = '2026-11-30T00:00:00.000Z'
/** Short enough to wait for a server that says nothing, long enough for one that answers on a busy machine. */
export const PATIENT = { smtp: { connectMs: 4_000, silenceMs: 4_000, mailMs: 60_000 } }

/** A mail to `<account>@example.org`. */
export const mailTo = (account = 'a1', more: Partial<NewMail> = {}): NewMail => ({
  ...{
    kind: 'weekly',
    period: '2026-W48',
    account,
    to: { name: '李局长', address: `${account}@example.org` },
  },
  ...{ language: 'zh-CN', subject: '周报', html: '<p>好<img src="cid:c.x"></p>', text: '好' },
  pictures: [{ cid: 'c.x', filename: 'c.png', type: 'image/png', content: Buffer.from('PNG!') }],
  ...more,
})

const SCRIPT = fileURLToPath(new URL('./deliver.ts', import.meta.url))

/** A process of its own that delivers. */
export const deliverApart = (
  world: World,
  smtp: Pick<TestSmtp, 'url'>,
  more: Record<string, string> = {},
): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', SCRIPT], {
    env: { ...process.env, MONGODB_URI: world.uri, SMTP_URL: smtp.url, NOW, ...more },
    stdio: 'inherit',
  })

/** Waits until a process has ended. @returns its exit code; null when it was killed */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

/** The Message-IDs under which each recipient got mails, in order. */
export function idsByRecipient(received: readonly Received[]): Map<string, string[]> {
  const ids = new Map<string, string[]>()
  for (const { to, mail } of received)
    for (const address of to) ids.set(address, [...(ids.get(address) ?? []), mail.messageId ?? ''])
  return ids
}
