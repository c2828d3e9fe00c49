import { z } from 'zod'
import { LANGUAGES } from '../server/accounts/schema.ts'
import { describeError, type JobLog } from './job.ts'

/** An account that wants the weekly report. */
export const recipient = z.object({
  id: z.string().min(1).max(60),
  email: z.email().max(254),
  name: z.string().max(200),
  language: z.enum(LANGUAGES),
})
export type Recipient = z.infer<typeof recipient>

/** Where recipients come from. */
export type Recipients = () => Promise<Recipient[]>

/** The recipients that a mail can be sent to; one with an unusable address must not keep the others from theirs. */
export async function usableRecipients(
  recipients: Recipients,
  log: JobLog,
): Promise<{ usable: Recipient[]; unusable: number }> {
  const usable: Recipient[] = []
  let unusable = 0
  for (const given of await recipients()) {
    const checked = recipient.safeParse(given)
    if (checked.success) usable.push(checked.data)
    else {
      unusable += 1
      log.warn({ account: given.id, error: describeError(checked.error) }, 'recipient left out')
    }
  }
  return { usable, unusable }
}
