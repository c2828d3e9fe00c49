/** The sentences of mails that carry a link into an account. */
import type { Language } from '../../server/accounts/schema.ts'

const zh = {
  colon: '：',
  invitation: {
    subject: '邀请您使用',
    sentence: (name: string) => `${name}，您好！管理员已为您开通账号，请设置密码后登录。`,
    open: '设置密码',
    until: '链接有效期至',
    once: '链接只能使用一次。过期后请联系管理员重新发送邀请。',
    why: '您收到本邮件，是因为系统管理员用此邮箱为您开通了账号。如与您无关，请忽略本邮件，不要打开或转发链接。请勿直接回复。',
  },
  reset: {
    subject: '重设密码',
    sentence: (name: string) => `${name}，您好！我们收到了重设您账号密码的申请。`,
    open: '重设密码',
    until: '链接有效期至',
    once: '链接只能使用一次。设置新密码后，该账号在各处的登录都会退出。',
    why: '您收到本邮件，是因为有人用此邮箱申请重设密码。如不是您本人，请忽略本邮件，原密码仍然有效；不要转发链接。请勿直接回复。',
  },
  account: '登录邮箱',
  hidden: '本邮件含有可进入账号的链接，内容只发给收件人，系统中不予显示。',
}
export type AccountWords = typeof zh

const en: AccountWords = {
  colon: ': ',
  invitation: {
    subject: 'Your invitation',
    sentence: (name) => `${name}, an administrator has opened an account for you. Set a password to sign in.`,
    open: 'Set a password',
    until: 'The link works until',
    once: 'It can be used once. When it has expired, ask the administrator for another invitation.',
    why: 'You get this mail because an administrator opened an account for this address. If it is not meant for you, ignore it, and neither open nor forward the link. Please do not reply.',
  },
  reset: {
    subject: 'A new password',
    sentence: (name) => `${name}, somebody asked to set a new password for your account.`,
    open: 'Set a new password',
    until: 'The link works until',
    once: 'It can be used once. Setting a new password signs the account out everywhere.',
    why: 'You get this mail because somebody asked for a new password for this address. If it was not you, ignore it: your password stays as it is. Do not forward the link. Please do not reply.',
  },
  account: 'Account',
  hidden:
    'This mail holds a link into an account. Its content goes to the addressee alone and is not shown here.',
}

/** The sentences in a language. */
export const accountWords = (language: Language): AccountWords => (language === 'en' ? en : zh)
