/** Telling the administrators, in the application and by mail, that something fails that nobody may be looking at. */
import { createHash } from 'node:crypto'
import { DateTime } from 'luxon'
import type { TroubleKind } from '../server/notices/schema.ts'
import type { NewNotice } from '../server/notices/service.ts'

/** What is wrong. */
export interface Trouble {
  /** the same trouble has the same key, however often it is seen: it is told once */
  key: string
  kind: TroubleKind
  /**
   * What its words need. `job-failed`: job, slot (instant), reason; `job-late`: job, slot, and since when its last
   * success was, if ever (lastSuccess); `address-disabled`: address, reason (of
   * many: n, and decision `many`); `outbox-stuck`: waiting (number), since
   * (instant); `mails-failed`: failed (number), address (some of the recipients), reason.
   */
  detail: Record<string, string>
}

export interface Troubles {
  /**
   * Tells every administrator, once a key. Safe to repeat: one who was told, or whose mail is queued, is not told
   * again; a repeated call completes what a crash left untold.
   */
  tell(trouble: Trouble, now: Date): Promise<void>
}

export interface TroubleParts {
  notices: { tell(notice: NewNotice, accounts: Iterable<string>): Promise<void> }
  people: { administrators(): Promise<string[]> }
  timeZone: string
  /** called when notices wait to be put into mails */
  onTold?: () => void
}

/** Where each trouble is looked into. */
const LINKS: Record<TroubleKind, string> = {
  'job-failed': '/jobs',
  'job-late': '/jobs',
  'address-disabled': '/mails/disabled',
  'outbox-stuck': '/mails?status=queued',
  'figures-mended': '/audit?action=figures.mend',
  'mails-failed': '/mails',
}

/** The values that are instants, and longest values: a server's answer can be of any length. */
const INSTANTS: readonly string[] = ['slot', 'since', 'lastSuccess']
const MAX_VALUE = 500

/** A value as people of every language read it. */
function legible(name: string, value: string, zone: string): string {
  const at = INSTANTS.includes(name) ? DateTime.fromISO(value, { zone }) : null
  return at?.isValid ? at.toFormat('yyyy-MM-dd HH:mm') : value.slice(0, MAX_VALUE)
}

/** Longest key that a notice keeps as it is. */
const MAX_KEY = 60

/** Makes what tells. The notices' own rounds put each notice into a mail, so a crash in between loses none. */
export function createTrouble({ notices, people, timeZone, onTold }: TroubleParts): Troubles {
  return {
    async tell({ key, kind, detail }, now) {
      const period =
        key.length <= MAX_KEY ? key : createHash('sha256').update(key).digest('hex').slice(0, MAX_KEY)
      const params = Object.fromEntries(
        Object.entries(detail).map(([name, value]) => [name, legible(name, value, timeZone)]),
      )
      await notices.tell({ kind, period, at: now, params, link: LINKS[kind] }, await people.administrators())
      onTold?.()
    },
  }
}
