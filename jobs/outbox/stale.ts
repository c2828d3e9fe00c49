/** Mails that are of no use to anybody any more. */
import { deadLease } from '../leases.ts'
import type { MailDoc, MailModel } from './model.ts'

/** By which leases are judged. */
export interface LeaseClock {
  machineNow: Date
  leaseMs: number
}

/** Why a mail was given up that nobody ever tried to send. */
const NO_SERVER = { lastError: 'no mail server was set while this mail was new', cause: 'never-tried' }
/** The same of a link, where there is a mail server. */
const RAN_OUT = { lastError: 'the link in this mail ran out before it could be sent', cause: 'expired' }
/** Why a mail was given up that was being sent when the service died. */
const BROKEN_OFF = { lastError: 'the service ended while it sent this mail', cause: 'broken-off' }

/** What is left of a secret mail's content once it is sent or given up. */
export const NO_CONTENT = { html: '', text: '' }
const ENDED = ['sent', 'failed', 'given-up']
/** Mails that a crash left between the end of a secret mail and the removal of its content. */
export const LEFT_CONTENT = { secret: true, status: { $in: ENDED }, html: { $gt: '' } }

/** What becomes of a mail that nobody wants any more. */
export const withdrawnBecause = (reason: string) =>
  ({ status: 'given-up', nextAttemptAt: null, lease: null, cause: 'withdrawn', lastError: reason }) as const

const unlessSecret = (field: string) => ({ $cond: [{ $eq: ['$secret', true] }, '', field] })
/** In a pipeline, a mail's content as it stays: what opened an account is not kept. */
export const WITHOUT_SECRET = { html: unlessSecret('$html'), text: unlessSecret('$text') }

/** Mails that were never tried, queued while there was no server to try. */
export const neverTried = (now: Date) => ({
  ...{ status: 'queued', attempts: 0, giveUpAt: { $lte: now } },
  served: { $ne: true },
})

/** Mails that open what is over by now, in nobody's hands. */
export const secretsOver = (now: Date, { machineNow, leaseMs }: LeaseClock) => ({
  ...{ secret: true, html: { $gt: '' }, giveUpAt: { $lte: now } },
  $or: [{ status: 'queued' }, { status: 'sending', ...deadLease(machineNow, leaseMs) }],
})

/** Marks what administrators must hear of. */
const UNTOLD = { told: '' }

/** Gives up what lay for too long while there was no mail server, and what opens nothing any more. */
export async function giveUpStale(mails: MailModel, now: Date, leases: LeaseClock): Promise<void> {
  await mails.collection.updateMany(neverTried(now), {
    $set: { status: 'given-up', nextAttemptAt: null, ...NO_SERVER, ...UNTOLD } as never,
  })
  await giveUpSecrets(mails, now, leases, true)
  await mails.collection.updateMany(LEFT_CONTENT, { $set: NO_CONTENT })
}

/**
 * Gives up the mails that open an account when what they open is over, whether or not they were tried. One that is
 * being sent is left to its sender.
 * @param server whether there is a mail server: without one nobody need be told that mails do not arrive
 */
export async function giveUpSecrets(
  mails: MailModel,
  now: Date,
  leases: LeaseClock,
  server: boolean,
): Promise<void> {
  const unsent = { $cond: [{ $eq: ['$served', true] }, RAN_OUT, NO_SERVER] }
  const why = { $cond: [{ $eq: ['$attempts', 0] }, unsent, BROKEN_OFF] }
  const unsaid = { $eq: [{ $ifNull: ['$lastError', null] }, null] }
  await mails.collection.updateMany(secretsOver(now, leases), [
    { $set: { why } },
    {
      $set: {
        ...{ status: 'given-up', nextAttemptAt: null, lease: null, ...NO_CONTENT, ...(server ? UNTOLD : {}) },
        lastError: { $ifNull: ['$lastError', '$why.lastError'] },
        cause: { $cond: [unsaid, '$why.cause', '$cause'] },
      },
    },
    { $unset: 'why' },
  ])
}

/** Gives up a mail that was withdrawn while it was being sent, and is queued again. */
export async function giveUpWithdrawn(mails: MailModel, { _id }: Pick<MailDoc, '_id'>): Promise<void> {
  await mails.collection.updateOne({ _id, status: 'queued', withdrawn: { $exists: true } }, [
    { $set: { ...withdrawnBecause('$withdrawn'), ...WITHOUT_SECRET } },
  ])
}
