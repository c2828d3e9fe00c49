import { createInstance, type i18n } from 'i18next'
import type { Language } from '../accounts/schema.ts'
import type { NoticeKind } from '../notices/schema.ts'
import { en } from './en.ts'
import type { WordKey, Words } from './words.ts'
import { zhCN } from './zh-CN.ts'

export type { WordKey, Words } from './words.ts'
export { en, zhCN }

/** The path of a word, as in `category.bus` or `issue.vin.invalid`. */
export type WordingKey = WordKey<typeof zhCN>

/** Groups of words that name the values of one closed set. */
export type WordGroup = keyof typeof zhCN

type Params = Record<string, string | number>

/** The words of one language. */
export interface Wording {
  language: Language
  /** The word at a path, with `{{name}}` filled in. Nothing is escaped: whoever writes HTML escapes. */
  t: (key: WordingKey, params?: Params) => string
  /** The word for a value of a set, or the value itself when there is none (a newer server's code, say). */
  label: (group: WordGroup, value: string) => string
  /** What an issue says to a person, see `issueText`. */
  issue: (code: string, params: Readonly<Record<string, string>>, field?: string | null) => string
  i18n: i18n
}

const TEXTS: Record<Language, Words<typeof zhCN>> = { 'zh-CN': zhCN, en }

/** The shared words in a language, in an i18next instance of its own: no global state. */
export function createWording(language: Language): Wording {
  const i18n = createInstance()
  i18n.init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: TEXTS[language] } },
    interpolation: { escapeValue: false },
    initAsync: false,
    showSupportNotice: false,
  })
  const t = (key: string, params: Params = {}): string => i18n.t(key, params)
  // Looked up directly: lists of many rows ask for the same few words over and over.
  const label = (group: WordGroup, value: string): string => {
    const words: Readonly<Record<string, unknown>> = TEXTS[language][group]
    const word = Object.hasOwn(words, value) ? words[value] : undefined
    return typeof word === 'string' ? word : value
  }
  return {
    language,
    t,
    label,
    issue: (code, params, field) => issueText({ t, label }, code, params, field),
    i18n,
  }
}

/** What a notice says: the variant for what was decided, where there was a decision. */
export const noticeText = (
  { t }: { t: (key: WordingKey, params?: Params) => string },
  kind: NoticeKind,
  params: Readonly<Record<string, string>>,
): string =>
  t(`notice.${kind}`, {
    ...params,
    ...(params.job === undefined ? {} : { job: jobName(t, params.job) }),
    context: params.decision ?? '',
  })

/** What a job is called; its own name when a newer server has one that is not known here. */
function jobName(t: (key: WordingKey) => string, name: string): string {
  const path = `job.${name}`
  const word = t(path as WordingKey)
  return word === path ? name : word
}

/** The sets whose codes an issue's parameters may hold. */
const CODED = ['energy', 'category', 'kind', 'reason'] as const

/**
 * What an issue says: the variant that its parameters call for, with codes among them put into words.
 * @param field the field that the issue points at, if known
 */
export function issueText(
  wording: { t: (key: never, params?: Params) => string; label: Wording['label'] },
  code: string,
  params: Readonly<Record<string, string>>,
  field?: string | null,
): string {
  const worded = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, word(wording, value, field)]),
  )
  const all: Params = { ...worded, context: variant(code, params, field) }
  if (field && all.field === undefined) all.field = wording.label('field', field)
  const text = wording.t(`issue.${code}` as never, all)
  return text === `issue.${code}` ? code : text
}

function word(wording: { label: Wording['label'] }, value: string, field?: string | null): string {
  if (field === 'emission') return wording.label('emission', value)
  for (const group of CODED) {
    const label = wording.label(group, value)
    if (label !== value) return label
  }
  return value
}

function variant(code: string, params: Readonly<Record<string, string>>, field?: string | null): string {
  if (code === 'required.missing' && field) return 'field'
  if (code === 'plate.energy-mismatch' && params.colour) return 'colour'
  if (code === 'register.differs' && !params.register) return 'operator'
  if (code === 'kind.unclassed' && params.registered) return 'registered'
  if (code !== 'vehicle.conflict') return ''
  if (params.register !== undefined) return 'register'
  if (params.vin !== undefined) return 'plate'
  return params.on === undefined ? '' : 'date'
}
