import { encodedFiles } from './encoded.ts'
import type { LineOptions } from './line.ts'
import type { Lines } from './lines.ts'
import type { MailContent, MailDoc } from './model.ts'

/** What is handed to the mail server. */
export type Outgoing = Pick<
  MailDoc,
  'to' | 'subject' | 'language' | 'messageId' | 'createdAt' | 'unsubscribe'
> &
  MailContent

/** Hands mails to a mail server. */
export interface Sender {
  /** how many mails it takes at a time */
  connections: number
  /** Resolves when the server has taken the mail; rejects with the server's or the connection's fault. */
  send(mail: Outgoing, signal: AbortSignal): Promise<void>
  /** Ends the connections, also those that are busy. */
  close(): Promise<void>
}

/** How long the server may be silent, and how long one mail may take. The lease of a mail is longer. */
export interface Patience {
  connectMs: number
  silenceMs: number
  mailMs: number
}
export const PATIENCE: Patience = { connectMs: 10_000, silenceMs: 30_000, mailMs: 120_000 }

/** Connections at a time. */
export const CONNECTIONS = 5
/** How long an idle connection is kept: most servers end it after a few minutes, and we come again with the next tick. */
const IDLE_MS = 20_000
/** Mails over one connection: some servers take no more. */
const MAILS_A_LINE = 100

/**
 * A sender for a mail server's address (smtp:// or smtps://), over connections that are used again.
 *
 * Whether and when a mail is sent again is the outbox's decision, so nodemailer's pool, which sends again by itself, is not
 * used. Only when a connection turns out to have been ended by the server before a byte of the mail was sent, the mail goes
 * over a new one at once; whatever breaks later is a fault that comes back to us.
 */
export function createSender(smtpUrl: string, mailFrom: string, patience: Patience = PATIENCE): Sender {
  let lines: Promise<Lines> | undefined
  const open = async () => {
    const [{ Lines }, { parseConnectionUrl }] = await Promise.all([
      import('./lines.ts'),
      import('nodemailer/lib/shared'),
    ])
    const options = {
      ...(parseConnectionUrl(smtpUrl) as LineOptions),
      connectionTimeout: patience.connectMs,
      greetingTimeout: patience.connectMs,
      socketTimeout: patience.silenceMs,
    }
    return new Lines(options, { idleMs: IDLE_MS, mails: MAILS_A_LINE })
  }
  return {
    connections: CONNECTIONS,
    async send(mail, signal) {
      lines ??= open()
      const server = await lines
      const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
      const attachments = await encodedFiles(mail)
      // What is mostly Chinese is longer in any other encoding.
      const textEncoding = mail.language === 'en' ? undefined : 'base64'
      const message = new MailComposer({
        ...messageOf(mail, mailFrom),
        ...{ attachments, textEncoding, disableFileAccess: true, disableUrlAccess: true },
      })
      await within(patience.mailMs, signal, (signal) => server.send(() => message.compile(), signal))
    },
    async close() {
      const opened = await lines?.catch(() => undefined)
      opened?.close()
    },
  }
}

/** Gives some work a signal that says when its time is over, or that everything ends. */
async function within(
  ms: number,
  ending: AbortSignal,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error('the mail took too long')), ms)
  const end = () => controller.abort(ending.reason)
  ending.addEventListener('abort', end, { once: true })
  if (ending.aborted) end()
  try {
    await work(controller.signal)
  } finally {
    clearTimeout(timer)
    ending.removeEventListener('abort', end)
  }
}

/** A mail as nodemailer composes it. */
export const messageOf = (mail: Outgoing, from: string) => ({
  from,
  to: mail.to,
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  messageId: mail.messageId,
  date: mail.createdAt,
  headers: {
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    ...(mail.unsubscribe === undefined
      ? {}
      : {
          'List-Unsubscribe': `<${mail.unsubscribe}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
  },
  attachments: [
    ...mail.pictures.map(({ cid, filename, type, content }) => ({
      ...{ cid, filename, content, contentType: type, contentDisposition: 'inline' as const },
    })),
    ...(mail.attachments ?? []).map(({ filename, type, content }) => ({
      ...{ filename, content, contentType: type, contentDisposition: 'attachment' as const },
    })),
  ],
})

/** The domain of a sender such as `Name <box@example.org>`, for Message-IDs. */
export const domainOf = (mailFrom: string): string =>
  /@([A-Za-z0-9.-]+)/.exec(mailFrom)?.[1] ?? 'fleet-ledger.invalid'
