import type { Language } from '../../server/accounts/schema.ts'
import { isTrouble, type NoticeKind } from '../../server/notices/schema.ts'
import { createWording, noticeText, type Wording, type WordingKey } from '../../server/wording/index.ts'
import { type ComposedMail, composeMail } from './kit/index.ts'
import { listWords } from './list-words.ts'

/** What a mail about a list or a dispute tells. */
export interface ListMail {
  kind: NoticeKind
  params: Readonly<Record<string, string>>
  /** path in the application */
  link: string
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
  'mails-failed': ['failed', 'address', 'reason'],
  'figures-mended': ['slot'],
}
const LEFT_OUT_AT_ZERO: readonly string[] = ['warning', 'error']

/**
 * A mail about a list or a dispute, in a reader's language. Both parts say the same.
 * @param publicUrl where the service is to be reached; without it there is no link
 */
export function renderListMail(
  mail: ListMail,
  options: { language: Language; publicUrl?: string | undefined },
): ComposedMail {
  const { language, publicUrl } = options
  const wording = createWording(language)
  const words = listWords(language)
  const sentence = noticeText(wording, mail.kind, mail.params)
  const facts = factsOf(mail, wording)
  const link = publicUrl === undefined ? undefined : new URL(mail.link, publicUrl).href
  const product = wording.t('product.name')
  return composeMail({
    ...{ language, product, title: sentence, preheader: facts.map(([, value]) => value).join(' · ') },
    subject: `${product}${words.colon}${sentence}`,
    blocks: [
      ...(facts.length > 0 ? [{ kind: 'facts' as const, facts }] : []),
      ...(link === undefined ? [] : [{ kind: 'button' as const, text: words.open(mail.kind), href: link }]),
    ],
    footer: {
      why: words.why(mail.kind),
      settings:
        publicUrl === undefined || isTrouble(mail.kind)
          ? undefined
          : new URL('/me?tab=mails', publicUrl).href,
    },
  })
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
