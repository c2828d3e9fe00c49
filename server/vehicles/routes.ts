import { z } from 'zod'
import { normaliseVin } from '../domain/vin.ts'
import { defineRoute } from '../http/route.ts'
import {
  count,
  pastQuery,
  suggestQuery,
  vehicleFilter,
  vehiclePage,
  vehicleQuery,
  vehicleSuggestions,
  vehicleWithHistory,
} from './schema.ts'
import type { VehicleService } from './service.ts'
import type { VehicleSuggestions } from './suggest.ts'

/** Vehicles and their lives. */
export const vehicleRoutes = (vehicles: VehicleService, suggestions: VehicleSuggestions) => [
  defineRoute({
    method: 'get',
    path: '/vehicles',
    summary:
      'Vehicles by filters and by a fragment of plate or VIN, now or as of a day and as known at an instant',
    permission: 'read',
    query: vehicleQuery,
    answer: vehiclePage,
    handle: ({ query, caller, now }) => vehicles.list(query, caller.scope, now),
  }),
  defineRoute({
    method: 'get',
    path: '/vehicles/count',
    summary: 'How many vehicles a list holds',
    permission: 'read',
    query: vehicleFilter,
    answer: count,
    handle: ({ query, caller, now }) => vehicles.count(query, caller.scope, now),
  }),
  defineRoute({
    method: 'get',
    path: '/vehicles/suggest',
    summary: 'Vehicles that fit a fragment of a plate or VIN while it is being typed',
    permission: 'read',
    query: suggestQuery,
    answer: vehicleSuggestions,
    handle: ({ query, caller }) => suggestions.suggest(query, caller.scope),
  }),
  defineRoute({
    method: 'get',
    path: '/vehicles/:id',
    summary: 'One vehicle with its life, now or as of a day and as known at an instant',
    permission: 'read',
    params: z.object({ id: z.string().max(60).transform(normaliseVin) }),
    query: pastQuery,
    answer: vehicleWithHistory,
    handle: ({ params, query, caller, now }) => vehicles.get(params.id, caller.scope, query, now),
  }),
]
