import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { BSON, ObjectId } from 'mongodb'

/** What is sealed of a ledger entry. Pure: the same entry always gives the same leaf. */

/** A ledger entry as it lies in the database, whatever somebody did to it. */
export type RawEntry = Record<string, unknown> & { _id: unknown }

/** The fields that withdrawing an entry sets; sealed for the day of the withdrawal. */
const OF_VOIDING = ['voidedAt', 'voidedBy', 'voidReason', 'voidedFor', 'saidAnew'] as const
/** What may be said of an entry at any later time; not sealed. */
const LATER = ['voided'] as const
const NOT_RECORDED: readonly string[] = [...OF_VOIDING, ...LATER]

/**
 * The fields whose prints are kept, to tell which of them somebody altered; a dot goes one step into a document. Each
 * stored chunk names those that it has, so that fields can be added here.
 */
export const PRINTED = {
  recorded: [
    ...['key', 'holds', 'kind', 'on', 'vehicle.vin', 'vehicle.plate', 'vehicle.category', 'vehicle.energy'],
    ...['vehicle.emission', 'vehicle.registeredOn', 'vehicle.operator', 'vehicle.county', 'retires', 'from'],
    ...['reason', 'certificate', 'packs', 'batteries', 'breachReason', 'note', 'exemptFrom', 'dispute'],
    ...['vins', 'source', 'attachments', 'corrects', 'reportedAt', 'recordedAt', 'recordedBy'],
  ],
  voided: [...OF_VOIDING],
} as const satisfies Record<LeafKind, readonly string[]>

export const LEAF_KINDS = ['recorded', 'voided'] as const
export type LeafKind = (typeof LEAF_KINDS)[number]

/** The field whose instant says to which day a leaf belongs. */
export const STAMP = { recorded: 'recordedAt', voided: 'voidedAt' } as const satisfies Record<
  LeafKind,
  string
>

/** An entry's recording, or its withdrawal, as it is sealed. */
export interface Leaf {
  /** milliseconds */
  stamp: number
  id: ObjectId
  /** SHA-256 of the sealed part */
  hash: Buffer
  /** two bytes for each printed field: enough to name what was altered, not to prove anything */
  prints: Buffer
  vin: string
  plate: string
}

/** The leaf of an entry. @throws TypeError for an entry without an id or stamp of the ledger's kind */
export function leafOf(entry: RawEntry, kind: LeafKind): Leaf {
  const stamp = entry[STAMP[kind]]
  if (!(entry._id instanceof ObjectId) || !(stamp instanceof Date)) throw new TypeError('not a ledger entry')
  const { vin, plate } = namesOf(entry)
  return {
    ...{ stamp: stamp.getTime(), id: entry._id, vin, plate },
    hash: hashOf(entry, kind),
    prints: printsOf(entry, PRINTED[kind]),
  }
}

/** SHA-256 of the part of an entry that is sealed. */
export const hashOf = (entry: RawEntry, kind: LeafKind): Buffer =>
  createHash('sha256')
    .update(canonical(sealedPart(entry, kind)))
    .digest()

function sealedPart(entry: RawEntry, kind: LeafKind): Record<string, unknown> {
  const names =
    kind === 'voided'
      ? ['_id', ...OF_VOIDING]
      : Object.keys(entry).filter((name) => !NOT_RECORDED.includes(name))
  return Object.fromEntries(names.filter((name) => name in entry).map((name) => [name, entry[name]]))
}

/** JSON with sorted names, and types that JSON does not have in MongoDB's extended form. */
export const canonical = (value: unknown): string =>
  JSON.stringify(BSON.EJSON.serialize({ value }, { relaxed: true }), (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** The prints of some fields, one after the other. */
export function printsOf(entry: RawEntry, fields: readonly string[]): Buffer {
  const prints = Buffer.alloc(fields.length * 2)
  for (const [i, field] of fields.entries())
    prints.writeUInt16BE(crc32(canonical(fieldOf(entry, field) ?? null)) & 0xffff, i * 2)
  return prints
}

function fieldOf(entry: RawEntry, path: string): unknown {
  let value: unknown = entry
  for (const step of path.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined
  return value
}

/** The fields whose prints differ. */
export const differing = (fields: readonly string[], a: Buffer, b: Buffer): string[] =>
  fields.filter((_, i) => a.compare(b, i * 2, i * 2 + 2, i * 2, i * 2 + 2) !== 0)

/** How people call an entry's vehicle; empty where somebody took it away. */
export function namesOf(entry: RawEntry): { vin: string; plate: string } {
  const text = (path: string) => {
    const value = fieldOf(entry, path)
    return typeof value === 'string' ? value.replace(/[\n\t]/g, ' ') : ''
  }
  return { vin: text('vehicle.vin'), plate: text('vehicle.plate') }
}
