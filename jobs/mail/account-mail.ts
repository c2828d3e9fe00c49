import { DateTime } from 'luxon'
import type { LinkMail } from '../../server/accounts/links.ts'
import { createWording } from '../../server/wording/index.ts'
import { accountWords } from './account-words.ts'
import { html } from './html.ts'
import type { RenderedMail } from './list-mail.ts'
import { mailPage } from './page.ts'
import { S } from './style.ts'

/**
 * A mail with a link that sets a password, in its reader's language. Both parts say the same.
 * @param options.address where the service is to be reached
 * @param options.timeZone zone of the instant until which the link works
 */
export function renderAccountMail(
  mail: LinkMail,
  options: { address: string; timeZone: string },
): RenderedMail {
  const { kind, language, name, email, token } = mail
  const words = accountWords(language)
  const product = createWording(language).t('product.name')
  const { subject, sentence, open, until, once, why } = words[kind]
  // In the fragment, which browsers send to nobody: it stands in no log on the way.
  const link = `${new URL('/link', options.address).href}#token=${token}`
  const end = DateTime.fromJSDate(mail.expiresAt).setZone(options.timeZone).toFormat('yyyy-MM-dd HH:mm')
  const facts: [string, string][] = [
    [words.account, email],
    [until, end],
  ]
  const content = { product, sentence: sentence(name), facts, link, open, once, why, language }
  return {
    subject: `${product}${words.colon}${subject}`,
    html: inHtml(content),
    text: inText(content, words.colon),
  }
}

interface Content {
  product: string
  sentence: string
  facts: [string, string][]
  link: string
  open: string
  once: string
  why: string
  language: string
}

const inText = ({ product, sentence, facts, link, open, once, why }: Content, colon: string): string =>
  `${[
    `${product}\n${sentence}`,
    facts.map(([name, value]) => `${name}${colon}${value}`).join('\n'),
    `${open}${colon}\n${link}`,
    once,
    why,
  ].join('\n\n')}\n`

function inHtml({ product, sentence, facts, link, open, once, why, language }: Content): string {
  const rows = facts.map(
    ([name, value]) =>
      html`<tr><th scope="row" class="muted line" style="${S.thLeft};padding:11px 8px 9px 0;white-space:nowrap">${name}</th><td class="ink line" style="${S.td};text-align:left;white-space:normal;width:100%">${value}</td></tr>`,
  )
  return mailPage(
    { language, title: sentence },
    html`<p class="muted" style="${S.over}">${product}</p>
<h1 class="ink" style="${S.h1};font-size:19px">${sentence}</h1>
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${S.table};margin-top:12px">${rows}</table>
<p style="margin:18px 0 0"><a class="link" style="${S.link};font-size:16px;font-weight:600" href="${link}">${open}</a></p>
<p class="muted" style="${S.small};word-break:break-all">${link}</p>
<p class="ink" style="${S.small}">${once}</p>
<div class="line" style="${S.footer}"><p class="muted" style="${S.small}">${why}</p></div>`,
  )
}
