import { queryOptions } from '@tanstack/react-query'
import type { RecipientView, Subscription } from '../../../server/subscriptions/schema.ts'
import { api } from './client.ts'

/** What the pages read of who gets which mails. */
export const mailingQueries = {
  recipients: () =>
    queryOptions({
      queryKey: ['recipients'],
      queryFn: ({ signal }) => api.get<{ items: RecipientView[] }>('/recipients', {}, signal),
    }),
  subscription: (token: string) =>
    queryOptions({
      queryKey: ['subscription', token],
      queryFn: ({ signal }) => api.get<Subscription>('/unsubscribe/state', { token }, signal),
      retry: false,
    }),
}
