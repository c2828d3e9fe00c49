/** The mail of a weekly, monthly or quarterly report. */
import type { Language } from '../../../server/accounts/schema.ts'
import { ruleLines } from '../../../server/reports/face/lines.ts'
import { reportFormat } from '../format.ts'
import { type ComposedMail, composeMail } from '../kit/index.ts'
import { charts } from './charts.ts'
import { dueSoon, exceptions, footerOf, opening } from './end.ts'
import { counties, others, ownFigures, targets } from './figures.ts'
import { glance, headlineOf } from './glance.ts'
import { moved } from './moved.ts'
import { hasAny, type ReportMail, type Writer } from './part.ts'
import { reportMailWords } from './words.ts'

export type { MailScope, ReportMail } from './part.ts'

export interface ReportMailOptions {
  language: Language
  timeZone: string
  /** under which people reach the service; '' where that is not known */
  address: string
  /** each recipient's own address to end it is filled in */
  unsubscribe: boolean
}

/**
 * Writes a report for readers who see the same of it: how it stands at the top, then the figures, what moved and why, the
 * counties, what is due. An operator gets its own figures alone, without a picture: there may be thousands of them.
 */
export function renderReportMail(mail: ReportMail, options: ReportMailOptions): ComposedMail {
  const writer = writerOf(mail, options)
  const { content, format, words, scope } = writer
  const masthead = format.words.masthead(format.pick(content.city.name), format.words.kinds[content.kind])
  const product = format.wording.t('product.name')
  const period = format.period(content.period)
  const headline = headlineOf(writer)
  const state = words.state(format.day(content.asOf), format.instant(content.knownAt))
  const stood = content.standsFor.slice(0, -1).map(format.period).join(format.words.list)
  const own = scope?.kind === 'operator'
  return composeMail({
    ...{ language: options.language, title: words.title(masthead, period), preheader: headline || state },
    subject: words.subject(masthead, period, scope?.name ?? null, headline),
    product: scope ? words.ofScope(product, scope.name) : product,
    lead: [
      state,
      ...(stood === '' ? [] : [format.words.standsFor(stood, period)]),
      ...(content.occasion === 'on-demand' ? [format.words.onDemand] : []),
    ],
    blocks: own
      ? [
          ...glance(writer),
          ...ownFigures(writer),
          ...exceptions(writer),
          ...dueSoon(writer),
          ...opening(writer),
        ]
      : [
          ...[
            ...glance(writer),
            ...targets(writer),
            ...charts(writer),
            ...moved(writer),
            ...counties(writer),
          ],
          ...[...exceptions(writer), ...dueSoon(writer), ...others(writer), ...opening(writer)],
        ],
    footer: footerOf(writer, options.unsubscribe),
  })
}

function writerOf(mail: ReportMail, { language, timeZone, address }: ReportMailOptions): Writer {
  const format = reportFormat(language, timeZone)
  const base = address.replace(/\/+$/, '')
  const openLink = (path: string, query?: Record<string, string>) =>
    base === '' ? null : `${base}${path}${query ? `?${new URLSearchParams(query)}` : ''}`
  const { targets, others } = ruleLines(mail.content, format)
  return {
    ...mail,
    targets,
    // Of a county only what it has: the city's other measures say nothing of it.
    others: mail.scope ? others.filter(({ rule }) => hasAny(rule)) : others,
    ...{ format, words: reportMailWords(language), openLink },
    link: (path, query) => (mail.source === 'list' ? null : openLink(path, query)),
  }
}
