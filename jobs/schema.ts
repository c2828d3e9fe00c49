import { z } from 'zod'
import { objectId } from '../server/http/schema.ts'

export * from './job-schema.ts'

export * from './outbox/schema.ts'

/** A frozen figure in short. */
const frozenRule = z.object({
  id: z.string(),
  title: z.object({ zh: z.string(), en: z.string() }),
  unit: z.enum(['percent', 'vehicles', 'packs']),
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  target: z.number().nullable(),
  status: z.string(),
  /** by county; the parts add up to the whole */
  counties: z.array(
    z.object({
      key: z.string(),
      label: z.object({ zh: z.string(), en: z.string() }),
      value: z.number().nullable(),
      numerator: z.number(),
      denominator: z.number().nullable(),
    }),
  ),
})

/** The frozen result of a scheduled check. */
export const assessmentView = z.object({
  id: objectId,
  slot: z.iso.datetime(),
  /** started by hand */
  manual: z.boolean(),
  asOf: z.string(),
  knownAt: z.iso.datetime(),
  policy: z.object({ id: z.string(), version: z.number().int() }),
  rules: z.array(frozenRule),
})
export type AssessmentView = z.infer<typeof assessmentView>
