import { isDeepStrictEqual } from 'node:util'
import type { ChangeDraft } from '../domain/change.ts'
import type { Entry } from '../domain/restate.ts'
import type { ReadRow } from '../domain/row.ts'
import { isEntry } from '../domain/vocabulary.ts'
import type { ChangeBody } from './entering.ts'
import type { ChangeDoc } from './model.ts'
import { readEntered } from './read-entered.ts'

/** An entry as the domain takes it. */
export const asEntry = (doc: ChangeDoc): Entry => ({ ...doc, id: doc._id.toHexString() })

/** What a dispute decided of an entry stays decided. */
export const keptOf = ({ exemptFrom, dispute }: ChangeDoc): Partial<ChangeDoc> => ({
  ...(exemptFrom ? { exemptFrom } : {}),
  ...(dispute ? { dispute } : {}),
})

/**
 * The form that says an entry anew: the vehicle is the entry's own unless another is named. What a later entry told of
 * its vehicle's emission standard it goes on telling: the form does not ask again for what is known.
 */
export function readAnew(body: ChangeBody, { kind, vehicle }: ChangeDoc): ReadRow {
  const row = readEntered(body)
  const { values } = row
  const named =
    values.vin !== undefined || row.issues.some((i) => i.field === 'vin' && i.severity === 'error')
  if (!named && !isEntry(body.kind) && (values.plate === undefined || values.plate === vehicle.plate)) {
    if (!row.issues.some((i) => i.field === 'plate' && i.severity === 'error')) values.vin = vehicle.vin
  }
  if (!isEntry(kind) && !isEntry(body.kind) && values.vin === vehicle.vin && vehicle.emission !== null)
    values.emission ??= vehicle.emission
  // By hand a transfer moves no plate, but one that a list recorded may have.
  if (body.kind === 'transferred' && kind === 'transferred') values.plate ??= vehicle.plate
  return row
}

const SAID = ['kind', 'on', 'vehicle', 'retires', 'from', 'reason', 'certificate', 'packs', 'note'] as const

/** True if a change says what the entry says. */
export const isSame = (draft: ChangeDraft, old: ChangeDoc): boolean =>
  SAID.every((field) => isDeepStrictEqual(draft[field] ?? null, old[field] ?? null)) &&
  isDeepStrictEqual(draft.batteries ?? null, old.batteries ?? null)
