import type { Wording } from '../wording/index.ts'

/** A field of what was done, in words: what it was and what it became; `before` is null where there is only one side. */
export interface AuditLine {
  /** the field's own name, with those above it */
  path: string
  field: string
  before: string | null
  after: string | null
}

type Words = Pick<Wording, 'language' | 'label'> & {
  /** an instant, as the reader's place has it */
  instant: (iso: string) => string
  /** the name of a county by its code */
  county: (code: string) => string
}

/** The fields that differ between two sides of an entry, in words. */
export function differenceLines(before: unknown, after: unknown, words: Words): AuditLine[] {
  const [was, is] = [leaves(before), leaves(after)]
  const paths = [...new Set([...was.keys(), ...is.keys()])]
  return paths
    .map((path) => ({
      path,
      field: fieldWord(path, words),
      before: was.has(path) ? valueWord(path, was.get(path), words) : null,
      after: is.has(path) ? valueWord(path, is.get(path), words) : null,
    }))
    .filter((line) => line.before !== line.after)
}

/** What else belongs to an entry, in words. */
export const detailLines = (detail: unknown, words: Words): AuditLine[] =>
  [...leaves(detail)].map(([path, value]) => ({
    path,
    field: fieldWord(path, words),
    before: null,
    after: valueWord(path, value, words),
  }))

/** A value's parts by their path; lists of plain values stay together. */
function leaves(value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  if (value === null || value === undefined) {
    if (path !== '') found.set(path, null)
  } else if (typeof value !== 'object' || isPlainList(value)) {
    found.set(path, value)
  } else {
    for (const [name, part] of Object.entries(value)) {
      const step = Array.isArray(value) ? String(Number(name) + 1) : name
      leaves(part, path === '' ? step : `${path}/${step}`, found)
    }
  }
  return found
}

const isPlainList = (value: object): boolean =>
  Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object')

/** What wraps others only: their own names say enough. */
const WRAPPERS = new Set(['input', 'query', 'vehicle'])

const fieldWord = (path: string, { label }: Words): string =>
  path
    .split('/')
    .filter((step, i, steps) => i === steps.length - 1 || !WRAPPERS.has(step))
    .map((step) => label('auditField', step))
    .join(' · ')

/** The sets whose codes a field holds. */
const GROUPS = {
  role: 'role',
  requireSecondFactor: 'role',
  category: 'category',
  categories: 'category',
  energy: 'energy',
  emission: 'emission',
  kind: 'kind',
  reason: 'reason',
  status: 'importStatus',
  outcome: 'auditValue',
  decision: 'auditValue',
  wish: 'auditValue',
  approve: 'auditValue',
  mode: 'auditValue',
  language: 'auditValue',
  chemistry: 'auditValue',
  permissions: 'auditPermission',
  action: 'auditAction',
} as const

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

const YES_NO = { 'zh-CN': ['是', '否', '无'], en: ['yes', 'no', 'none'] } as const

function valueWord(path: string, value: unknown, words: Words): string {
  const [yes, no, none] = YES_NO[words.language]
  const field = path.split('/').findLast((step) => !/^\d+$/.test(step)) ?? ''
  if (value === null || value === undefined || value === '') return none
  if (Array.isArray(value))
    return (
      value.map((item) => valueWord(path, item, words)).join(words.language === 'en' ? ', ' : '、') || none
    )
  if (typeof value === 'boolean') return value ? yes : no
  const text = String(value)
  if (INSTANT.test(text)) return words.instant(text)
  if (field === 'county') return words.county(text)
  // What was asked for may have any names, those that every object inherits among them.
  return Object.hasOwn(GROUPS, field) ? words.label(GROUPS[field as keyof typeof GROUPS], text) : text
}
