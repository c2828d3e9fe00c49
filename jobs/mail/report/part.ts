/** What the parts of a report's mail share. */
import type { Part } from '../../../server/compliance/schema.ts'
import type { Due } from '../../../server/due/schema.ts'
import type { ReportFormat } from '../../../server/reports/face/format.ts'
import type { RuleLine } from '../../../server/reports/face/lines.ts'
import type { ReportContent } from '../../../server/reports/schema.ts'
import type { Source } from '../../../server/subscriptions/schema.ts'
import type { Line } from '../kit/index.ts'
import type { ReportMailWords } from './words.ts'

/** The part of the city that a mail is about, with its name in the reader's language. */
export interface MailScope {
  kind: 'county' | 'operator'
  name: string
}

/** A report as it goes to readers who see the same of it. */
export interface ReportMail {
  id: string
  /** what these readers see of it */
  content: ReportContent
  /** the one that their paper bears, in hex: of the whole report, or of an extract */
  digest: string
  scope: MailScope | null
  source: Source
  /** of the register as it is now; absent where it is not known */
  due?: Due | undefined
  /** the tables are attached */
  attached: boolean
}

/** A report's mail that is being written. */
export interface Writer extends ReportMail {
  format: ReportFormat
  words: ReportMailWords
  targets: RuleLine[]
  others: RuleLine[]
  /**
   * A page of the application.
   * @returns null for readers who have no account, to whom it would be a closed door, and without an address
   */
  link(path: string, query?: Record<string, string>): string | null
  /** a page that is open to anybody; null where nobody knows the service's address */
  openLink(path: string, query?: Record<string, string>): string | null
}

/** Whether anything counts in a measure, or in a part of it. */
export const hasAny = ({ numerator, denominator }: Pick<Part, 'numerator' | 'denominator'>): boolean =>
  numerator !== 0 || (denominator ?? 0) !== 0

/** A measure's title, leading to the changes that make up its figure in this very report. */
export const titleOf = ({ rule, title }: RuleLine, { content, link }: Writer, number?: number): Line => {
  const { asOf, knownAt } = content
  const href = link(`/evidence/${encodeURIComponent(rule.id)}`, { asOf, knownAt })
  return number === undefined ? { text: title, href } : [`${number}. `, { text: title, href }]
}
