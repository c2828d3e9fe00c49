import { z } from 'zod'
import { REGIONS } from '../domain/regions.ts'
import { defineRoute } from '../http/route.ts'
import { operator } from './schema.ts'
import type { Operators } from './service.ts'

/** Operators and regions: what filters offer. */
export const operatorRoutes = (operators: Operators) => [
  defineRoute({
    method: 'get',
    path: '/operators',
    summary: 'The operators that are registered',
    permission: 'read',
    answer: z.object({ items: z.array(operator) }),
    handle: async ({ caller }) => ({ items: await operators.list(caller.scope.operator) }),
  }),
  defineRoute({
    method: 'get',
    path: '/regions',
    summary: 'The counties of the city',
    permission: 'signed-in',
    answer: z.object({
      items: z.array(z.object({ code: z.string(), name: z.string(), english: z.string() })),
    }),
    handle: async () => ({ items: REGIONS.map(({ code, name, english }) => ({ code, name, english })) }),
  }),
]
