import { z } from 'zod'
import { effect } from '../changes/schema.ts'
import { civilDate } from '../domain/civil-date.ts'
import { FIELDS } from '../domain/issue.ts'
import { objectId, paging } from '../http/schema.ts'

/**
 * `parsing` → `checked` → (an operator's: `submitted` →) `applying` → `applied` → (`withdrawing` → `withdrawn`).
 * `rejected` is returned with a reason, `cancelled` taken back by its sender before anything was recorded.
 */
export const IMPORT_STATUSES = [
  'parsing',
  'checked',
  'submitted',
  'applying',
  'applied',
  'rejected',
  'failed',
  'cancelled',
  'withdrawing',
  'withdrawn',
] as const
export type ImportStatus = (typeof IMPORT_STATUSES)[number]

/**
 * What becomes of a row: a change to record; a vehicle of the register to be put right (`fleet` lists only); nothing
 * new; not taken; a vehicle of the register that a `fleet` list does not name.
 */
export const OUTCOMES = ['new', 'changed', 'unchanged', 'error', 'missing'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const IMPORT_MODES = ['changes', 'fleet'] as const
export const importMode = z.enum(IMPORT_MODES)
export type ImportMode = z.infer<typeof importMode>

/** What a caller may do with a list as it stands. */
export const IMPORT_ACTIONS = [
  'mend',
  'map',
  'recheck',
  'submit',
  'approve',
  'return',
  'cancel',
  'withdraw',
  'dispute',
] as const
export type ImportAction = (typeof IMPORT_ACTIONS)[number]

export const importCounts = z.object({
  total: z.number().int(),
  new: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  /** rows with a warning, whatever their outcome */
  warning: z.number().int(),
  error: z.number().int(),
  missing: z.number().int(),
  /** rows that approving records: new, changed, and missing ones that somebody has answered */
  toRecord: z.number().int(),
  /** those of them without a warning */
  toRecordClean: z.number().int(),
})
export type ImportCounts = z.infer<typeof importCounts>

/** The fields that a column can be read as. */
export const COLUMN_FIELDS = [...FIELDS, 'plateColour'] as const
export const columnField = z.enum(COLUMN_FIELDS)
export type ColumnField = z.infer<typeof columnField>

/** How a column came to its field: by our vocabulary, as this operator's lists were mapped before, or by hand now. */
export const COLUMN_SOURCES = ['recognised', 'remembered', 'mapped'] as const

export const importColumn = z.object({
  /** which of `sheets` it is in */
  sheet: z.number().int(),
  /** 0-based */
  index: z.number().int(),
  letter: z.string(),
  header: z.string(),
  field: columnField.nullable(),
  by: z.enum(COLUMN_SOURCES),
  /** the first few texts below the header, to recognise it by */
  samples: z.array(z.string()),
})
export type ImportColumn = z.infer<typeof importColumn>

export const importSheet = z.object({
  /** place in the file, 0-based */
  index: z.number().int(),
  /** null for text files */
  name: z.string().nullable(),
  hidden: z.boolean(),
  title: z.string().nullable(),
  /** 1-based; 0 for a sheet without a header, which cannot be read */
  headerRow: z.number().int(),
  /** rows with data; null before it was read */
  rows: z.number().int().nullable(),
  /** whether it is read */
  chosen: z.boolean(),
})
export type ImportSheet = z.infer<typeof importSheet>

/** Something about the file that its sender should know: what was left out, what was read all the same. */
export const importNote = z.object({
  code: z.string(),
  /** name of the sheet */
  sheet: z.string().nullable(),
  /** the first rows that it is about, as the spreadsheet numbers them */
  rows: z.array(z.number().int()),
  count: z.number().int(),
  params: z.record(z.string(), z.string()),
})
export type ImportNote = z.infer<typeof importNote>

const actor = z.object({ id: z.string(), name: z.string() })
const operatorRef = z.object({ id: z.string(), name: z.string() })

/** A value that a coded column holds: what it was read as (null: not understood), and how often it stands there. */
export const importValue = z.object({
  field: columnField,
  text: z.string(),
  value: z.string().nullable(),
  rows: z.number().int(),
  by: z.enum(COLUMN_SOURCES),
})
export type ImportValue = z.infer<typeof importValue>

/** A sent list and what became of it. */
export const importView = z.object({
  id: objectId,
  filename: z.string(),
  size: z.number().int(),
  format: z.string(),
  encoding: z.string().nullable(),
  status: z.enum(IMPORT_STATUSES),
  mode: importMode,
  /** the mode was found (by whether there is a column for the kind of change), not chosen */
  modeFound: z.boolean(),
  /** `fleet`: the day on which the fleet was so */
  asOf: z.string().nullable(),
  /** whose list it is; null for an officer's list of several operators */
  operator: operatorRef.nullable(),
  /** rows done of rows in all, of checking or applying; `total` is 0 while nobody knows */
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  counts: importCounts,
  /** how many rows bear each issue code */
  codes: z.record(z.string(), z.number().int()),
  effects: z.array(effect),
  sheets: z.array(importSheet),
  /** columns as they were read: null for one that means nothing to us */
  columns: z.array(importColumn),
  /** the values of coded columns that had to be mapped or still have to be, the commonest first */
  values: z.array(importValue),
  /** what is taken for a column that the list does not have, or for its empty cells */
  defaults: z.partialRecord(columnField, z.string()),
  notes: z.array(importNote),
  sheet: z.string().nullable(),
  headerRow: z.number().int(),
  /** operators other than its own whose vehicles it would touch, with how many rows do */
  touches: z.array(operatorRef.extend({ rows: z.number().int() })),
  /** entries that approving recorded */
  recorded: z.number().int(),
  /** rows that wait for the decision of a dispute */
  openDisputes: z.number().int(),
  sentBy: actor,
  sentAt: z.iso.datetime(),
  submittedAt: z.iso.datetime().nullable(),
  decidedBy: actor.nullable(),
  decidedAt: z.iso.datetime().nullable(),
  /** approved by the standing permission of a trusted operator, not by a person */
  automatic: z.boolean(),
  rejectReason: z.string().nullable(),
  /** cancelled by the service, as nobody submitted it for long: its rows and its file are not kept */
  expired: z.boolean(),
  appliedAt: z.iso.datetime().nullable(),
  withdrawn: z.object({ at: z.iso.datetime(), by: actor, reason: z.string() }).nullable(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  /** what the caller may do with it now */
  may: z.array(z.enum(IMPORT_ACTIONS)),
})
export type ImportView = z.infer<typeof importView>

export const issueView = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  field: z.string().nullable(),
  /** header of the column in the sender's file */
  column: z.string().nullable(),
  message: z.string(),
  /** the values that belong in the message */
  params: z.record(z.string(), z.string()),
})

