import type { Hash } from 'node:crypto'
import { Binary, ObjectId } from 'mongodb'
import { type Leaf, type LeafKind, PRINTED } from './leaf.ts'

/** Leaves of a day packed into documents that a database holds well. */

/** How many leaves a chunk holds. */
export const CHUNK = 2000

/** A chunk of a day's leaves, in their order. */
export interface ChunkDoc {
  /** day, kind and number: what is made twice is the same document */
  _id: string
  day: string
  kind: LeafKind
  seq: number
  count: number
  /** the fields that the prints are of */
  fields: string[]
  /** 8 bytes of stamp, 12 of id, 32 of hash for each leaf */
  leaves: Binary
  /** two bytes a field for each leaf */
  prints: Binary
  /** VIN and plate of each leaf, for naming an entry that is gone: tabs within a line, a line each */
  names: string
}

const STAMP_BYTES = 8
const ID_BYTES = 12
const HASH_BYTES = 32
const LEAF_BYTES = STAMP_BYTES + ID_BYTES + HASH_BYTES

export const chunkId = (day: string, kind: LeafKind, seq: number): string =>
  `${day}|${kind}|${String(seq).padStart(6, '0')}`

/** Packs leaves. */
export function packChunk(day: string, kind: LeafKind, seq: number, leaves: readonly Leaf[]): ChunkDoc {
  const packed = Buffer.alloc(leaves.length * LEAF_BYTES)
  for (const [i, leaf] of leaves.entries()) {
    const at = i * LEAF_BYTES
    packed.writeBigInt64BE(BigInt(leaf.stamp), at)
    packed.set(leaf.id.id, at + STAMP_BYTES)
    packed.set(leaf.hash, at + STAMP_BYTES + ID_BYTES)
  }
  return {
    ...{ _id: chunkId(day, kind, seq), day, kind, seq, count: leaves.length, fields: [...PRINTED[kind]] },
    leaves: new Binary(packed),
    prints: new Binary(Buffer.concat(leaves.map((leaf) => leaf.prints))),
    names: leaves.map(({ vin, plate }) => `${vin}\t${plate}`).join('\n'),
  }
}

/** Adds what a chunk says to a digest. */
export function digestChunk(hash: Hash, chunk: ChunkDoc): void {
  for (const part of [chunk.fields.join(), chunk.names]) hash.update(part).update('\0')
  hash.update(bytes(chunk.leaves)).update(bytes(chunk.prints))
}

/** A leaf as a chunk kept it, with the fields that its prints are of. */
export type KeptLeaf = Leaf & { fields: readonly string[] }

/** The leaves of a chunk. @throws RangeError when it is not whole */
export function unpackChunk(chunk: ChunkDoc): KeptLeaf[] {
  const [packed, prints] = [bytes(chunk.leaves), bytes(chunk.prints)]
  const names = chunk.names.split('\n')
  const each = chunk.fields.length * 2
  if (packed.length !== chunk.count * LEAF_BYTES || prints.length !== chunk.count * each)
    throw new RangeError(`the chunk ${chunk._id} is not whole`)
  return Array.from({ length: chunk.count }, (_, i) => {
    const at = i * LEAF_BYTES
    const [vin = '', plate = ''] = (names[i] ?? '').split('\t')
    return {
      ...{ fields: chunk.fields, vin, plate, prints: prints.subarray(i * each, (i + 1) * each) },
      stamp: Number(packed.readBigInt64BE(at)),
      id: new ObjectId(packed.subarray(at + STAMP_BYTES, at + STAMP_BYTES + ID_BYTES)),
      hash: packed.subarray(at + STAMP_BYTES + ID_BYTES, at + LEAF_BYTES),
    }
  })
}

/** Whatever lies there, as bytes: somebody may have put anything in its place. */
const bytes = (value: unknown): Buffer =>
  value instanceof Binary ? Buffer.from(value.buffer.subarray(0, value.position)) : Buffer.alloc(0)
