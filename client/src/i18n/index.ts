import { createInstance } from 'i18next'
import { useMemo } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Language } from '../../../server/accounts/schema.ts'
import {
  en,
  issueText,
  type WordGroup,
  type WordKey,
  type Words,
  zhCN,
} from '../../../server/wording/index.ts'
import { inLanguage } from '../format.ts'
import { pagesEn } from './en/index.ts'
import { pagesZh } from './zh/index.ts'

const zh = { ...zhCN, ...pagesZh }
const english: Words<typeof zh> = { ...en, ...pagesEn }

/** The path of a text: the shared words' and the pages'. */
export type TextKey = WordKey<typeof zh>

const STORED = 'language'

/** The language chosen in this browser, or null when nobody chose yet. */
export function storedLanguage(): Language | null {
  const stored = localStorage.getItem(STORED)
  return stored === 'zh-CN' || stored === 'en' ? stored : null
}

export const i18n = createInstance()
i18n.use(initReactI18next).init({
  lng: storedLanguage() ?? 'zh-CN',
  fallbackLng: false,
  resources: { 'zh-CN': { translation: zh }, en: { translation: english } },
  // React escapes.
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
})
document.documentElement.lang = i18n.language

/** Changes the pages' language; `remember` keeps it for this browser. */
export function changeLanguage(language: Language, remember = true): void {
  if (remember) localStorage.setItem(STORED, language)
  document.documentElement.lang = language
  void i18n.changeLanguage(language)
}

type Params = Record<string, string | number>

/** The words of the pages in the present language. */
export interface Text {
  language: Language
  t: (key: TextKey, params?: Params) => string
  /** the word for a value of a closed set, or the value itself */
  label: (group: WordGroup, value: string) => string
  /** what an issue of a row says */
  issue: (code: string, params: Readonly<Record<string, string>>, field?: string | null) => string
  /** of a text in both languages, the reader's */
  pick: (text: { zh: string; en: string }) => string
}

/** The words, and a new rendering when the language changes. */
export function useText(): Text {
  const { t: translate, i18n: instance } = useTranslation()
  return useMemo(() => {
    const language: Language = instance.language === 'en' ? 'en' : 'zh-CN'
    const t = (key: string, params: Params = {}): string => translate(key, params)
    const label = (group: WordGroup, value: string): string =>
      Object.hasOwn(zh[group], value) ? t(`${group}.${value}`) : value
    return {
      language,
      t,
      label,
      issue: (code, params, field) => issueText({ t, label }, code, params, field),
      pick: (text) => inLanguage(text, language),
    }
  }, [translate, instance.language])
}
