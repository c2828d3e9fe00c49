import type { Language } from '../../server/accounts/schema.ts'
import { type CivilDate, civilDateAt, daysBetween, POLICY_ZONE } from '../../server/domain/civil-date.ts'
import type { Helper, MissingOperator } from '../../server/reporting/reminder-mailing.ts'
import { reportFormat } from './format.ts'
import { type ComposedMail, composeMail, type Line } from './kit/index.ts'
import { reminderWords } from './reminder-words.ts'

export interface ReminderMail {
  operator: string
  /** `YYYY-MM` */
  month: string
  dueOn: CivilDate
  /** when the officer in charge is told */
  escalatesOn: CivilDate
  today: CivilDate
  /** whom the reader can ask */
  helpers: readonly Helper[]
  /** to an address of the register, which has no account */
  toContact: boolean
  /** `nil`: null when no nil report is taken for the month any more */
  links: { upload: string; nil: string | null }
}

/** A reminder that a month's list is missing, in its reader's language. */
export function renderReminderMail(mail: ReminderMail, language: Language): ComposedMail {
  const words = reminderWords(language)
  const { operator, dueOn, today, helpers, links } = mail
  // Only days and months are written, which are the same in every zone.
  const { wording, day, month: monthText } = reportFormat(language, POLICY_ZONE)
  const month = monthText(mail.month)
  const left = daysBetween(today, dueOn)
  const when = left > 0 ? 'ahead' : left === 0 ? 'today' : 'late'
  const subject = {
    ahead: () => words.subject.ahead(month, day(dueOn)),
    today: () => words.subject.today(month),
    late: () => words.subject.late(month, -left),
  }[when]()
  const headline = {
    ahead: () => words.status.ahead(operator, month, left),
    today: () => words.status.today(operator, month),
    late: () => words.status.late(operator, month, -left),
  }[when]()
  const ask = helpers.map(({ name, email }): Line => [`${name} `, { text: email, href: `mailto:${email}` }])
  return composeMail({
    ...{ language, subject, title: subject, preheader: headline },
    product: wording.t('product.name'),
    blocks: [
      { kind: 'status', tone: left > 7 ? 'calm' : left >= 0 ? 'warn' : 'bad', headline, points: [] },
      {
        kind: 'facts',
        facts: [
          [words.operator, operator],
          [words.missing, words.missingText(month)],
          [words.due, { text: day(dueOn), strong: true }],
          ...(mail.escalatesOn > today
            ? [[words.escalation, words.escalationText(day(mail.escalatesOn))] as [string, Line]]
            : []),
        ],
      },
      { kind: 'button', text: words.upload, href: links.upload },
      ...(links.nil === null
        ? [{ kind: 'text' as const, text: words.nilClosed, muted: true }]
        : [
            { kind: 'button' as const, text: words.nil(month), href: links.nil },
            { kind: 'text' as const, text: words.nilHint, muted: true },
          ]),
      ...(ask.length > 0
        ? [
            { kind: 'heading' as const, text: words.ask },
            { kind: 'list' as const, items: ask },
          ]
        : []),
    ],
    footer: { why: mail.toContact ? words.whyContact : words.why },
  })
}

/** So many operators fit into the line that a mail program shows beside the subject. */
const PREVIEWED = 5

export interface EscalationMail {
  month: string
  why: 'late' | 'unreachable'
  dueOn: CivilDate
  /** how many there are */
  total: number
  /** the first of them */
  operators: readonly MissingOperator[]
  timeZone: string
  link: string
}

/** What an officer is told of the operators whose list is missing. */
export function renderEscalationMail(mail: EscalationMail, language: Language): ComposedMail {
  const words = reminderWords(language)
  const { operators, total, why, dueOn, link, timeZone } = mail
  const { wording, day, month } = reportFormat(language, timeZone)
  const title = words.escalated[why](total, month(mail.month))
  const text = words.escalatedText[why](day(dueOn))
  const { table } = words
  const row = ({ name, contacts, reached, nobody }: MissingOperator) => {
    const last = reached.at(-1)
    const told = last
      ? words.sent(reached.length, civilDateAt(last, timeZone))
      : nobody
        ? words.nobody
        : words.none
    const who = contacts.map(({ name, phone, email }) => [name, phone ?? email ?? ''].join(' ').trim())
    return { cells: [{ text: name, strong: true }, who.length > 0 ? who.join('\n') : words.noContact, told] }
  }
  return composeMail({
    ...{
      language,
      subject: title,
      title,
      preheader: operators
        .slice(0, PREVIEWED)
        .map(({ name }) => name)
        .join(' · '),
    },
    product: wording.t('product.name'),
    blocks: [
      { kind: 'status', tone: 'bad', headline: text, points: [] },
      {
        kind: 'table',
        columns: [table.operator, table.contact, table.sent].map((text) => ({ text, words: true })),
        rows: operators.map(row),
      },
      ...(total > operators.length
        ? [{ kind: 'text' as const, text: words.more(total, operators.length), muted: true }]
        : []),
      { kind: 'button', text: words.open, href: link },
    ],
    footer: { why: words.whyOfficer },
  })
}
