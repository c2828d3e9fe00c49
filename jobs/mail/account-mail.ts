import { DateTime } from 'luxon'
import type { LinkMail } from '../../server/accounts/links.ts'
import { createWording } from '../../server/wording/index.ts'
import { accountWords } from './account-words.ts'
import { type ComposedMail, composeMail } from './kit/index.ts'

/**
 * A mail with a link that sets a password, in its reader's language. Both parts say the same.
 * @param options.address where the service is to be reached
 * @param options.timeZone zone of the instant until which the link works
 */
export function renderAccountMail(
  mail: LinkMail,
  options: { address: string; timeZone: string },
): ComposedMail {
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
  return composeMail({
    ...{ language, product, title: sentence(name), preheader: subject },
    subject: `${product}${words.colon}${subject}`,
    blocks: [
      { kind: 'facts', facts },
      { kind: 'button', text: open, href: link },
      // Where the button is not shown, the address can be copied.
      { kind: 'text', text: { text: link, href: link } },
      { kind: 'text', text: once, muted: true },
    ],
    footer: { why },
  })
}
