import type { Readable } from 'node:stream'
import { DateTime } from 'luxon'
import type { Language } from '../accounts/schema.ts'
import { regionByCode } from '../domain/regions.ts'
import { csvStream } from '../exports/csv.ts'
import { createWording, type Wording } from '../wording/index.ts'
import { type AuditLine, detailLines, differenceLines } from './lines.ts'
import type { AuditEntry, AuditFilters } from './schema.ts'

const HEADS = {
  'zh-CN': [
    ...['时间', '姓名', '邮箱', '角色', '登录方式', 'API 令牌', 'IP 地址', '操作', '结果', '状态码'],
    ...['原因', '对象类型', '对象', '对象编号', '变化', '其他', '请求', '请求编号'],
  ],
  en: [
    ...[
      'Time',
      'Name',
      'E-mail',
      'Role',
      'Signed in by',
      'API token',
      'IP address',
      'Action',
      'Outcome',
      'Status',
    ],
    ...['Problem', 'Kind of thing', 'Thing', 'Id', 'What changed', 'Else', 'Request', 'Request id'],
  ],
} as const

/**
 * Entries as CSV; first the filters and when it was made.
 * @param timeZone in which the times are written
 */
export function auditCsv(
  entries: AsyncIterable<AuditEntry>,
  filters: AuditFilters,
  language: Language,
  timeZone: string,
  now: Date,
): Readable {
  const time = (instant: Date) =>
    DateTime.fromJSDate(instant, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss')
  const county = (code: string) => {
    const region = regionByCode(code)
    return (language === 'en' ? region?.english : region?.name) ?? code
  }
  const words: Words = { ...createWording(language), instant: (iso) => time(new Date(iso)), county }
  async function* rows() {
    yield [
      language === 'en' ? `Made ${time(now)}` : `导出时间 ${time(now)}`,
      inLines(detailLines(filters, words)),
    ]
    yield HEADS[language]
    for await (const entry of entries) yield cells(entry, words, time)
  }
  return csvStream(rows())
}

type Words = Wording & Record<'instant' | 'county', (text: string) => string>

function cells(entry: AuditEntry, words: Words, time: (instant: Date) => string): string[] {
  const { actor, target, method, path, status } = entry
  const of = (group: 'role' | 'auditChannel' | 'auditTarget', value: string | null | undefined) =>
    value ? words.label(group, value) : ''
  return [
    time(new Date(entry.at)),
    ...[actor?.name, actor?.email].map((text) => text ?? ''),
    of('role', actor?.role),
    of('auditChannel', entry.via),
    ...[entry.token, entry.address].map((text) => text ?? ''),
    words.label('auditAction', entry.action),
    words.label('auditOutcome', entry.outcome),
    status === null ? '' : String(status),
    entry.problem === null ? '' : words.label('problem', entry.problem),
    of('auditTarget', target?.kind),
    ...[target?.label, target?.id].map((text) => text ?? ''),
    inLines(differenceLines(entry.before, entry.after, words)),
    inLines(detailLines(entry.detail, words)),
    method && path ? `${method} ${path}` : '',
    entry.request ?? '',
  ]
}

const inLines = (lines: AuditLine[]): string =>
  lines
    .map(({ field, before, after }) =>
      before === null ? `${field}: ${after ?? ''}` : `${field}: ${before} → ${after ?? ''}`,
    )
    .join('; ')
