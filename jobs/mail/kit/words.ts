/** The words that every mail has. */
import type { Language } from '../../../server/accounts/schema.ts'

const zh = {
  colon: '：',
  semicolon: '；',
  settings: '邮件设置',
  unsubscribe: '退订此类邮件',
}
export type KitWords = typeof zh

const en: KitWords = {
  colon: ': ',
  semicolon: '; ',
  settings: 'Mail settings',
  unsubscribe: 'Unsubscribe from mails of this kind',
}

/** The words in a language. */
export const kitWords = (language: Language): KitWords => (language === 'en' ? en : zh)
