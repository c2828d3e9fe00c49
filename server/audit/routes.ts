import { z } from 'zod'
import type { Language } from '../accounts/schema.ts'
import { sendAttachment } from '../http/attachment.ts'
import { defineRoute } from '../http/route.ts'
import { pageOf } from '../http/schema.ts'
import { auditCsv } from './csv.ts'
import { auditEntry, auditFilters, auditQuery } from './schema.ts'
import type { AuditLog } from './service.ts'
import { requestId } from './trail.ts'

interface Parts {
  audit: AuditLog
  timeZone: string
  languageOf: (account: string) => Promise<Language>
}

const CSV = 'text/csv; charset=utf-8'

/** The audit log, for administrators and auditors. */
export const auditRoutes = ({ audit, timeZone, languageOf }: Parts) => [
  defineRoute({
    method: 'get',
    path: '/audit',
    summary: 'Who did what, when, from where, and what it changed; newest first',
    permission: 'audit.read',
    query: auditQuery,
    answer: pageOf(auditEntry),
    handle: ({ query }) => audit.list(query),
  }),
  defineRoute({
    method: 'get',
    path: '/audit.csv',
    summary: 'The same as a file, all of it',
    permission: 'audit.read',
    query: auditFilters.extend({ language: z.enum(['zh-CN', 'en']).optional() }),
    produces: 'text/csv',
    audit: 'audit.export',
    handle: async ({ query: { language, ...filters }, caller, now, res, audit: tell }) => {
      tell({ target: { kind: 'audit' }, detail: filters })
      const words = language ?? (await languageOf(caller.id))
      const content = auditCsv(audit.all(filters, requestId(res.req)), filters, words, timeZone, now)
      const filename = words === 'en' ? 'audit-log.csv' : '操作日志.csv'
      await sendAttachment(res, { filename, content }, CSV)
    },
  }),
]
