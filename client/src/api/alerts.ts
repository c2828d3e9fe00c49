import { queryOptions } from '@tanstack/react-query'
import type { AlertView } from '../../../server/alerts/schema.ts'
import type {
  MonthReminders,
  NilLinkView,
  ReminderSettings,
} from '../../../server/reporting/reminder-schema.ts'
import { api, type Query } from './client.ts'
import type { List, Page } from './queries.ts'

const PAGE = 50

/** What the pages read of alerts and reminders. */
export const alertQueries = {
  list: (query: Query, limit = PAGE): List<Page<AlertView>> => ({
    queryKey: ['alerts', query, limit],
    read: (cursor, signal) => api.get<Page<AlertView>>('/alerts', { ...query, limit, cursor }, signal),
  }),
  latest: (query: Query) =>
    queryOptions({
      queryKey: ['alerts', 'latest', query],
      queryFn: ({ signal }) => api.get<Page<AlertView>>('/alerts', { ...query, limit: 3 }, signal),
      refetchInterval: 60_000,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['alerts', 'one', id],
      queryFn: ({ signal }) => api.get<AlertView>(`/alerts/${encodeURIComponent(id)}`, {}, signal),
    }),
  reminders: (month: string) =>
    queryOptions({
      queryKey: ['reporting', 'reminders', month],
      queryFn: ({ signal }) => api.get<MonthReminders>('/reporting/reminders', { month }, signal),
    }),
  reminderSettings: () =>
    queryOptions({
      queryKey: ['reporting', 'settings'],
      queryFn: ({ signal }) => api.get<ReminderSettings>('/reporting/settings', {}, signal),
    }),
  nilLink: (token: string) =>
    queryOptions({
      queryKey: ['nil-link', token],
      queryFn: () => api.post<NilLinkView>('/reporting/nil-link', { token }),
      retry: false,
      staleTime: Number.POSITIVE_INFINITY,
    }),
}
