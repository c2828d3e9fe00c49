import { z } from 'zod'
import { civilDate } from '../domain/civil-date.ts'
import { CATEGORIES, CHEMISTRIES, EMISSIONS, ENERGIES, KINDS, REASONS } from '../domain/vocabulary.ts'
import { countyCode, instant, objectId, oneOrMore, paging } from '../http/schema.ts'

export const vehicleFacts = z.object({
  vin: z.string(),
  plate: z.string(),
  category: z.enum(CATEGORIES),
  energy: z.enum(ENERGIES),
  emission: z.enum(EMISSIONS).nullable(),
  registeredOn: z.string().nullable(),
  operator: z.string(),
  county: z.string(),
})

/** The packs of a battery swap: GB/T 34014 codes, what their cells are made of, the capacity of one in kWh. */
export const batteries = z.object({
  installed: z.array(z.string()),
  removed: z.array(z.string()),
  chemistry: z.enum(CHEMISTRIES).nullable(),
  capacityKwh: z.number().nullable(),
})

/** A document that goes with an entry: a scrap certificate, a registration, an invoice. */
export const attachment = z.object({
  id: objectId,
  filename: z.string(),
  type: z.string(),
  /** in bytes */
  size: z.number().int(),
})
export type AttachmentView = z.infer<typeof attachment>

/** Who did something: a person, or a list that an account approved. */
const actor = z.object({ id: z.string(), name: z.string() })

/** An entry of the ledger. */
export const change = z.object({
  id: objectId,
  kind: z.enum(KINDS),
  on: z.string(),
  vehicle: vehicleFacts,
  operatorName: z.string(),
  retires: z.array(vehicleFacts),
  from: z.object({ operator: z.string(), county: z.string() }).nullable(),
  reason: z.enum(REASONS).nullable(),
  certificate: z.string().nullable(),
  packs: z.number().int().nullable(),
  batteries: batteries.nullable(),
  note: z.string().nullable(),
  /** why it was recorded although it breaks a rule's target */
  breachReason: z.string().nullable(),
  /** ids of the rules that do not count it, by decision of a dispute */
  exemptFrom: z.array(z.string()),
  dispute: objectId.nullable(),
  /** the upload and row it came from; null for an officer's own entry */
  source: z
    .object({ import: objectId, row: z.number().int(), sheet: z.string().nullable(), filename: z.string() })
    .nullable(),
  /** the entry that this one says anew, with a fact put right */
  corrects: objectId.nullable(),
  /** the entry that says this one anew */
  correctedBy: objectId.nullable(),
  attachments: z.array(attachment),
  reportedAt: z.iso.datetime().nullable(),
  recordedAt: z.iso.datetime(),
  recordedBy: actor,
  voidedAt: z.iso.datetime().nullable(),
  voidedBy: actor.nullable(),
  voidReason: z.string().nullable(),
})
export type ChangeView = z.infer<typeof change>

const word = (max: number) => z.string().trim().min(1).max(max)

/** What is entered: facts that the register already knows may be left out. */
export const createChange = z.strictObject({
  kind: z.enum(KINDS),
  on: civilDate.optional(),
  vehicle: z.strictObject({
    vin: word(40).optional(),
    plate: word(40).optional(),
    category: z.enum(CATEGORIES).optional(),
    energy: z.enum(ENERGIES).optional(),
    emission: z.enum(EMISSIONS).nullish(),
    registeredOn: civilDate.optional(),
    /** id, name or credit code */
    operator: word(100).optional(),
    county: countyCode.optional(),
  }),
  replaces: z.array(word(40)).max(20).optional(),
  to: z.strictObject({ operator: word(100).optional(), county: countyCode.optional() }).optional(),
  reason: z.enum(REASONS).optional(),
  certificate: word(100).optional(),
  packs: z.number().int().min(1).max(1000).optional(),
  batteries: z
    .strictObject({
      installed: z.array(word(60)).max(100).optional(),
      removed: z.array(word(60)).max(100).optional(),
      chemistry: z.enum(CHEMISTRIES).optional(),
      capacityKwh: z.number().positive().max(2000).optional(),
    })
    .optional(),
  note: word(500).optional(),
  /** needed when a rule's target would be broken */
  breachReason: word(500).optional(),
  /** ids of the caller's own uploads that go with it */
  attachments: z.array(objectId).max(20).optional(),
})

/** The figure of a rule without and with a change or an upload. */
export const effect = z.object({
  rule: z.string(),
  /** true when the rule's target is broken by it: met before and not after, or breached already and worse after */
  breaks: z.boolean(),
  before: z.object({
    value: z.number().nullable(),
    numerator: z.number(),
    denominator: z.number().nullable(),
    status: z.string(),
  }),
  after: z.object({
    value: z.number().nullable(),
    numerator: z.number(),
    denominator: z.number().nullable(),
    status: z.string(),
  }),
})
export type Effect = z.infer<typeof effect>

export const changeWithEffects = change.extend({
  effects: z.array(effect),
  warnings: z.array(
    z.object({ code: z.string(), field: z.string().nullable(), params: z.record(z.string(), z.string()) }),
  ),
})

export const dryRun = z.object({ dryRun: z.stringbool().default(false) })

export const voidChange = z.strictObject({ reason: word(500) })

/** A recorded change said anew, and why. */
export const correctChange = z.strictObject({ reason: word(500), change: createChange })

export const addAttachment = z.strictObject({ attachment: objectId })

/** What narrows the ledger's list. */
export const changeFilter = z.object({
  /** what had happened by that day */
  asOf: civilDate.optional(),
  /** what was known at that instant: entries as they were then */
  knownAt: instant.optional(),
  rule: z.string().max(60).optional(),
  kind: oneOrMore(KINDS).optional(),
  from: civilDate.optional(),
  to: civilDate.optional(),
  county: z.string().max(12).optional(),
  operator: z.string().max(100).optional(),
  includeVoided: z.stringbool().default(false),
  /** the entries that came of one upload, in the order of its rows */
  import: objectId.optional(),
})
export type ChangeFilter = z.output<typeof changeFilter>

export const changeQuery = changeFilter.extend(paging.shape)
