import { z } from 'zod'
import { within } from '../compliance/routes.ts'
import { defineRoute, type Route } from '../http/route.ts'
import type { OldTrucks } from './old-trucks.ts'
import type { DueOutcomes } from './scenarios.ts'
import {
  due,
  dueListFilter,
  dueListQuery,
  duePage,
  dueQuery,
  dueScenarios,
  oldTruckFilter,
  oldTruckPage,
  oldTruckQuery,
  scenarioQuery,
} from './schema.ts'
import type { DueService } from './service.ts'

interface Parts {
  due: DueService
  oldTrucks: OldTrucks
  dueOutcomes: DueOutcomes
}

const total = z.object({ total: z.number().int() })

/** Vehicles whose service life ends, old trucks, and what the targets come to. */
export const dueRoutes = ({ due: service, oldTrucks, dueOutcomes }: Parts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/due',
    summary:
      'How many vehicles must go by a day, by the end of their service lives: by month, county or operator',
    permission: 'read',
    query: dueQuery,
    answer: due,
    handle: ({ query, caller, now }) => service.summary(within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/due/vehicles',
    summary: 'The vehicles that must go, the earliest first',
    permission: 'read',
    query: dueListQuery,
    answer: duePage,
    handle: ({ query, caller, now }) => service.list(within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/due/vehicles/count',
    summary: 'How many vehicles the list holds',
    permission: 'read',
    query: dueListFilter,
    answer: total,
    handle: ({ query, caller, now }) => service.count(within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/due/old-trucks',
    summary: 'Trucks in service whose retirement the policy counts, the oldest first',
    permission: 'read',
    query: oldTruckQuery,
    answer: oldTruckPage,
    handle: ({ query, caller, now }) => oldTrucks.list(within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/due/old-trucks/count',
    summary: 'How many old trucks are in service',
    permission: 'read',
    query: oldTruckFilter,
    answer: total,
    handle: ({ query, caller }) => oldTrucks.count(within(query, caller.scope)),
  }),
  defineRoute({
    method: 'get',
    path: '/due/scenarios',
    summary:
      'Each target at the period’s end if all due vehicles are replaced by new-energy ones, by the present mix, or by none',
    permission: 'read',
    query: scenarioQuery,
    answer: dueScenarios,
    handle: ({ query, caller, now }) => dueOutcomes.outcomes(within(query, caller.scope), now),
  }),
]
