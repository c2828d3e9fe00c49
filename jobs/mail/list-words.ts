/** The sentences of mails about lists that server/wording has no use for. */
import type { Language } from '../../server/accounts/schema.ts'
import { isTrouble, type NoticeKind } from '../../server/notices/schema.ts'

const isDispute = (kind: NoticeKind): boolean => kind.startsWith('dispute-')

const zh = {
  colon: '：',
  open: (kind: NoticeKind): string =>
    isTrouble(kind) ? '打开系统查看' : isDispute(kind) ? '打开这项异议' : '打开这份名单',
  why: (kind: NoticeKind): string =>
    isTrouble(kind)
      ? '您收到本邮件，是因为您是系统管理员；系统故障提醒不能关闭。请勿直接回复。'
      : '您收到本邮件，是因为账户中开启了名单消息的邮件提醒；登录后可随时关闭。请勿直接回复。',
}
export type ListWords = typeof zh

const en: ListWords = {
  colon: ': ',
  open: (kind) => (isTrouble(kind) ? 'Look into it' : isDispute(kind) ? 'Open the dispute' : 'Open the list'),
  why: (kind) =>
    isTrouble(kind)
      ? 'You get this mail because you are an administrator; mails about troubles cannot be turned off. Please do not reply.'
      : 'You get this mail because your account asks for mails about lists; sign in to turn them off. Please do not reply.',
}

/** The sentences in a language. */
export const listWords = (language: Language): ListWords => (language === 'en' ? en : zh)
