import { queryOptions } from '@tanstack/react-query'
import type { DisabledAddress, OutboxSummary } from '../../../jobs/schema.ts'
import { api } from './client.ts'
import type { List, Page } from './queries.ts'

/** What the pages read of the outbox besides its mails. */
export const outboxQueries = {
  summary: () =>
    queryOptions({
      queryKey: ['outbox', 'summary'],
      queryFn: ({ signal }) => api.get<OutboxSummary>('/outbox/summary', {}, signal),
      refetchInterval: 30_000,
    }),
  disabled: (): List<Page<DisabledAddress>> => ({
    queryKey: ['outbox', 'disabled'],
    read: (cursor, signal) =>
      api.get<Page<DisabledAddress>>('/outbox/disabled-addresses', { limit: 50, cursor }, signal),
  }),
}
