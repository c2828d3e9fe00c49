/** What becomes of a mail that could not be sent. */
import { describeError } from '../job.ts'

/** Pauses after the first, second … failed attempt, in minutes; the last one is repeated. */
const PAUSES_MIN = [1, 5, 15, 60, 240]
/** How long a mail is tried for. */
export const GIVE_UP_AFTER_MS = 5 * 24 * 60 * 60_000

/** The longest pause between two attempts. */
export const LONGEST_PAUSE_MS = 240 * 60_000
/** How often a mail is tried at least: after a downtime of days the first fault is not the last. */
export const LEAST_ATTEMPTS = PAUSES_MIN.length

/** When a mail is tried again after so many attempts. */
export const nextAttempt = (attempts: number, now: Date): Date =>
  new Date(now.getTime() + (PAUSES_MIN[Math.min(attempts, PAUSES_MIN.length) - 1] ?? 240) * 60_000)

export interface Verdict {
  /** the server will not take this mail, now or later */
  final: boolean
  /** the address is none that the server delivers to: no other mail will get there either */
  address: boolean
  /** the fault is the server's or the connection's: other mails would fail in the same way */
  server: boolean
  error: string
}

/**
 * Judges a failed attempt. Final is only what the server says about this very mail, with a 5xx answer to its recipient
 * or content, or what nodemailer itself refuses to send. A refused greeting, sign-in or sender, or a refusal for who we
 * are, is about us or the server: once it is mended, mails go on. 503 says that the conversation went astray, not that
 * the mail was refused.
 */
export function judge(failure: unknown): Verdict {
  const { code, responseCode, command, response } = failure as Record<string, unknown>
  const aboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const answered = typeof responseCode === 'number'
  const refused = answered && responseCode >= 500 && responseCode < 600 && responseCode !== 503
  const us = refused && blamesUs(responseCode, String(command), String(response))
  return {
    final: aboutTheMail && !us && (refused || !answered),
    address:
      aboutTheMail && refused && command === 'RCPT TO' && blamesAddress(responseCode, String(response)),
    server: !aboutTheMail || us || responseCode === 421,
    error: wordsOf(failure),
  }
}

/** What went wrong: the server's own words, where it answered. */
function wordsOf(failure: unknown): string {
  const { code, responseCode, response } = failure as Record<string, unknown>
  if (typeof responseCode === 'number' && typeof response === 'string' && response.trim() !== '')
    return describeError(response)
  const reason = describeError(failure)
  return typeof code === 'string' && !reason.includes(code) ? `${code}: ${reason}` : reason
}

/** Refusals of a recipient that are about who sends, or how: relaying, sign-in, reputation, protocol. */
const ABOUT_US =
  /relay|authenticat|sign.?in|log.?in|spam|spf|dkim|dmarc|black.?list|block|reputation|\brate|polic|denied|not (allowed|permitted)|forbidden/i

/**
 * Whether a 5xx answer to RCPT TO blames the address. RFC 3463's enhanced codes say so where there is one: X.1.x is
 * about the address, X.2.x about the mailbox (but for a full one), the others about the system, the way, the protocol or
 * security. Without one, the text must not speak of something else.
 */
function blamesAddress(responseCode: number, response: string): boolean {
  const { subject, detail } = enhanced(response)
  if (subject !== undefined) {
    // X.1.7 and X.1.8 are about the sender's address.
    if (subject === '1') return detail !== '7' && detail !== '8'
    return subject === '2' && detail !== '2'
  }
  return [550, 551, 553, 554].includes(responseCode) && !ABOUT_US.test(response)
}

/** Refusals for want of a sign-in. */
const SIGN_IN = [530, 534, 535, 538]
/** That a mail is too large: said of its sender already, where its size is announced with it. */
const TOO_LARGE = /^552|\b5\.(2\.3|3\.4)\b/

/**
 * Whether a 5xx answer is about who sends: other mails would be refused in the same way until somebody mends it. RFC
 * 3463: X.7.x is about security and policy, X.1.7 and X.1.8 about the sender's address.
 */
function blamesUs(responseCode: number, command: string, response: string): boolean {
  if (SIGN_IN.includes(responseCode)) return true
  if (command === 'MAIL FROM') return !TOO_LARGE.test(response)
  const { subject, detail } = enhanced(response)
  if (subject === undefined) return ABOUT_US.test(response)
  return subject === '7' || (subject === '1' && (detail === '7' || detail === '8'))
}

/** The enhanced status code of a refusal, if it has one. */
function enhanced(response: string): { subject: string | undefined; detail: string | undefined } {
  const [, subject, detail] = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(response) ?? []
  return { subject, detail }
}
