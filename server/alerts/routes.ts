import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import { alert, alertPage, alertsQuery } from './schema.ts'
import type { AlertService } from './service.ts'

/** What changed in how the rules stand. */
export const alertRoutes = (alerts: AlertService) => [
  defineRoute({
    method: 'get',
    path: '/alerts',
    summary: 'Statuses that changed and entries that broke a target, newest first',
    permission: 'read',
    query: alertsQuery,
    answer: alertPage,
    handle: ({ query, caller }) => alerts.list(query, caller),
  }),
  defineRoute({
    method: 'get',
    path: '/alerts/:id',
    summary: 'One alert with the entries behind it',
    permission: 'read',
    params: z.object({ id: objectId }),
    answer: alert,
    handle: ({ params, caller }) => alerts.get(params.id, caller),
  }),
]
