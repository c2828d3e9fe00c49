import { queryOptions } from '@tanstack/react-query'
import type { MailView } from '../../../jobs/outbox/schema.ts'
import type { Language } from '../../../server/accounts/schema.ts'
import type { ReportCheck, ReportItem, ReportKind, ReportView } from '../../../server/reports/schema.ts'
import { api } from './client.ts'
import type { List, Page } from './queries.ts'

/** A frozen report is always the same: it is not asked for twice. */
const FROZEN = { staleTime: Number.POSITIVE_INFINITY }

const mailsOf = (kind: ReportKind, period: string, limit: number) =>
  queryOptions({
    queryKey: ['outbox', 'report', kind, period, limit],
    queryFn: ({ signal }) => api.get<Page<MailView>>('/outbox', { kind, period, limit }, signal),
    staleTime: 60_000,
  })

/** What the pages read of reports. */
export const reportQueries = {
  list: (kind: string): List<Page<ReportItem>> => ({
    queryKey: ['reports', kind, 'pages'],
    read: (cursor, signal) => api.get<Page<ReportItem>>('/reports', { kind, cursor, limit: 30 }, signal),
  }),
  report: (id: string) =>
    queryOptions({
      queryKey: ['reports', id],
      queryFn: ({ signal }) => api.get<ReportView>(`/reports/${encodeURIComponent(id)}`, {}, signal),
    }),
  paper: (id: string, language: Language) =>
    queryOptions({
      queryKey: ['reports', id, 'paper', language],
      queryFn: ({ signal }) =>
        api.get<{ number: string; html: string }>(
          `/reports/${encodeURIComponent(id)}/paper`,
          { language },
          signal,
        ),
      ...FROZEN,
    }),
  mails: (kind: ReportKind, period: string) => mailsOf(kind, period, 100),
  /** how many mails there are of a report */
  mailCount: (kind: ReportKind, period: string) => mailsOf(kind, period, 1),
  check: (number: string, code: string) =>
    queryOptions({
      queryKey: ['check', number, code],
      queryFn: ({ signal }) =>
        api.get<ReportCheck>(`/reports/check/${encodeURIComponent(number)}`, { code }, signal),
      ...FROZEN,
    }),
}
