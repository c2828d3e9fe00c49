import type { Language } from '../../server/accounts/schema.ts'
import type { NoticeKind } from '../../server/notices/schema.ts'
import { createWording, noticeText, type Wording, type WordingKey } from '../../server/wording/index.ts'
import { html } from './html.ts'
import { listWords } from './list-words.ts'
import { mailPage } from './page.ts'
import { S } from './style.ts'

/** What a mail about a list or a dispute tells. */
export interface ListMail {
  kind: NoticeKind
  params: Readonly<Record<string, string>>
  /** path in the application */
  link: string
}

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

/** What is listed below the sentence, in this order; what a notice does not know, or knows to be 0, is left out. */
const LISTED: Record<NoticeKind, readonly string[]> = {
  'list-submitted': ['operator', 'filename', 'sender', 'total', 'toRecord', 'warning', 'error'],
  'list-returned': ['filename', 'reason', 'by'],
  'list-applied': ['filename', 'total', 'recorded', 'error', 'by'],
  'list-failed': ['filename', 'failure'],
  'list-withdrawn': ['filename', 'reason', 'by'],
  'dispute-opened': ['operator', 'filename', 'row', 'claim'],
  'dispute-decided': ['filename', 'row', 'answer', 'by'],
  'list-expiring': ['filename', 'total', 'until'],
  // These have mails of their own.
  alert: [],
  reminder: [],
  'reminder-escalated': [],
  'job-failed': ['job', 'slot', 'reason'],
  'job-late': ['job', 'slot', 'lastSuccess', 'reason'],
  'address-disabled': ['address', 'reason'],
  'outbox-stuck': ['waiting', 'since', 'reason'],
}
const LEFT_OUT_AT_ZERO: readonly string[] = ['warning', 'error']

/**
 * A mail about a list or a dispute, in a reader's language. Both parts say the same.
 * @param publicUrl where the service is to be reached; without it there is no link
 */
export function renderListMail(
  mail: ListMail,
  options: { language: Language; publicUrl?: string | undefined },
): RenderedMail {
  const { language, publicUrl } = options
  const wording = createWording(language)
  const words = listWords(language)
  const sentence = noticeText(wording, mail.kind, mail.params)
  const facts = factsOf(mail, wording)
  const link = publicUrl === undefined ? undefined : new URL(mail.link, publicUrl).href
  const product = wording.t('product.name')
  const content = {
    product,
    sentence,
    facts,
    link,
    open: words.open(mail.kind),
    why: words.why(mail.kind),
    language,
  }
  return {
    subject: `${product}${words.colon}${sentence}`.slice(0, 400),
    html: inHtml(content),
    text: inText(content, words.colon),
  }
}

function factsOf({ kind, params }: ListMail, wording: Wording): [string, string][] {
  const values: Record<string, string> = { ...params }
  if (params.code) values.failure = wording.label('problem', params.code)
  if (params.job) values.job = wording.label('job', params.job)
  return LISTED[kind].flatMap((name): [string, string][] => {
    const value = values[name]
    if (!value || (value === '0' && LEFT_OUT_AT_ZERO.includes(name))) return []
    return [[wording.t(`noticeField.${name}` as WordingKey), value]]
  })
}

interface Content {
  product: string
  sentence: string
  facts: [string, string][]
  link: string | undefined
  open: string
  why: string
  language: Language
}

function inText({ product, sentence, facts, link, open, why }: Content, colon: string): string {
  const sections = [
    [product, sentence],
    facts.map(([name, value]) => `${name}${colon}${value}`),
    link === undefined ? [] : [`${open}${colon}${link}`],
    [why],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function inHtml({ product, sentence, facts, link, open, why, language }: Content): string {
  const rows = facts.map(
    ([name, value]) =>
      html`<tr><th scope="row" class="muted line" style="${S.thLeft};padding:11px 8px 9px 0;white-space:nowrap;vertical-align:top">${name}</th><td class="ink line" style="${S.td};text-align:left;white-space:pre-wrap;width:100%">${value}</td></tr>`,
  )
  return mailPage(
    { language, title: sentence },
    html`<p class="muted" style="${S.over}">${product}</p>
<h1 class="ink" style="${S.h1};font-size:19px">${sentence}</h1>
${rows.length > 0 && html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${S.table};margin-top:12px">${rows}</table>`}
${link !== undefined && html`<p style="margin:18px 0 0"><a class="link" style="${S.link};font-size:15px" href="${link}">${open}</a></p>`}
<div class="line" style="${S.footer}"><p class="muted" style="${S.small}">${why}</p></div>`,
  )
}
