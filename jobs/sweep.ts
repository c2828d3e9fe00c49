import { Failures, isOutage, isUnusable, summaryOf } from './each.ts'
import { describeError, type JobLog } from './job.ts'
import type { Troubles } from './trouble.ts'

/** What is swept. */
export interface SweepParts<T> {
  /** what kind of mails these are, for the log and for administrators */
  name: string
  /** what is due, the oldest first */
  due(limit: number): Promise<T[]>
  key(item: T): string
  /** puts one into a mail, or several. @returns whether the mail is new, or how many are */
  queue(item: T, now: Date): Promise<boolean | number>
  /** says that one needs no mail any more */
  done(item: T): Promise<void>
  /** whether administrators are told of one that is put aside; they are unless this says otherwise */
  tells?(item: T): boolean
  trouble?: Pick<Troubles, 'tell'> | undefined
  log: JobLog
}

const BATCH = 100

/**
 * Puts what is due into mails, one sweep after the other. Each is marked after its mail is queued, and the outbox takes
 * a mail once: a crash in between changes nothing. One of which no mail can be made keeps none of the others from
 * theirs: it is tried again with the next sweeps, then put aside, and administrators are told.
 */
export class Sweep<T> {
  private readonly parts: SweepParts<T>
  private readonly failures = new Failures()
  private round: Promise<number> = Promise.resolve(0)

  constructor(parts: SweepParts<T>) {
    this.parts = parts
  }

  /** @returns how many mails were queued. @throws one summary of what failed, when all the others are done */
  run(now: Date): Promise<number> {
    this.round = this.round.catch(() => 0).then(() => this.all(now))
    return this.round
  }

  private async all(now: Date): Promise<number> {
    const { due, key, name } = this.parts
    const tried = new Set<string>()
    const failed: { item: T; error: unknown }[] = []
    let queued = 0
    for (;;) {
      const limit = BATCH + failed.length
      const found = await due(limit)
      const fresh = found.filter((item) => !tried.has(key(item)))
      for (const item of fresh) {
        tried.add(key(item))
        try {
          queued += await this.one(item, now)
        } catch (error) {
          if (isOutage(error)) throw error
          failed.push({ item, error })
        }
      }
      if (found.length < limit || fresh.length === 0) break
    }
    const othersWent = tried.size > failed.length
    const faults: unknown[] = []
    const aside: { item: T; error: unknown }[] = []
    for (const fault of failed)
      if (this.isLost(fault, othersWent)) aside.push(fault)
      else faults.push(fault.error)
    if (aside.length > 0) await this.putAside(aside, now)
    if (faults.length > 0) throw summaryOf(faults, `${name} could not be put into mails`)
    return queued
  }

  private async one(item: T, now: Date): Promise<number> {
    const { key, queue, done, log, name } = this.parts
    let queued = 0
    try {
      queued = Number(await queue(item, now))
    } catch (error) {
      if (!isUnusable(error)) throw error
      log.warn({ mails: name, key: key(item), error: describeError(error) }, 'recipient left out')
    }
    await done(item)
    this.failures.forget(key(item))
    return queued
  }

  /**
   * Whether one has failed too often. What the database refuses may be the database's own doing, unless it took others
   * meanwhile.
   */
  private isLost({ item, error }: { item: T; error: unknown }, othersWent: boolean): boolean {
    const itsOwn = othersWent || !(error instanceof Error && error.name.startsWith('Mongo'))
    return itsOwn && this.failures.add(this.parts.key(item))
  }

  /** Puts them aside. Administrators are told once of all of them: what keeps many back is one thing to look into. */
  private async putAside(aside: { item: T; error: unknown }[], now: Date): Promise<void> {
    const { key, done, tells, trouble, log, name } = this.parts
    const toTell = aside.filter(({ item }) => tells?.(item) ?? true)
    for (const { item, error } of aside)
      log.error(
        { mails: name, key: key(item), error: describeError(error) },
        'put aside: no mail can be made of it',
      )
    const [first] = toTell
    if (first) {
      const detail = { failed: String(toTell.length), reason: describeError(first.error) }
      const notice = { key: `mails-failed|${name}|${key(first.item)}`, kind: 'mails-failed', detail } as const
      await trouble?.tell(notice, now)
    }
    for (const { item } of aside) await done(item)
  }
}
