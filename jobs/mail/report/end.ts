/** What is left to be done, how the report is opened and checked, and on what it rests. */
import { codeOf } from '../../../server/reports/digest.ts'
import type { Block, Footer, Line } from '../kit/index.ts'
import type { Writer } from './part.ts'

/** The vehicles whose service life ends in the months to come. */
export function dueSoon({ due, format, words, link }: Writer): Block[] {
  if (!due) return []
  const kinds = due.categories
    .map(({ category, total }) =>
      words.due.kind(format.wording.label('category', category), format.number(total)),
    )
    .join(format.words.list)
  const href = link('/due', { until: due.until })
  const said =
    due.total === 0
      ? [words.due.none]
      : [
          words.due.some(format.number(due.total), kinds),
          ...(due.overdue > 0 ? [words.due.overdue(format.number(due.overdue))] : []),
        ]
  return [
    { kind: 'heading', text: words.due.heading(format.day(due.until)) },
    {
      kind: 'text',
      text: [
        `${said.join(format.words.space)} `,
        ...(href && due.total > 0 ? [{ text: words.due.open, href }] : []),
      ],
    },
  ]
}

/** How many changes need explaining, by what they are. */
export function exceptions(writer: Writer): Block[] {
  const { content, format, words, scope, link, id } = writer
  const { total, byReason } = content.exceptions
  if (total === 0) return []
  const said = format.words
  const parts = Object.entries(byReason)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) =>
      said.exceptions.item(said.reasons[reason as keyof typeof byReason], format.number(count)),
    )
    .join(said.list)
  const href = link(`/reports/${id}`)
  return [
    { kind: 'heading', text: words.exceptions },
    {
      kind: 'text',
      text: [
        `${scope?.kind === 'operator' ? words.ownExceptions(total) : said.exceptions.some(format.number(total), parts)} `,
        ...(href ? [{ text: words.seeExceptions, href }] : []),
      ],
    },
  ]
}

/** The way to the report, and to checking it. */
export function opening(writer: Writer): Block[] {
  const { words, link, openLink, content, digest, id } = writer
  const code = codeOf(digest)
  const href = link(`/reports/${id}`)
  const check = openLink(`/check/${encodeURIComponent(content.shortNumber)}`, { code })
  return [
    ...(href ? [{ kind: 'button' as const, text: words.open, href }] : []),
    { kind: 'heading', text: words.check.heading },
    { kind: 'text', text: words.check.said(content.number, code) },
    ...(check ? [{ kind: 'text' as const, text: { text: words.check.open, href: check } }] : []),
  ]
}

/** On what it rests, and why the reader gets it. */
export function footerOf(writer: Writer, unsubscribe: boolean): Footer {
  const { content, format, words, scope, source, link, attached } = writer
  const { title, number, version } = content.policy
  const settings = link('/me', { tab: 'mails' })
  const notes: Line[] = [
    format.words.basis.policy(format.pick(title), number, version),
    words.frozen,
    ...(scope ? [words.extract(scope.name)] : []),
    ...(attached ? [words.tables] : []),
  ]
  return {
    notes,
    why: words.why[source](content.kind),
    settings: settings ?? undefined,
    unsubscribe,
  }
}
