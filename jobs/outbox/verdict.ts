/** What becomes of a mail that could not be sent. */
import { describeError } from '../job.ts'

/** Pauses after the first, second … failed attempt, in minutes; the last one is repeated. */
const PAUSES_MIN = [1, 5, 15, 60, 240]
/** How long a mail is tried for. */
export const GIVE_UP_AFTER_MS = 5 * 24 * 60 * 60_000

/** When a mail is tried again after so many attempts. */
export const nextAttempt = (attempts: number, now: Date): Date =>
  new Date(now.getTime() + (PAUSES_MIN[Math.min(attempts, PAUSES_MIN.length) - 1] ?? 240) * 60_000)

export interface Verdict {
  /** the server will not take this mail, now or later */
  final: boolean
  error: string
}

/**
 * Judges a failed attempt. Final is only what the server says about this very mail, with a 5xx answer to its sender,
 * recipient or content. A refused sign-in or greeting is about us or the server: once it is mended, mails go on.
 */
export function judge(failure: unknown): Verdict {
  const { code, responseCode } = failure as { code?: unknown; responseCode?: unknown }
  const aboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const final = aboutTheMail && typeof responseCode === 'number' && responseCode >= 500 && responseCode < 600
  const reason = describeError(failure)
  return { final, error: typeof code === 'string' && !reason.includes(code) ? `${code}: ${reason}` : reason }
}
