import { z } from 'zod'
import { effect } from '../changes/schema.ts'
import { objectId, paging } from '../http/schema.ts'
import { issueView } from '../imports/schema.ts'

export const DISPUTE_STATUSES = ['open', 'upheld', 'denied'] as const
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number]

/** What the claimant wishes: the row taken as it stands, or taken and left out of some rules. */
export const WISHES = ['record', 'exempt'] as const
export type Wish = (typeof WISHES)[number]

export const DECISIONS = ['upheld', 'denied'] as const

/** Fields of the form beside the document. */
export const claimFields = z.object({
  claim: z
    .string({ error: 'claim.length' })
    .trim()
    .min(1, { error: 'claim.length' })
    .max(1000, { error: 'claim.length' }),
  wish: z.enum(WISHES, { error: 'wish.invalid' }),
  /** rule ids, comma-separated; with `exempt`, none means all that would count the row */
  rules: z
    .string()
    .max(500, { error: 'rules.invalid' })
    .transform((text) => [
      ...new Set(
        text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ),
    ])
    .default([]),
})
export type Claim = z.output<typeof claimFields>

const actor = z.object({ id: z.string(), name: z.string() })

/** A row's sender claims that it is right, or exempt, and shows a document. */
export const dispute = z.object({
  id: objectId,
  import: objectId,
  filename: z.string(),
  /** the row's place in the file, as `/imports/:id/rows` names it */
  seq: z.number().int(),
  row: z.number().int(),
  sheet: z.string().nullable(),
  operator: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** the row as it was when it was disputed: its cells by field, and what was found */
  values: z.record(z.string(), z.string()),
  issues: z.array(issueView),
  claim: z.string(),
  wish: z.enum(WISHES),
  /** ids of the rules to be left out; decided: that are */
  rules: z.array(z.string()),
  document: z.object({ name: z.string(), type: z.string(), size: z.number().int() }),
  status: z.enum(DISPUTE_STATUSES),
  by: actor,
  at: z.iso.datetime(),
  decidedBy: actor.nullable(),
  decidedAt: z.iso.datetime().nullable(),
  answer: z.string().nullable(),
  /** the ledger's entry that upholding recorded */
  change: objectId.nullable(),
  /** what upholding did to the figures, as shown to who decided */
  effects: z.array(effect),
  /** the caller may decide it now */
  may: z.array(z.literal('decide')),
})
export type DisputeView = z.infer<typeof dispute>

export const disputesQuery = paging.extend({
  status: z.enum(DISPUTE_STATUSES).optional(),
  import: objectId.optional(),
})

/** `answer` may be left out with `dryRun=true` only. */
export const decideDispute = z.strictObject({
  decision: z.enum(DECISIONS),
  answer: z.string().trim().min(1, { error: 'claim.length' }).max(1000, { error: 'claim.length' }).optional(),
})

export const decideQuery = z.object({ dryRun: z.stringbool().default(false) })

/** The dispute with what upholding it does, or would do, to each rule. */
export const decided = z.object({ dispute, effects: z.array(effect) })
