/** Mails that are of no use to anybody any more. */
import type { MailDoc, MailModel } from './model.ts'

/** Why a mail was given up that nobody ever tried to send. */
const NO_SERVER = { lastError: 'no mail server was set while this mail was new', cause: 'never-tried' }
/** Why a mail was given up that was being sent when the service died. */
const BROKEN_OFF = { lastError: 'the service ended while it sent this mail', cause: 'broken-off' }

/** What is left of a secret mail's content once it is sent or given up. */
export const NO_CONTENT = { html: '', text: '' }
const ENDED = ['sent', 'failed', 'given-up']
/** Mails that a crash left between the end of a secret mail and the removal of its content. */
export const LEFT_CONTENT = { secret: true, status: { $in: ENDED }, html: { $gt: '' } }

/** Gives up what lay for too long: mails that were never tried, and what opens nothing any more. */
export async function giveUpStale(mails: MailModel, now: Date, machineNow: Date): Promise<void> {
  await mails.collection.updateMany(
    { status: 'queued', attempts: 0, giveUpAt: { $lte: now } },
    { $set: { status: 'given-up', nextAttemptAt: null, ...NO_SERVER } as never },
  )
  await giveUpSecrets(mails, now, machineNow)
  await mails.collection.updateMany(LEFT_CONTENT, { $set: NO_CONTENT })
}

/**
 * Gives up the mails that open an account when what they open is over, whether or not they were tried. One that is
 * being sent is left to its sender.
 * @param machineNow by which leases are judged
 */
export async function giveUpSecrets(mails: MailModel, now: Date, machineNow: Date): Promise<void> {
  const inNoHands = [{ status: 'queued' }, { status: 'sending', 'lease.until': { $lte: machineNow } }]
  const untold = (of: 'lastError' | 'cause') => ({
    $cond: [{ $eq: ['$attempts', 0] }, NO_SERVER[of], BROKEN_OFF[of]],
  })
  const unsaid = { $eq: [{ $ifNull: ['$lastError', null] }, null] }
  await mails.collection.updateMany({ secret: true, giveUpAt: { $lte: now }, $or: inNoHands }, [
    {
      $set: {
        ...{ status: 'given-up', nextAttemptAt: null, lease: null, ...NO_CONTENT },
        lastError: { $ifNull: ['$lastError', untold('lastError')] },
        cause: { $cond: [unsaid, untold('cause'), '$cause'] },
      },
    },
  ])
}

/** Gives up a mail that was withdrawn while it was being sent, and is queued again. */
export async function giveUpWithdrawn(mails: MailModel, { _id }: Pick<MailDoc, '_id'>): Promise<void> {
  await mails.collection.updateOne({ _id, status: 'queued', withdrawn: { $exists: true } }, [
    {
      $set: {
        ...{ status: 'given-up', nextAttemptAt: null, cause: 'withdrawn', lastError: '$withdrawn' },
        html: { $cond: [{ $eq: ['$secret', true] }, '', '$html'] },
        text: { $cond: [{ $eq: ['$secret', true] }, '', '$text'] },
      },
    },
  ])
}
