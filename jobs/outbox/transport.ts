import type { Transporter } from 'nodemailer'
import type { MailDoc } from './model.ts'

/** Hands one mail to the mail server. Rejects with the server's or the connection's fault. */
export type Send = (mail: MailDoc, signal: AbortSignal) => Promise<void>

/** How long the server may be silent, and how long one mail may take. The lease of a mail is longer. */
export interface Patience {
  connectMs: number
  silenceMs: number
  mailMs: number
}
export const PATIENCE: Patience = { connectMs: 10_000, silenceMs: 30_000, mailMs: 120_000 }

/**
 * A sender for a mail server's address (smtp:// or smtps://). One connection a mail: nodemailer's pool sends a mail
 * again by itself when a connection breaks, and whether and when to do that is the outbox's decision.
 */
export function createSend(smtpUrl: string, mailFrom: string, patience: Patience = PATIENCE): Send {
  let opened: Transporter | undefined
  const transport = async () => {
    const { createTransport } = await import('nodemailer')
    opened ??= createTransport({
      url: smtpUrl,
      connectionTimeout: patience.connectMs,
      greetingTimeout: patience.connectMs,
      socketTimeout: patience.silenceMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    return opened
  }
  return async (mail, signal) => {
    const server = await transport()
    await server.sendMail({
      from: mailFrom,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: mail.messageId,
      date: mail.createdAt,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      attachments: mail.pictures.map(({ cid, filename, type, content }) => ({
        ...{ cid, filename, content, contentType: type, contentDisposition: 'inline' as const },
      })),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience.mailMs)]),
    })
  }
}

/** The domain of a sender such as `Name <box@example.org>`, for Message-IDs. */
export const domainOf = (mailFrom: string): string =>
  /@([A-Za-z0-9.-]+)/.exec(mailFrom)?.[1] ?? 'fleet-ledger.invalid'
