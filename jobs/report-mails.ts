import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { DateTime } from 'luxon'
import type { Scope } from '../server/accounts/permissions.ts'
import type { Language } from '../server/accounts/schema.ts'
import type { CivilDate } from '../server/domain/civil-date.ts'
import type { Due } from '../server/due/schema.ts'
import { digestFor } from '../server/reports/digest.ts'
import type { RenderOptions } from '../server/reports/face/page.ts'
import { countyName } from '../server/reports/face/told.ts'
import type { ReportDoc } from '../server/reports/model.ts'
import type { ReportContent, ReportKind } from '../server/reports/schema.ts'
import type { Recipient } from '../server/subscriptions/schema.ts'
import { isOutage, summaryOf } from './each.ts'
import type { JobLog } from './job.ts'
import type { MailScope } from './mail/report/index.ts'
import type { MailAddressee, NewMail } from './outbox/new-mail.ts'
import type { Outbox } from './outbox/outbox.ts'

/** What reports' mails are made from. */
export interface ReportMailSources {
  recipients: { recipientsOf(kind: ReportKind): Promise<Recipient[]> }
  unsubscribe: { urlFor(recipient: string, kind: ReportKind): string | undefined }
  /** what a report says to a part of the city */
  contentFor(report: ReportDoc, scope: Scope, now: Date): Promise<ReportContent>
  /** names of operators by id */
  operatorNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** the vehicles of a part of the city that must go by a day */
  dueBy?: ((scope: Scope, until: CivilDate, now: Date) => Promise<Due>) | undefined
  /** a report's tables as .xlsx */
  workbook?:
    | ((report: { content: ReportContent; digest: string }, options: RenderOptions) => Promise<Readable>)
    | undefined
}

export interface ReportMailParts extends ReportMailSources {
  outbox: Pick<Outbox, 'has' | 'enqueueMany'>
  /** under which people reach the service; '' where that is not known: mails have no links then */
  address: () => string
  timeZone: string
  log: JobLog
}

/** Recipients who get the very same mail, but for the link that ends it. */
interface Group {
  language: Language
  scope: Recipient['scope']
  source: Recipient['source']
  attach: boolean
  members: Recipient[]
}

/** How many months, the present one among them, a report says what is due in. */
const DUE_MONTHS = 3
/** Up to so many are asked for one by one whether they have their mail, before one is written. */
const FEW = 5

/** Puts the mails of a report into the outbox: written once for all who see the same of it. */
export class ReportMails {
  private readonly parts: ReportMailParts

  constructor(parts: ReportMailParts) {
    this.parts = parts
  }

  /**
   * Queues the mails of a report, one for each recipient. Safe to repeat: who has his already gets none, and a call that
   * was cut off is completed by the next.
   * @param signal ends the work between two groups of recipients
   * @throws one summary, when mails of some groups could not be made and the others are queued
   * @returns how many recipients there are, how many mails are new, and to how many others no mail can be written
   */
  async queue(
    report: ReportDoc,
    now: Date,
    signal?: AbortSignal,
  ): Promise<{ recipients: number; queued: number; unusable: number }> {
    const recipients = await this.parts.recipients.recipientsOf(report.kind)
    const groups = groupsOf(recipients)
    const names = await this.parts.operatorNames(
      groups.flatMap(({ scope }) => (scope.operator === undefined ? [] : [scope.operator])),
    )
    const told = { queued: 0, unusable: 0 }
    const faults: unknown[] = []
    for (const group of groups) {
      signal?.throwIfAborted()
      try {
        const { queued, unusable } = await this.queueGroup(report, group, names, now)
        told.queued += queued
        told.unusable += unusable
      } catch (error) {
        if (isOutage(error)) throw error
        faults.push(error)
      }
    }
    // Whoever could have his mail has it; the next attempt makes those that are missing.
    if (faults.length > 0) throw summaryOf(faults, `of ${groups.length} groups of recipients have no mail`)
    if (told.unusable > 0)
      this.parts.log.warn({ kind: report.kind, count: told.unusable }, 'recipients left out')
    return { recipients: recipients.length - told.unusable, ...told }
  }

  private async queueGroup(report: ReportDoc, group: Group, names: ReadonlyMap<string, string>, now: Date) {
    const { outbox, unsubscribe } = this.parts
    const { kind, period } = report
    const ended = (id: string) => (this.parts.address() === '' ? undefined : unsubscribe.urlFor(id, kind))
    if (group.members.length <= FEW && (await this.haveTheirs(report, group.members)))
      return { queued: 0, unusable: 0 }
    const mail = await this.write(report, group, names, now)
    const shared = { kind, period, topic: kind, language: group.language, ...mail }
    const members = group.members.map(
      ({ id, name, email }): MailAddressee => ({
        account: id,
        to: { name, address: email },
        unsubscribe: ended(id),
      }),
    )
    return outbox.enqueueMany(shared, members, now)
  }

  private async haveTheirs({ kind, period }: ReportDoc, members: readonly Recipient[]): Promise<boolean> {
    for (const { id } of members) if (!(await this.parts.outbox.has(kind, period, id))) return false
    return true
  }

  /** What writes and draws is loaded when there is something to write. */
  private async write(
    report: ReportDoc,
    group: Group,
    names: ReadonlyMap<string, string>,
    now: Date,
  ): Promise<Pick<NewMail, 'subject' | 'html' | 'text' | 'pictures' | 'attachments'>> {
    const { address, timeZone, workbook } = this.parts
    const { language, source } = group
    const content = await this.parts.contentFor(report, group.scope, now)
    const digest = digestFor(report.digest, group.scope, content.figures.rules)
    const scope = scopeNamed(group.scope, language, names, content)
    const book =
      group.attach && workbook
        ? await workbook({ content, digest }, { language, timeZone, scope, publicUrl: address() })
        : null
    const { renderReportMail } = await import('./mail/report/index.ts')
    const mail = renderReportMail(
      {
        ...{ id: report._id.toHexString(), content, digest, scope, source },
        ...{ due: await this.due(group.scope, now), attached: book !== null },
      },
      { language, timeZone, address: address(), unsubscribe: address() !== '' },
    )
    if (!book) return mail
    return {
      ...mail,
      attachments: [{ filename: `${report.number}.xlsx`, type: XLSX, content: await buffer(book) }],
    }
  }

  private due(scope: Scope, now: Date): Promise<Due> | undefined {
    const { dueBy, timeZone } = this.parts
    const last = DateTime.fromJSDate(now, { zone: timeZone }).plus({ months: DUE_MONTHS - 1 })
    return dueBy?.(scope, last.endOf('month').toFormat('yyyy-MM-dd'), now)
  }
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

function groupsOf(recipients: readonly Recipient[]): Group[] {
  const groups = new Map<string, Group>()
  for (const recipient of recipients) {
    const { language, scope, source, attach } = recipient
    const key = JSON.stringify([language, scope.county, scope.operator, source, attach])
    const group = groups.get(key) ?? { language, scope, source, attach, members: [] }
    group.members.push(recipient)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function scopeNamed(
  { county, operator }: Scope,
  language: Language,
  names: ReadonlyMap<string, string>,
  content: ReportContent,
): MailScope | null {
  if (operator !== undefined) return { kind: 'operator', name: names.get(operator) ?? operator }
  if (county === undefined) return null
  const pick = ({ zh, en }: { zh: string; en: string }) => (language === 'en' ? en : zh)
  return { kind: 'county', name: countyName(county, { content, format: { pick } }) }
}
