import { z } from 'zod'
import { normaliseVin } from '../domain/vin.ts'
import { defineRoute } from '../http/route.ts'
import { pageOf } from '../http/schema.ts'
import { vehicle, vehicleQuery, vehicleWithHistory } from './schema.ts'
import type { VehicleService } from './service.ts'

/** Vehicles and their lives. */
export const vehicleRoutes = (vehicles: VehicleService) => [
  defineRoute({
    method: 'get',
    path: '/vehicles',
    summary: 'Vehicles by filters and by a fragment of plate or VIN',
    permission: 'read',
    query: vehicleQuery,
    answer: pageOf(vehicle),
    handle: ({ query, caller }) => vehicles.list(query, caller.scope),
  }),
  defineRoute({
    method: 'get',
    path: '/vehicles/:id',
    summary: 'One vehicle with its life',
    permission: 'read',
    params: z.object({ id: z.string().max(60).transform(normaliseVin) }),
    answer: vehicleWithHistory,
    handle: ({ params, caller }) => vehicles.get(params.id, caller.scope),
  }),
]