export const importRow = z.object({
  /** its place in the file, over all sheets; what other calls name it by. Missing vehicles come behind the file's rows. */
  seq: z.number().int(),
  /** row number in the sheet, as a spreadsheet shows it; 0 for a missing vehicle */
  row: z.number().int(),
  sheet: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  issues: z.array(issueView),
  /** the cells as they count, by field: as sent, or as mended */
  values: z.record(z.string(), z.string()),
  /** what the mended cells said before, by field */
  mended: z.record(z.string(), z.string()),
  /** `changed`: what the register says and what it will say; missing ones: what the answer does */
  differences: z.array(
    z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  /** operators, other than the row's own, whose vehicles it touches */
  touches: z.array(operatorRef),
  /** the row's dispute, if there is one */
  dispute: z.object({ id: objectId, status: z.enum(['open', 'upheld', 'denied']) }).nullable(),
})
export type ImportRowView = z.infer<typeof importRow>

export const rowsQuery = paging.extend({
  outcome: z.enum([...OUTCOMES, 'warning']).optional(),
  code: z.string().max(60).optional(),
})

export const importsQuery = paging.extend({
  /** one or more, comma-separated */
  status: z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.enum(IMPORT_STATUSES)).min(1))
    .optional(),
  operator: z.string().max(100).optional(),
  /** only those that wait for an officer's decision */
  waiting: z.stringbool().default(false),
  /** only those that the caller sent */
  mine: z.stringbool().default(false),
})

export const rejectImport = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export const withdrawImport = rejectImport
/** `clean`: only the rows without a warning */
export const approveImport = z.strictObject({ rows: z.enum(['all', 'clean']).default('all') })

/** Settings that go with a file: fields of the form beside `file`. */
export const sendFields = z.object({
  operator: z.string().trim().min(1).max(100).optional(),
  mode: importMode.optional(),
  asOf: civilDate.optional(),
})

const cellText = z.string().max(500)

/** Cells to mend: of single rows, or of all rows with an outcome or an issue code. Null takes a mend back. */
export const mendImport = z.union([
  z.strictObject({
    rows: z
      .array(
        z.strictObject({
          seq: z.number().int().min(1),
          cells: z.partialRecord(columnField, cellText.nullable()),
        }),
      )
      .min(1)
      .max(200),
  }),
  z.strictObject({
    where: z
      .strictObject({ outcome: z.enum(OUTCOMES).optional(), code: z.string().max(60).optional() })
      .refine((w) => w.outcome !== undefined || w.code !== undefined, { error: 'mend.where' }),
    cells: z.partialRecord(columnField, cellText.nullable()),
  }),
])

/** The answer to mending: the list's counts and effects as they have become, and the rows that were checked again. */
export const mendedImport = z.object({ view: importView, rows: z.array(importRow) })

/** How to read the file. What is left out stays as it is. */
export const mapImport = z.strictObject({
  /** places of the sheets to read */
  sheets: z.array(z.number().int().min(0)).min(1).max(100).optional(),
  mode: importMode.optional(),
  asOf: civilDate.optional(),
  /** columns to read otherwise; field null: means nothing */
  columns: z
    .array(
      z.strictObject({
        sheet: z.number().int().min(0),
        index: z.number().int().min(0),
        field: columnField.nullable(),
      }),
    )
    .max(500)
    .optional(),
  /** values to read otherwise: a text of a coded field, and the code or word that it means; null forgets */
  values: z
    .array(z.strictObject({ field: columnField, text: z.string().max(200), value: cellText.nullable() }))
    .max(500)
    .optional(),
  defaults: z.partialRecord(columnField, cellText.nullable()).optional(),
  /** keep it for this operator's next lists */
  remember: z.boolean().default(true),
})
