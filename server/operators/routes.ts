import { z } from 'zod'
import { operatorTouched } from '../audit/touched.ts'
import { allRegions, theCity } from '../domain/regions.ts'
import { defineRoute } from '../http/route.ts'
import { createOperator, operator, updateOperator } from './schema.ts'
import type { Operators } from './service.ts'

/** Operators and regions. */
export const operatorRoutes = (operators: Operators) => [
  defineRoute({
    method: 'get',
    path: '/operators',
    summary: 'The operators that are registered',
    permission: 'read',
    answer: z.object({ items: z.array(operator) }),
    handle: async ({ caller }) => ({ items: await operators.list(caller) }),
  }),
  defineRoute({
    method: 'post',
    path: '/operators',
    summary: 'Register an operator',
    permission: 'operator.manage',
    audit: 'operator.create',
    body: createOperator,
    status: 201,
    answer: operator,
    handle: async ({ body, audit }) => {
      const made = await operators.create(body)
      audit(operatorTouched(made))
      return made
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/operators/:id',
    summary: 'Change an operator; what is left out stays as it is',
    permission: 'operator.manage',
    audit: 'operator.update',
    params: z.object({ id: z.string().max(100) }),
    body: updateOperator,
    answer: operator,
    handle: async ({ params, body, audit }) => {
      const before = await operators.get(params.id)
      const changed = await operators.update(params.id, body)
      audit(operatorTouched(changed, before))
      return changed
    },
  }),
  defineRoute({
    method: 'get',
    path: '/regions',
    summary: 'The city and its regions',
    permission: 'signed-in',
    answer: z.object({
      city: z.object({
        code: z.string(),
        name: z.object({ zh: z.string(), en: z.string() }),
        /** how its plates begin */
        plates: z.string(),
      }),
      items: z.array(z.object({ code: z.string(), name: z.string(), english: z.string() })),
    }),
    handle: async () => {
      const { code, name, plates } = theCity()
      const items = allRegions().map(({ code, name, english }) => ({ code, name, english }))
      return { city: { code, name, plates }, items }
    },
  }),
]
