/** Mails that did not arrive, and that nobody may be looking at. */
import { isTrouble, type NoticeKind } from '../../server/notices/schema.ts'
import type { Troubles } from '../trouble.ts'
import type { MailDoc, MailModel } from './model.ts'

/** How often the service may end while it sends a mail, before that mail is left alone. */
export const TOO_OFTEN = 5
/** So many are told of at a time. */
const TOLD_AT_MOST = 10_000
/** So many recipients are named. */
const NAMED = 10

/** The first of many addresses, as administrators are told of them. */
export const firstOf = (addresses: readonly string[]): string =>
  [...addresses.slice(0, NAMED), ...(addresses.length > NAMED ? ['…'] : [])].join(' ')

/** What becomes of a mail that ended the service too often; it is sent when somebody asks for it. */
export const restAfter = (mail: Pick<MailDoc, 'kind' | 'interrupted'>) => ({
  status: 'given-up' as const,
  nextAttemptAt: null,
  cause: 'broken-off' as const,
  lastError: `the service ended ${mail.interrupted} times while it sent this mail`,
  ...untold(mail),
})

/**
 * Marks a mail that did not arrive as one that administrators must hear of. A mail that tells them of a trouble is
 * none: it would be told by one of the same kind, for ever.
 */
export const untold = ({ kind }: Pick<MailDoc, 'kind'>): { told?: string } =>
  isTrouble(kind as NoticeKind) ? {} : { told: '' }

/** Mails that administrators have not heard of yet, or heard of on a day. */
export const toldOn = (day: '' | string) => ({ told: day })

/** Tells the administrators of mails that did not arrive, once a day; those that end later are told the next day. */
export async function tellEnded(
  { collection }: MailModel,
  trouble: Pick<Troubles, 'tell'> | undefined,
  now: Date,
): Promise<void> {
  const day = now.toISOString().slice(0, 10)
  if (!trouble || (await collection.findOne(toldOn(day), { projection: { _id: 1 } }))) return
  const found = (await collection
    .find(toldOn(''), { projection: { to: 1, lastError: 1 }, limit: TOLD_AT_MOST })
    .toArray()) as unknown as Pick<MailDoc, '_id' | 'to' | 'lastError'>[]
  if (found.length === 0) return
  const address = firstOf([...new Set(found.map(({ to }) => to.address))])
  const detail = { failed: String(found.length), address, reason: found.at(-1)?.lastError ?? '' }
  // Told before they are marked: after a crash in between the same key is told again, to those who were not.
  await trouble.tell({ key: `mails-failed|${day}`, kind: 'mails-failed', detail }, now)
  await collection.updateMany({ _id: { $in: found.map(({ _id }) => _id) } }, { $set: { told: day } })
}
