import { z } from 'zod'
import { ASSESSMENT_STATUSES } from '../domain/assessment.ts'
import { policy, rule } from '../domain/policy.ts'
import { POLICY_PARTS } from '../domain/policy-changes.ts'
import { wording } from '../http/schema.ts'

/** Shapes of the policy's endpoints. */

const said = z.union([z.string(), z.number(), wording]).nullable()

/** One thing in which a version differs from the one before. */
export const policyChange = z.object({
  part: z.enum(POLICY_PARTS),
  id: z.string().nullable(),
  title: wording.nullable(),
  before: said,
  after: said,
})

/** A version in the list of versions. */
export const policyVersion = z.object({
  version: z.number().int(),
  /** null: it has been in force all along */
  takesEffectAt: z.iso.datetime().nullable(),
  recordedBy: z.string().nullable(),
  note: z.string().nullable(),
  /** in what it differs from the one before; empty for the first */
  changed: z.array(policyChange),
})
export type PolicyVersion = z.infer<typeof policyVersion>

export const policyVersions = z.object({ items: z.array(policyVersion) })

/** The policy of now: the document, and its rules as figures are made by them. */
export const policyView = z.object({
  policy,
  rules: z.array(rule),
  versions: z.array(policyVersion),
})
export type PolicyView = z.infer<typeof policyView>

/** One version's document. */
export const policyDocument = z.object({ policy, rules: z.array(rule) })
export type PolicyDocument = z.infer<typeof policyDocument>

/** A draft of a new version. Its `version` is that of the one it was made from. */
export const draftOfPolicy = z.strictObject({ policy })

export const newVersion = z.strictObject({
  policy,
  note: z.string().trim().min(1, { error: 'policy.note' }).max(500, { error: 'policy.note' }),
})

/** How a rule stands. */
export const standing = z.object({
  id: z.string(),
  title: wording,
  kind: z.enum(['share', 'count', 'rising-share']),
  unit: z.enum(['percent', 'vehicles', 'packs']),
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  target: z.number().nullable(),
  status: z.enum(ASSESSMENT_STATUSES),
})
export type Standing = z.infer<typeof standing>

/** What a draft would change. */
export const policyPreview = z.object({
  asOf: z.string(),
  before: z.array(standing),
  after: z.array(standing),
  changed: z.array(policyChange),
})
export type PolicyPreview = z.infer<typeof policyPreview>
